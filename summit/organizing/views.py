"""Pages of the room `organizing`."""

from flask import Blueprint

blueprint = Blueprint("organizing", __name__)
