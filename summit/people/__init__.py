"""People: persons, how they sign in, their profile and their preferences."""
