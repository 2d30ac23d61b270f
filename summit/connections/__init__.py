"""Connections: two people met, what they promised each other, and what came of it."""
