"""Challenges: the map of what stands in the way, by theme."""
