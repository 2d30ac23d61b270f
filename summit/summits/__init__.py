"""Summits: the annual gathering, who attends it, and what they ask, offer and work on."""
