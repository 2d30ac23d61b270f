"""Organizations: who they are, of which kind, and where."""
