"""One worker: sends mails, plans nudges, matches. Any number may run against the same database."""

import logging
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from config import Settings, SettingsError  # noqa: E402 - the path comes first
from summit.app import create_app  # noqa: E402
from summit.database import db  # noqa: E402
from summit.schema import database_problem  # noqa: E402
from summit.worker import work  # noqa: E402


def main() -> int:
    """Work until told to stop; return the exit code."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("summit.worker").setLevel(logging.INFO)
    try:
        settings = Settings.from_environment()
    except SettingsError as error:
        print(f"Summit can't start with these settings:\n{error}", file=sys.stderr)
        return 1
    app = create_app(settings)
    with app.app_context():
        problem = database_problem(db.engine)
        if problem:
            print(problem, file=sys.stderr)
            return 1
        db.engine.dispose()
    work(app)
    return 0


if __name__ == "__main__":
    sys.exit(main())
