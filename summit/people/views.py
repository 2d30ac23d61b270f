"""Pages of the room `people`."""

from flask import Blueprint

blueprint = Blueprint("people", __name__)
