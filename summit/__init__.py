"""Summit: software for a network that meets once a year and follows up on what it promised.

Importing this package loads nothing: `summit.engine` must work without a web framework or a database.
"""
