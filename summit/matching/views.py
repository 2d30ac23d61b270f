"""Pages of the room `matching`."""

from flask import Blueprint

blueprint = Blueprint("matching", __name__)
