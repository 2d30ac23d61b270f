"""Campaigns: checked words, a look before sending, a test to oneself, once to everybody, and an honest report."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from config import Settings
from summit import clock
from summit.access import Audience, Role, Viewer
from summit.database import db
from summit.errors import Invalid
from summit.mail.models import SuppressionReason
from summit.mail.outbox import Message, MessageState
from summit.mail.suppressions import suppress
from summit.nudges.campaigns import write_campaign
from summit.nudges.merging import check_fields, merge
from summit.nudges.models import Campaign, CampaignState, Nudge, Segment
from summit.nudges.planner import still_wanted
from summit.nudges.segments import people_in
from summit.nudges.sending import report_of, send_campaign
from summit.people.models import Person
from summit.summits.attendance import withdraw
from summit.summits.models import Summit
from tests.factories import Factory
from tests.nudges.conftest import Plan
from tests.nudges.test_cadence import at

Mails = Callable[[], list[Message]]
WORDS = "Dear {{ first_name }} of {{ organization | your team }},\n\nsee you at {{ summit }}."


@pytest.fixture
def client(sign_in: Callable[[Person | None], FlaskClient], organizer: Person) -> FlaskClient:
    return sign_in(organizer)


@pytest.fixture
def campaign(session: Session, summit: Summit, organizer: Person) -> Campaign:
    made = write_campaign(
        session,
        summit,
        segment=Segment.ALL_ATTENDEES,
        subject="One hour, {{ first_name }}",
        body=WORDS,
        by=organizer.id,
        now=clock.now(),
    )
    session.commit()
    return made


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("Dear {{ nickname }}", "There is no field {{ nickname }}."),
        ("Dear {{ organization }}", "Not everybody has {{ organization }}."),
        ("Dear {{ title | }}", "A field looks like {{ first_name }}."),
        ("Dear {{ first_name }", "A field looks like {{ first_name }}."),
        ("Dear first_name }}", "A field looks like {{ first_name }}."),
        ("Dear {{ person.email }}", "A field looks like {{ first_name }}."),
        ("Dear {{ 7 * 7 }}", "A field looks like {{ first_name }}."),
    ],
)
def test_words_with_a_field_that_can_not_be_filled_are_refused(app: Flask, text: str, problem: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_fields(subject="fine", body=text)

    assert list(refused.value.fields) == ["body"]
    assert refused.value.fields["body"].startswith(problem)


def test_a_field_is_filled_or_its_words_instead_are_written() -> None:
    text = "{{name}}, {{ organization | your team }}, {{ title|your work }}, { name }"

    assert merge(text, {"name": "Ana {{ title | x }}", "organization": "", "title": "Teacher"}) == (
        "Ana {{ title | x }}, your team, Teacher, { name }"
    )


def test_segments_hold_whom_they_say(
    session: Session, make: Factory, summit: Summit, ana: Person, ben: Person, organizer: Person
) -> None:
    cai = make.attendee(summit, "Cai")
    secretive = make.attendee(summit, "Secretive")
    make.attendee(summit, "Disabled", disabled_at=clock.now())
    make.person("Elsewhere")
    challenge = make.challenge()
    make.stance(summit, ana, challenge)
    make.stance(summit, secretive, challenge, audience=Audience.ONLY_ME)
    connection = make.connection(summit, ana, ben)
    make.next_step(connection, owner=None)
    disowned = make.connection(summit, ben, cai, step="Call", recorded_at=clock.now())
    disowned.disowned_by_id, disowned.disowned_at = cai.id, clock.now()
    session.commit()
    viewer = Viewer(organizer.id, Role.ORGANIZER)

    found = {
        segment: [person.name.split()[0] for person in people_in(session, summit, segment, viewer)]
        for segment in Segment
    }

    # What somebody keeps to themselves can't be worked out from who is in a segment.
    assert found == {
        Segment.ALL_ATTENDEES: ["Ana", "Ben", "Cai", "Secretive"],
        Segment.WITHOUT_STANCES: ["Ben", "Cai", "Secretive"],
        Segment.OPEN_NEXT_STEPS: ["Ana", "Ben"],
    }


def test_an_organizer_writes_looks_tests_and_sends(
    session: Session, client: FlaskClient, organizer: Person, make: Factory, summit: Summit, mails: Mails
) -> None:
    make.attendee(summit, "Ana Ruiz", organization=make.organization("Harbor School"))
    ben = make.attendee(summit, "Ben Okoro")
    here = f"/organize/summits/{summit.slug}/nudges"

    wrong = client.post(
        f"{here}/new", data={"segment": "all_attendees", "subject": "Hi", "body": "Dear {{ nickname }}"}
    )
    saved = client.post(
        f"{here}/new", data={"segment": "all_attendees", "subject": "Hi {{ first_name }}", "body": WORDS}
    )
    address = saved.headers["Location"]
    draft = client.get(address, query_string={"for": ben.id}).get_data(as_text=True)
    frame = client.get(f"{address}/mail", query_string={"for": ben.id})
    client.post(f"{address}/test")
    tested = [mail.to_address for mail in mails()]
    asked = client.get(f"{address}/send").get_data(as_text=True)
    nothing_yet = [mail.to_address for mail in mails()]
    sent = [client.post(f"{address}/send", follow_redirects=True).get_data(as_text=True) for _twice in range(2)]

    assert wrong.status_code == 422
    assert "There is no field {{ nickname }}." in wrong.get_data(as_text=True)
    assert "2 people" in draft
    assert "Dear Ben of your team," in draft
    assert "Dear Ben of your team," in frame.get_data(as_text=True)
    assert "sandbox" in frame.headers["Content-Security-Policy"]
    assert tested == nothing_yet == [organizer.email]
    assert "Send to 2 people" in asked
    assert ["Sent to 2 people." in page for page in sent] == [True, True]
    assert [(mail.to_address, mail.subject) for mail in mails()[1:]] == [
        ("ana-ruiz@example.org", "Hi Ana"),
        ("ben-okoro@example.org", "Hi Ben"),
    ]
    assert "Dear Ana of Harbor School,\n\nsee you at Summit 2026." in mails()[1].text


def test_a_preview_holds_no_link_that_is_the_recipients_alone(
    client: FlaskClient, summit: Summit, ana: Person, campaign: Campaign
) -> None:
    address = f"/organize/summits/{summit.slug}/nudges/{campaign.id}"

    pages = [client.get(path).get_data(as_text=True) for path in (address, f"{address}/mail")]

    assert all("Dear Ana" in page for page in pages)
    assert not any("/preferences/" in page or "/unsubscribe/" in page for page in pages)


def test_a_draft_can_be_changed_and_a_sent_campaign_can_not(
    session: Session, client: FlaskClient, summit: Summit, ana: Person, campaign: Campaign
) -> None:
    address = f"/organize/summits/{summit.slug}/nudges/{campaign.id}/words"
    words = {"segment": "without_stances", "subject": "New", "body": "Shorter."}

    client.post(address, data=words)
    session.expire_all()
    changed = (campaign.segment, campaign.subject, campaign.body)
    client.post(f"/organize/summits/{summit.slug}/nudges/{campaign.id}/send")
    refused = client.post(address, data=words | {"subject": "Newer"})

    session.expire_all()
    assert changed == (Segment.WITHOUT_STANCES, "New", "Shorter.")
    assert refused.status_code == 409
    assert (campaign.subject, campaign.state) == ("New", CampaignState.SENT)


def test_a_campaign_of_another_summit_is_not_found(
    client: FlaskClient, make: Factory, summit: Summit, campaign: Campaign
) -> None:
    other = make.summit("Summit 2025", starts_on=summit.starts_on - timedelta(days=365))

    assert client.get(f"/organize/summits/{other.slug}/nudges/{campaign.id}").status_code == 404


def test_who_can_not_be_reached_is_listed_with_the_reason(
    session: Session,
    settings: Settings,
    make: Factory,
    summit: Summit,
    ana: Person,
    ben: Person,
    organizer: Person,
    campaign: Campaign,
    mails: Mails,
) -> None:
    cai = make.attendee(summit, "Cai Lund")
    dee = make.attendee(summit, "Dee Osei")
    ben.nudges_stopped_at = clock.now()
    cai.nudges_paused_until = clock.now() + timedelta(days=3)
    suppress(session, dee.email, SuppressionReason.BOUNCE, now=clock.now())
    session.commit()

    sent = send_campaign(
        session, campaign, summit, Viewer(organizer.id, Role.ORGANIZER), settings=settings, now=clock.now()
    )

    report = report_of(session, campaign)
    assert sent == 1
    assert [mail.to_address for mail in mails()] == [ana.email]
    assert report.states == {MessageState.QUEUED: 1}
    assert [(name, because.split(" until")[0]) for name, because in report.not_reached] == [
        ("Ben Okoro", "stopped reminders"),
        ("Cai Lund", "paused reminders"),
        ("Dee Osei", "address unsubscribed or not working"),
    ]


def test_a_campaign_leaves_at_once_and_does_not_use_up_the_days_reminder(
    session: Session,
    settings: Settings,
    make: Factory,
    summit: Summit,
    ana: Person,
    ben: Person,
    organizer: Person,
    campaign: Campaign,
    plan_at: Plan,
    mails: Mails,
) -> None:
    make.connection(summit, ana, ben, recorded_at=at(9, 1, 16), step="Send the guide", step_due=at(10, 19, 14))
    now = at(10, 20, 8)
    clock.turn_to(now)
    send_campaign(session, campaign, summit, Viewer(organizer.id, Role.ORGANIZER), settings=settings, now=now)
    session.commit()

    plan_at(at(10, 20, 9))
    clock.turn_to(at(10, 20, 22))

    assert [mail.purpose for mail in mails() if mail.to_address == ana.email] == ["campaign", "digest"]
    assert [still_wanted(session, mail) for mail in mails() if mail.to_address == ana.email] == [True, False]


def test_a_campaigns_mail_does_not_leave_after_a_stop_and_its_report_follows(
    session: Session,
    settings: Settings,
    summit: Summit,
    ana: Person,
    ben: Person,
    organizer: Person,
    campaign: Campaign,
    plan_at: Plan,
    mails: Mails,
) -> None:
    now = clock.now()
    send_campaign(session, campaign, summit, Viewer(organizer.id, Role.ORGANIZER), settings=settings, now=now)
    ana.nudges_stopped_at = now
    session.commit()

    first, second = mails()
    wanted = still_wanted(session, first), still_wanted(session, second)
    first.state, second.state = MessageState.CANCELLED, MessageState.SENT
    session.commit()
    plan_at(now)

    report = report_of(session, campaign)
    assert wanted == (False, True)
    assert report.states == {MessageState.SENT: 1}
    assert report.not_reached == [("Ana Ruiz", "stopped reminders")]
    assert set(session.scalars(select(Nudge.state))) == {"cancelled", "sent"}


def test_a_campaigns_mail_does_not_leave_after_its_reader_withdrew(
    session: Session,
    settings: Settings,
    summit: Summit,
    ana: Person,
    ben: Person,
    organizer: Person,
    campaign: Campaign,
    mails: Mails,
) -> None:
    now = clock.now()
    send_campaign(session, campaign, summit, Viewer(organizer.id, Role.ORGANIZER), settings=settings, now=now)
    withdraw(session, summit, ana.id, by=None, now=now)
    session.commit()

    assert [still_wanted(session, mail) for mail in mails()] == [False, True]
    assert ("Ana Ruiz", "does not attend any more") in report_of(session, campaign).not_reached


def test_sending_twice_at_once_sends_once(
    app: Flask,
    session: Session,
    settings: Settings,
    summit: Summit,
    ana: Person,
    ben: Person,
    organizer: Person,
    campaign: Campaign,
    mails: Mails,
) -> None:
    viewer, now, together = Viewer(organizer.id, Role.ORGANIZER), clock.now(), Barrier(3)
    campaign_id, summit_id, sent, failures = campaign.id, summit.id, [], []

    def press() -> None:
        with app.app_context():
            together.wait()
            try:
                mine = db.session()
                number = send_campaign(
                    mine,
                    mine.get_one(Campaign, campaign_id),
                    mine.get_one(Summit, summit_id),
                    viewer,
                    settings=settings,
                    now=now,
                )
                mine.commit()
                sent.append(number)
            except Exception as error:
                failures.append(error)
            finally:
                db.session.remove()

    buttons = [Thread(target=press) for _button in range(3)]
    for button in buttons:
        button.start()
    for button in buttons:
        button.join(60)

    assert (failures, sent) == ([], [2, 2, 2])
    assert len(mails()) == 2


def test_the_page_shows_what_is_planned_without_what_was_promised(
    client: FlaskClient, make: Factory, summit: Summit, ana: Person, ben: Person, plan_at: Plan
) -> None:
    make.connection(summit, ana, ben, recorded_at=at(9, 1, 16), step="Send the guide", step_due=at(10, 21, 14))
    plan_at(at(10, 19, 12))

    page = client.get(f"/organize/summits/{summit.slug}/nudges").get_data(as_text=True)

    assert "Ana Ruiz" in page
    assert "A next step, the day before it is due" in page
    assert "Send the guide" not in page
    assert "Ben Okoro" not in page


def test_the_page_takes_as_many_queries_for_many_as_for_few(
    client: FlaskClient, make: Factory, summit: Summit, ana: Person, plan_at: Plan, session: Session
) -> None:
    from sqlalchemy import event

    def queries() -> int:
        seen: list[str] = []
        listener = lambda *arguments: seen.append(arguments[2])  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", listener)
        client.get(f"/organize/summits/{summit.slug}/nudges")
        event.remove(db.engine, "before_cursor_execute", listener)
        return len(seen)

    make.connection(summit, ana, make.attendee(summit), recorded_at=at(10, 12, 16))
    plan_at(at(10, 13, 9))
    few = queries()
    for _each in range(20):
        make.connection(summit, ana, make.attendee(summit), recorded_at=at(10, 12, 16))
    plan_at(at(10, 13, 9))

    assert queries() == few <= 12
