"""Pages of the room `challenges`."""

from flask import Blueprint

blueprint = Blueprint("challenges", __name__)
