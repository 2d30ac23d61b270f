"""The command line: registers each room's commands."""

from flask import Flask


def register_commands(app: Flask) -> None:
    """Add our commands to `flask`."""
