"""The organizer's desk: how a summit goes, imports, and what needs a human."""
