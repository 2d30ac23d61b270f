"""Matching: runs of the engine over a summit, their matches, and what the two people say to them."""
