"""The real challenges and organizations of such a network, imported by the public commands, go through the loop.

The people are made up here; everything else is as it is in the files.
"""

import csv
import io
import json
import random
import re
from collections.abc import Callable
from datetime import UTC, timedelta
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from summit import clock
from summit.challenges.models import Challenge
from summit.commitments.models import Commitment
from summit.connections.models import Confirmation, Connection, FollowUp, NextStep, StepState
from summit.mail.models import LocalMail
from summit.matching.models import Match
from summit.organizations.models import Organization
from summit.people.models import Person
from summit.summits.models import Attendance
from summit.worker import TICKS, run_tick
from tests.factories import Factory

PEOPLE = 220
SUMMIT = "summit-2026"


def _run(app: Flask, *arguments: str) -> Result:
    result = app.test_cli_runner().invoke(args=list(arguments))
    assert result.exit_code == 0, result.stderr
    return result


def _column(path: Path, column: str) -> list[str]:
    with path.open(encoding="utf-8", newline="") as source:
        return [row[column] for row in csv.DictReader(source, delimiter="\t")]


def _made_up_people(organizations: list[str], challenges: list[str]) -> str:
    """Write an attendee spreadsheet: people of real organizations with stances on real challenges."""
    draw = random.Random(2026)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["email", "name", "organization", "working_on", "asks", "offers", "introductions"])
    for n in range(PEOPLE):
        asks, offers, works = (
            ";".join(f"{title}:{draw.randint(1, 3)}" for title in draw.sample(challenges, draw.randint(1, 4)))
            for _kind in range(3)
        )
        house = organizations[n % len(organizations)]
        writer.writerow([f"p{n}@example.org", f"Made Up {n}", house, works, asks, offers, draw.randint(3, 7)])
    return text.getvalue()


@pytest.fixture
def real_summit(app: Flask, shared_data: Path, make: Factory, tmp_path: Path) -> str:
    """A summit of made-up people on the real map, and what the matching said of it."""
    _run(app, "challenges", "import", str(shared_data / "challenges.tsv"))
    _run(app, "organizations", "import", str(shared_data / "organizations.tsv"))
    make.summit("Summit 2026")
    people = tmp_path / "people.csv"
    people.write_text(
        _made_up_people(
            list(dict.fromkeys(_column(shared_data / "organizations.tsv", "organization"))),
            _column(shared_data / "challenges.tsv", "challenge"),
        ),
        encoding="utf-8",
    )
    _run(app, "people", "import", str(people), "--summit", SUMMIT)
    return _run(app, "matching", "run", SUMMIT, "--publish").stdout


def test_the_real_files_come_in_whole_and_everybody_is_matched(
    real_summit: str, session: Session, shared_data: Path
) -> None:
    certificate = json.loads(real_summit)
    stated = [text for text in _column(shared_data / "organizations.tsv", "commitment_text") if text]
    promised = [text for text in stated if not text.startswith("[")]

    assert session.scalar(select(func.count()).select_from(Challenge)) == 52
    assert session.scalar(select(func.count()).select_from(Organization)) == 183
    assert session.scalar(select(func.count()).select_from(Commitment)) == len(promised) == 32
    assert session.scalar(select(func.count()).select_from(Attendance)) == PEOPLE
    assert certificate["people"] == PEOPLE
    assert certificate["few"] == 0
    assert certificate["gap"] <= 0.02


def test_a_pair_of_the_real_network_goes_through_the_loop(
    real_summit: str, app: Flask, session: Session, sign_in: Callable[[Person], FlaskClient], organizer: Person
) -> None:
    match = session.scalars(select(Match).order_by(Match.score.desc()).limit(1)).one()
    ana, ben = session.get_one(Person, match.low_id), session.get_one(Person, match.high_id)
    session.rollback()

    for one, other in ((ana, ben), (ben, ana)):
        page = sign_in(one).get(f"/summits/{SUMMIT}/matches").text
        assert other.name in page
        sign_in(one).post(f"/summits/{SUMMIT}/matches/{other.id}/answer", data={"answer": "interested"})
    code = session.scalars(select(Attendance.code).where(Attendance.person_id == ben.id)).one()
    session.rollback()
    due = (clock.now() + timedelta(days=6)).strftime("%Y-%m-%dT%H:%M")
    captured = sign_in(ana).post(
        f"/summits/{SUMMIT}/connect/{code}",
        data={"how": "scan", "what": "Send our lab rota", "who": "me", "when": "other", "other_time": due},
    )
    assert captured.status_code in (302, 303), captured.text
    _settle_from_the_reminder(app, session, sign_in)
    follow_up = session.scalars(select(FollowUp)).one()
    connection_id, follow_up_id = follow_up.connection_id, follow_up.id
    session.rollback()
    sign_in(ben).post(
        f"/connections/{connection_id}/follow-ups/{follow_up_id}/answer", data={"confirmation": "confirmed"}
    )

    session.expire_all()
    assert session.scalars(select(Connection)).one().low_id == ana.id
    assert session.scalars(select(NextStep)).one().state is StepState.DONE
    assert session.scalars(select(FollowUp)).one().confirmation is Confirmation.CONFIRMED
    session.rollback()
    assert "Learning confirmed by both" in sign_in(organizer).get(f"/organize/summits/{SUMMIT}").text


def _settle_from_the_reminder(app: Flask, session: Session, sign_in: Callable[[Person | None], FlaskClient]) -> None:
    """Wait for the reminder, follow its first link, say that it is done and what came of it."""
    due_at = session.scalars(select(NextStep)).one().due_at
    session.rollback()
    clock.turn_to((due_at - timedelta(hours=30)).astimezone(UTC))
    link = None
    for _hour in range(60):
        for tick in TICKS:
            if tick.name in ("nudges", "deliver"):
                run_tick(app, tick)
        mails = session.scalars(select(LocalMail).order_by(LocalMail.id.desc())).all()
        session.rollback()
        link = next((found for mail in mails if "lab rota" in mail.text for found in _links(mail.text)), None)
        if link:
            break
        clock.turn_to(clock.now() + timedelta(hours=1))
    assert link, "no reminder was delivered"
    nobody = sign_in(None)
    _press(nobody, link)
    _press(nobody, link, kind="learned", text="They rotate labs by week. We try it.", audience="pair")


def _press(client: FlaskClient, link: str, **fields: str) -> None:
    """Open a link from a mail and press its button as a browser would."""
    stage = re.search(r'name="stage"[^>]*value="(\w+)"', client.get(link).text)
    assert stage, "the page behind the link has no button"
    assert client.post(link, data={"stage": stage[1], **fields}).status_code < 400


def _links(text: str) -> list[str]:
    return re.findall(r"It’s done: http://summit\.test(/act/[^\s>]+)", text)


def test_importing_the_real_files_again_changes_nothing(
    real_summit: str, app: Flask, session: Session, shared_data: Path
) -> None:
    def counts() -> list[int | None]:
        tables = (Challenge, Organization, Commitment)
        return [session.scalar(select(func.count()).select_from(table)) for table in tables]

    before = counts()
    session.rollback()

    _run(app, "challenges", "import", str(shared_data / "challenges.tsv"))
    _run(app, "organizations", "import", str(shared_data / "organizations.tsv"))

    assert counts() == before
