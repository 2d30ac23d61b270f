"""Pages of the room `nudges`."""

from flask import Blueprint

blueprint = Blueprint("nudges", __name__)
