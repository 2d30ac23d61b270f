"""Pure computation on arrays: no framework, no database, no clock."""
