"""The mails themselves: their words compared with golden files, their headers, and what must not be in them.

After a change of words look at the difference, then write the files anew with SUMMIT_GOLDEN=write.
"""

import os
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from config import Settings
from summit import clock
from summit.access import Audience, Role, Viewer
from summit.connections.models import FollowUpKind, Note
from summit.mail.links import read_token
from summit.mail.outbox import Message
from summit.matching.models import Answer, MatchAnswer
from summit.nudges.campaigns import write_campaign
from summit.nudges.models import Segment
from summit.nudges.sending import send_campaign
from summit.people.models import Person
from summit.summits.models import Summit
from tests.factories import Factory
from tests.nudges.conftest import Plan
from tests.nudges.test_cadence import at

GOLDEN = Path(__file__).parent / "golden"
Mails = Callable[[], list[Message]]


def compare(name: str, message: Message) -> None:
    """Compare subject and text with the golden file; the tokens, which change with the clock, are left out."""
    text = re.sub(r"(/(?:act|preferences|unsubscribe)/)[\w.-]+", r"\1TOKEN", message.text)
    text = re.sub(r"/connections/\d+|#person-\d+", lambda found: re.sub(r"\d+", "N", found[0]), text)
    written = f"Subject: {message.subject}\n\n{text}"
    path = GOLDEN / f"{name}.txt"
    if os.environ.get("SUMMIT_GOLDEN") == "write":
        path.write_text(written)
    assert written == path.read_text()


@pytest.fixture
def to_ana(ana: Person, mails: Mails) -> Callable[[], Message]:
    return lambda: next(mail for mail in mails() if mail.to_address == ana.email)


@pytest.mark.parametrize(
    ("name", "moment", "is_shared"),
    [
        ("step_is_due", at(10, 20, 9), False),
        ("step_was_due", at(10, 22, 9), False),
        ("step_is_cold", at(10, 28, 9), False),
        ("step_of_both_was_due", at(10, 22, 9), True),
    ],
)
def test_the_words_about_a_next_step(
    name: str,
    moment: datetime,
    is_shared: bool,
    make: Factory,
    summit: Summit,
    ana: Person,
    ben: Person,
    plan_at: Plan,
    to_ana: Callable[[], Message],
) -> None:
    connection = make.connection(summit, ana, ben, recorded_at=at(9, 1, 16))
    make.next_step(connection, "Send the guide", owner=None if is_shared else ana, due_at=at(10, 21, 14))

    plan_at(moment)

    compare(name, to_ana())


def test_the_words_about_a_next_step_that_is_due_after_a_weekend(
    make: Factory, summit: Summit, ana: Person, ben: Person, plan_at: Plan, to_ana: Callable[[], Message]
) -> None:
    make.connection(summit, ana, ben, recorded_at=at(9, 1, 16), step="Send the guide", step_due=at(10, 19, 14))

    plan_at(at(10, 19, 9))

    compare("step_is_due_today", to_ana())


def test_the_words_about_a_connection_without_a_next_step(
    make: Factory, summit: Summit, ana: Person, ben: Person, plan_at: Plan, to_ana: Callable[[], Message]
) -> None:
    make.connection(summit, ana, ben, recorded_at=at(10, 12, 16))

    plan_at(at(10, 14, 9))

    compare("no_next_step", to_ana())


def test_the_words_about_a_follow_up(
    make: Factory, summit: Summit, ana: Person, ben: Person, plan_at: Plan, to_ana: Callable[[], Message]
) -> None:
    connection = make.connection(summit, ana, ben, recorded_at=at(9, 1, 16))
    make.follow_up(connection, ben, FollowUpKind.ADAPTED, text="The lab rota runs on Fridays.", logged_at=at(10, 12, 9))

    plan_at(at(10, 15, 9))

    compare("follow_up_waiting", to_ana())


def test_the_words_about_a_match(
    session: Session,
    make: Factory,
    summit: Summit,
    ana: Person,
    ben: Person,
    plan_at: Plan,
    to_ana: Callable[[], Message],
) -> None:
    make.introduction(summit, ana, ben)
    session.add(
        MatchAnswer(
            summit_id=summit.id,
            person_id=ben.id,
            other_id=ana.id,
            answer=Answer.INTERESTED,
            answered_at=at(10, 13, 16),
        )
    )

    plan_at(at(10, 14, 9))

    compare("match_waiting", to_ana())


def digest_for_ana(session: Session, make: Factory, summit: Summit, ana: Person, ben: Person) -> None:
    """Three things for Ana on one morning, a note about each that nobody else may read."""
    cai, dee = make.attendee(summit, "Cai Lund"), make.attendee(summit, "Dee <b>Osei</b>")
    about = [
        make.connection(summit, ana, dee, recorded_at=at(10, 12, 16)),
        make.connection(summit, ana, cai, recorded_at=at(9, 1, 16), step="Call the museum", step_due=at(10, 13, 15)),
        make.connection(summit, ana, ben, recorded_at=at(9, 1, 16)),
    ]
    make.follow_up(about[2], ben, logged_at=at(10, 9, 16))
    for connection in about:
        for author, audience in ((connection.low_id, Audience.PAIR), (connection.high_id, Audience.ONLY_ME)):
            note = Note(
                connection_id=connection.id,
                author_id=author,
                text="Zebra stripes",
                audience=audience,
                written_at=clock.now(),
            )
            session.add(note)
    session.commit()


def test_the_words_of_a_digest(
    session: Session,
    make: Factory,
    summit: Summit,
    ana: Person,
    ben: Person,
    plan_at: Plan,
    to_ana: Callable[[], Message],
) -> None:
    digest_for_ana(session, make, summit, ana, ben)

    plan_at(at(10, 14, 9))

    compare("digest", to_ana())
    assert "Dee &lt;b&gt;Osei&lt;/b&gt;" in to_ana().html or "Dee." in to_ana().text
    assert "<b>Osei" not in to_ana().html


def test_the_words_of_a_campaign(
    session: Session,
    settings: Settings,
    summit: Summit,
    ana: Person,
    organizer: Person,
    to_ana: Callable[[], Message],
) -> None:
    body = "Dear {{ first_name }} of {{ organization | your team }},\n\ntell us:\n- one thing\n- <b>another</b>"
    campaign = write_campaign(
        session,
        summit,
        segment=Segment.ALL_ATTENDEES,
        subject="One hour",
        body=body,
        by=organizer.id,
        now=clock.now(),
    )

    send_campaign(session, campaign, summit, Viewer(organizer.id, Role.ORGANIZER), settings=settings, now=clock.now())

    compare("campaign", to_ana())
    assert "&lt;b&gt;another&lt;/b&gt;" in to_ana().html


def test_no_note_is_in_any_mail(
    session: Session, make: Factory, summit: Summit, ana: Person, ben: Person, plan_at: Plan, mails: Mails
) -> None:
    digest_for_ana(session, make, summit, ana, ben)
    assert session.query(Note).count() == 6

    plan_at(at(10, 14, 9))

    assert len(mails()) >= 2
    assert not any("Zebra" in mail.subject + mail.text + mail.html for mail in mails())


def test_a_reminder_says_who_writes_why_and_how_to_stop(
    make: Factory,
    summit: Summit,
    settings: Settings,
    ana: Person,
    ben: Person,
    plan_at: Plan,
    to_ana: Callable[[], Message],
) -> None:
    make.connection(summit, ana, ben, recorded_at=at(10, 12, 16))

    plan_at(at(10, 14, 9))

    mail = to_ana()
    for part in (mail.text, mail.html):
        assert "You get this because you took part in Summit 2026." in part
        assert "1 Network Square, Chicago" in part
        assert "http://summit.test/preferences/" in part
        assert "http://summit.test/unsubscribe/" in part
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert re.fullmatch(r"<http://summit\.test/unsubscribe/[\w.-]+>", mail.headers["List-Unsubscribe"])


def test_every_reminder_about_a_connection_is_in_one_thread(
    session: Session, make: Factory, summit: Summit, ana: Person, ben: Person, plan_at: Plan, mails: Mails
) -> None:
    connection = make.connection(
        summit, ana, ben, recorded_at=at(9, 1, 16), step="Send the guide", step_due=at(10, 21, 14)
    )
    plan_at(at(10, 20, 9))
    mails()[0].state = "sent"  # type: ignore[assignment]
    session.commit()
    plan_at(at(10, 22, 9))

    threads = [mail.headers["References"] for mail in mails()]
    assert threads == [f"<connection-{connection.id}@example.org>"] * 2


def test_the_links_of_a_mail_answer_for_its_reader(
    make: Factory,
    summit: Summit,
    settings: Settings,
    ana: Person,
    ben: Person,
    plan_at: Plan,
    to_ana: Callable[[], Message],
) -> None:
    connection = make.connection(summit, ana, ben, recorded_at=at(10, 12, 16))

    plan_at(at(10, 14, 9))

    tokens = re.findall(r"/act/([\w.-]+)", to_ana().text)
    found = [read_token(settings.secret_key, "act", token, max_age=at(10, 14, 10) - at(10, 14, 9)) for token in tokens]
    assert found == [
        {"person": ana.id, "about": "connection", "subject": connection.id, "answer": answer}
        for answer in ("add_step", "no_step")
    ]
