"""Pages of the room `connections`."""

from flask import Blueprint

blueprint = Blueprint("connections", __name__)
