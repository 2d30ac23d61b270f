"""Trust, measured honestly: no share without its interval."""
