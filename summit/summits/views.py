"""Pages of the room `summits`."""

from flask import Blueprint

blueprint = Blueprint("summits", __name__)
