"""The web process: `gunicorn wsgi:app`, and what the `flask` command finds."""

import sys

from config import Settings, SettingsError
from summit.app import create_app

try:
    app = create_app(Settings.from_environment())
except SettingsError as error:
    sys.exit(f"Summit can't start with these settings:\n{error}")
