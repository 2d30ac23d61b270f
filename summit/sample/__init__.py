"""The sample: an invented network to try everything on. Only the command line imports it."""
