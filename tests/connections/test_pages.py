"""The pages of connections, as the two people and others see them."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from summit import clock
from summit.access import Audience
from summit.connections.models import Connection, FollowUp, Meeting, NextStep, Note, StepState
from summit.people.models import Person
from summit.summits.models import Attendance, StanceKind, Summit, SummitState
from tests.factories import Factory

SignIn = Callable[[Person | None], FlaskClient]


def text_of(answer: object) -> str:
    """Return a page's words with single spaces."""
    html = answer.get_data(as_text=True)  # type: ignore[attr-defined]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def code_of(session: Session, summit: Summit, person: Person) -> str:
    wanted = select(Attendance.code).where(Attendance.summit_id == summit.id, Attendance.person_id == person.id)
    return session.scalars(wanted).one()


@pytest.fixture
def summit(make: Factory) -> Summit:
    return make.summit("Summit 2026")


@pytest.fixture
def ana(make: Factory, summit: Summit) -> Person:
    return make.attendee(summit, "Ana Ruiz")


@pytest.fixture
def renata(make: Factory, summit: Summit) -> Person:
    return make.attendee(summit, "Renata Okafor", organization=make.organization("Harbor City Residency"))


# Capture


def test_the_meet_page_shows_a_code_that_opens_the_capture_form(
    session: Session, summit: Summit, ana: Person, sign_in: SignIn
) -> None:
    code = code_of(session, summit, ana)

    page = sign_in(ana).get("/summits/summit-2026/connect")

    assert page.status_code == 200
    assert 'class="qrline"' in page.text
    assert f"http://summit.test/summits/summit-2026/connect/{code}" in page.text
    assert f"{code[:5]} {code[5:]}" in text_of(page)
    assert "style=" not in page.text


def test_a_typed_code_leads_to_the_capture_form_and_a_wrong_one_says_so_beside_the_field(
    session: Session, summit: Summit, ana: Person, renata: Person, sign_in: SignIn
) -> None:
    code = code_of(session, summit, renata)
    client = sign_in(ana)

    right = client.get("/summits/summit-2026/connect", query_string={"code": code.upper()})
    wrong = client.get("/summits/summit-2026/connect", query_string={"code": "zzzz"})
    own = client.get("/summits/summit-2026/connect", query_string={"code": code_of(session, summit, ana)})

    assert right.headers["Location"] == f"/summits/summit-2026/connect/{code}"
    assert wrong.status_code == 422
    assert 'aria-describedby="code-errors"' in wrong.text
    assert "Nobody at Summit 2026 has this code" in text_of(wrong)
    assert "This is your own code" in text_of(own)


def test_a_scan_is_saved_with_challenge_step_and_private_note_in_one_post(
    session: Session, make: Factory, summit: Summit, ana: Person, renata: Person, sign_in: SignIn
) -> None:
    mentors = make.challenge("Keeping mentors")
    address = f"/summits/summit-2026/connect/{code_of(session, summit, renata)}"

    answer = sign_in(ana).post(
        address,
        data={
            "challenges": [str(mentors.id)],
            "what": "Send her the guide",
            "who": "me",
            "when": "2026-10-20T09:00",
            "note": "Knows everybody",
            "note_audience": "only_me",
        },
    )

    connection = session.scalars(select(Connection)).one()
    assert answer.headers["Location"] == f"/connections/{connection.id}"
    assert connection.how is Meeting.SCAN
    step = session.scalars(select(NextStep)).one()
    assert (step.what, step.owner_id, step.state) == ("Send her the guide", ana.id, StepState.OPEN)
    assert step.due_at == datetime(2026, 10, 20, 14, 0, tzinfo=UTC)  # nine in Chicago
    note = session.scalars(select(Note)).one()
    assert (note.text, note.author_id, note.audience) == ("Knows everybody", ana.id, Audience.ONLY_ME)
    assert "Keeping mentors" in text_of(sign_in(renata).get(f"/connections/{connection.id}"))
    assert "Knows everybody" not in text_of(sign_in(renata).get(f"/connections/{connection.id}"))


def test_the_form_posted_twice_gives_one_connection_one_step_and_one_note(
    session: Session, summit: Summit, ana: Person, renata: Person, sign_in: SignIn
) -> None:
    address = f"/summits/summit-2026/connect/{code_of(session, summit, renata)}"
    form = {"what": "Send the guide", "who": "both", "when": "2026-10-20T09:00", "note": "Tall"}
    client = sign_in(ana)

    first, second = client.post(address, data=form), client.post(address, data=form)

    assert first.headers["Location"] == second.headers["Location"]
    assert len(session.scalars(select(Connection)).all()) == 1
    assert [step.owner_id for step in session.scalars(select(NextStep))] == [None]
    assert len(session.scalars(select(Note)).all()) == 1
    assert "are connected here already" in text_of(client.get(second.headers["Location"]))


def test_deciding_later_saves_the_connection_alone(
    session: Session, summit: Summit, ana: Person, renata: Person, sign_in: SignIn
) -> None:
    sign_in(ana).post(f"/summits/summit-2026/people/{renata.id}/connect", data={"idea": "", "how": "match"})

    assert session.scalars(select(Connection)).one().how is Meeting.MATCH
    assert session.scalars(select(NextStep)).all() == []


def test_opening_the_form_of_somebody_met_before_leads_to_the_connection(
    make: Factory, summit: Summit, ana: Person, renata: Person, sign_in: SignIn
) -> None:
    connection = make.connection(summit, ana, renata)

    for one, other in ((ana, renata), (renata, ana)):
        answer = sign_in(one).get(f"/summits/summit-2026/people/{other.id}/connect")

        assert answer.headers["Location"] == f"/connections/{connection.id}"


def test_scanning_ones_own_code_is_a_friendly_mistake(
    session: Session, summit: Summit, ana: Person, sign_in: SignIn
) -> None:
    client = sign_in(ana)

    answer = client.get(f"/summits/summit-2026/connect/{code_of(session, summit, ana)}", follow_redirects=True)

    assert answer.status_code == 200
    assert "This is your own code. Let the other person scan it" in text_of(answer)


def test_who_is_not_signed_in_comes_back_to_the_code_after_signing_in(
    session: Session, summit: Summit, renata: Person, sign_in: SignIn
) -> None:
    address = f"/summits/summit-2026/connect/{code_of(session, summit, renata)}"

    answer = sign_in(None).get(address)

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in?next=")
    assert code_of(session, summit, renata) in answer.headers["Location"]


@pytest.mark.parametrize(
    ("given", "field", "sentence"),
    [
        ({"what": "Call", "when": "2026-10-13T09:00"}, "when", "in the past"),
        ({"what": "Call", "when": "other", "other_time": "2020-01-01T09:00"}, "other_time", "in the past"),
        ({"what": "Call", "when": "other", "other_time": "3020-01-01T09:00"}, "other_time", "three years"),
        ({"what": "Call", "when": "other"}, "other_time", "Say on which day"),
        ({"what": "Call", "when": "soon"}, "when", "Choose a time"),
        ({"what": "x" * 281}, "what", "280"),
        ({"idea": "x" * 281, "when": "2026-10-20T09:00"}, "what", "280"),
        ({"challenges": ["999999"]}, "challenges", "does not exist"),
        ({"challenges": ["abc"]}, "challenges", "does not exist"),
        ({"who": "somebody"}, "who", "valid choice"),
        ({"note": "x", "note_audience": "public"}, "note_audience", "valid choice"),
    ],
)
def test_bad_input_is_refused_beside_its_field_and_nothing_is_saved(
    session: Session,
    summit: Summit,
    ana: Person,
    renata: Person,
    sign_in: SignIn,
    given: dict[str, str],
    field: str,
    sentence: str,
) -> None:
    answer = sign_in(ana).post(f"/summits/summit-2026/people/{renata.id}/connect", data=given)

    assert answer.status_code == 422
    errors = re.search(rf'id="{field}-errors">(.*?)</ul>', answer.text, re.DOTALL)
    assert errors is not None
    assert sentence in unescape(errors[1])
    assert session.scalars(select(Connection)).all() == []


def test_a_closed_summit_and_a_stranger_change_nothing(
    session: Session, make: Factory, ana: Person, sign_in: SignIn
) -> None:
    closed = make.summit("Last year", state=SummitState.CLOSED)
    make.attendance(closed, ana)
    ben, stranger = make.attendee(closed, "Ben"), make.person("Stranger")

    late = sign_in(ana).post(f"/summits/last-year/people/{ben.id}/connect", data={"idea": ""})
    unknown = sign_in(ana).post(f"/summits/summit-2026/people/{stranger.id}/connect", data={"idea": ""})
    outside = sign_in(stranger).post(f"/summits/summit-2026/people/{ana.id}/connect", data={"idea": ""})

    assert (late.status_code, unknown.status_code, outside.status_code) == (409, 404, 404)
    assert "Last year is closed" in text_of(late)
    assert session.scalars(select(Connection)).all() == []


def test_only_what_both_may_see_is_suggested_and_a_sealed_ask_is_not_brought_up(
    make: Factory, summit: Summit, ana: Person, renata: Person, sign_in: SignIn
) -> None:
    mentors, labs, secret = make.challenge("Mentors"), make.challenge("Labs"), make.challenge("Secret trouble")
    make.stance(summit, ana, mentors, StanceKind.OFFER, audience=Audience.SUMMIT)
    make.stance(summit, renata, mentors, StanceKind.ASK, audience=Audience.SUMMIT)
    make.stance(summit, ana, labs, StanceKind.ASK, audience=Audience.ONLY_ME)
    make.stance(summit, renata, labs, StanceKind.OFFER, audience=Audience.SUMMIT)
    make.stance(summit, ana, secret, StanceKind.OFFER, audience=Audience.SUMMIT)
    make.stance(summit, renata, secret, StanceKind.ASK, audience=Audience.ORGANIZERS)

    page = sign_in(ana).get(f"/summits/summit-2026/people/{renata.id}/connect").text

    talked = page[page.index("You talked about") : page.index("<details")]
    assert re.findall(r"<span>(.*?)</span>", talked) == ["Mentors", "Labs"]
    assert talked.count(" checked") == 1
    assert talked.index(" checked") < talked.index("Mentors") < talked.index("Labs")
    ideas = page[page.index("What happens next?") : page.index("In your own words")]
    assert "Send what helps with “Mentors”" in ideas
    assert "Labs" not in ideas
    assert "Secret" not in ideas


# A connection's page


def test_a_person_outside_the_pair_gets_404_everywhere(
    session: Session, make: Factory, summit: Summit, ana: Person, renata: Person, organizer: Person, sign_in: SignIn
) -> None:
    connection = make.connection(summit, ana, renata, step="Send the guide")
    step = session.scalars(select(NextStep)).one()
    follow_up = make.follow_up(connection, renata)
    note = Note(connection_id=connection.id, author_id=ana.id, text="Mine", written_at=clock.now())
    session.add(note)
    session.commit()
    base = f"/connections/{connection.id}"
    addresses = {
        base: "get",
        f"{base}/steps": "both",
        f"{base}/steps/{step.id}/settlement": "post",
        f"{base}/steps/{step.id}/move": "both",
        f"{base}/steps/{step.id}/correction": "both",
        f"{base}/follow-ups": "both",
        f"{base}/follow-ups/{follow_up.id}/answer": "both",
        f"{base}/notes": "both",
        f"{base}/notes/{note.id}": "both",
        f"{base}/notes/{note.id}/deletion": "post",
        f"{base}/correction": "both",
        f"{base}/disowning": "post",
        f"{base}/owning": "post",
    }

    for person in (make.attendee(summit, "Cy"), organizer):
        client = sign_in(person)
        for address, methods in addresses.items():
            if methods != "post":
                assert client.get(address).status_code == 404, address
            if methods != "get":
                assert client.post(address, data={"outcome": "done"}).status_code == 404, address
        assert "Send the guide" not in client.get("/connections").text
    session.expire_all()
    assert session.get_one(NextStep, step.id).state is StepState.OPEN
    assert sign_in(renata).get(f"{base}/notes/{note.id}").status_code == 404
    assert sign_in(ana).get(f"{base}/notes/{note.id}").status_code == 200


def test_a_step_of_another_connection_is_not_found_under_this_one(
    session: Session, make: Factory, summit: Summit, ana: Person, renata: Person, sign_in: SignIn
) -> None:
    mine = make.connection(summit, ana, renata)
    others = make.connection(summit, make.attendee(summit), make.attendee(summit), step="Theirs")
    step = session.scalars(select(NextStep).where(NextStep.connection_id == others.id)).one()

    answer = sign_in(ana).post(f"/connections/{mine.id}/steps/{step.id}/settlement", data={"outcome": "done"})

    assert answer.status_code == 404


def test_done_leads_to_what_came_of_it_and_the_other_side_confirms(
    session: Session, make: Factory, summit: Summit, ana: Person, renata: Person, sign_in: SignIn
) -> None:
    connection = make.connection(summit, ana, renata, step="Send the guide")
    step = session.scalars(select(NextStep)).one()
    base = f"/connections/{connection.id}"
    mine, hers = sign_in(ana), sign_in(renata)

    done = mine.post(f"{base}/steps/{step.id}/settlement", data={"outcome": "done"})
    asked = mine.get(done.headers["Location"])
    mine.post(
        f"{base}/follow-ups",
        data={"kind": "gave_help", "text": "She uses it.", "audience": "pair", "step": str(step.id)},
    )
    waiting = text_of(hers.get("/connections"))
    follow_up = session.scalars(select(FollowUp)).one()
    hers.post(f"{base}/follow-ups/{follow_up.id}/answer", data={"confirmation": "confirmed"})

    assert done.headers["Location"] == f"{base}?after={step.id}"
    assert text_of(asked).index("What came of it?") < text_of(asked).index("So far")
    assert "Waiting for your answer AR Ana Ruiz" in waiting
    session.expire_all()
    assert (follow_up.next_step_id, follow_up.confirmation.value) == (step.id, "confirmed")
    told = text_of(mine.get(base))
    assert "You gave help “She uses it.” confirmed by both" in told
    assert "Renata said yes" in told
    assert "Done: Send the guide said you" in told


def test_not_quite_needs_words_and_shows_them_to_the_other_side(
    session: Session, make: Factory, summit: Summit, ana: Person, renata: Person, sign_in: SignIn
) -> None:
    connection = make.connection(summit, ana, renata)
    follow_up = make.follow_up(connection, ana)
    address = f"/connections/{connection.id}/follow-ups/{follow_up.id}/answer"
    hers = sign_in(renata)

    without = hers.post(address, data={"confirmation": "amended", "text": " "})
    hers.post(address, data={"confirmation": "amended", "text": "Only half of it."})
    again = hers.post(address, data={"confirmation": "denied"})
    own = sign_in(ana).post(address, data={"confirmation": "confirmed"})

    assert without.status_code == 422
    assert "Say in a sentence how it was." in text_of(without)
    assert (again.status_code, own.status_code) == (409, 403)
    assert "Renata said: not quite “Only half of it.”" in text_of(sign_in(ana).get(f"/connections/{connection.id}"))


def test_a_moved_step_is_changed_and_its_replacement_open(
    session: Session, make: Factory, summit: Summit, ana: Person, renata: Person, sign_in: SignIn
) -> None:
    connection = make.connection(summit, ana, renata, step="Send the guide")
    step = session.scalars(select(NextStep)).one()
    address = f"/connections/{connection.id}/steps/{step.id}/move"
    form = {"when": "other", "other_time": "2026-11-01T01:30", "what": "Send the guide"}
    client = sign_in(ana)

    first, second = client.post(address, data=form), client.post(address, data=form)

    assert (first.status_code, second.status_code) == (303, 303)
    session.expire_all()
    old, new = session.scalars(select(NextStep).order_by(NextStep.id)).all()
    assert (old.state, old.replaced_by_id, new.state) == (StepState.CHANGED, new.id, StepState.OPEN)
    assert new.owner_id == ana.id
    # Half past one comes twice on this day in Chicago: the first is meant.
    assert new.due_at == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    assert client.post(address, data=form | {"other_time": "2026-12-01T10:00"}).status_code == 409


def test_not_me_takes_the_connection_off_both_lists_and_tells_the_recorder(
    make: Factory, summit: Summit, ana: Person, renata: Person, sign_in: SignIn
) -> None:
    connection = make.connection(summit, ana, renata, step="Send the guide")
    make.follow_up(connection, ana, text="A secret of ours.")
    base = f"/connections/{connection.id}"
    mine, hers = sign_in(ana), sign_in(renata)

    hers.post(f"{base}/disowning")

    for client in (mine, hers):
        assert "Send the guide" not in text_of(client.get("/connections"))
        assert "1 open" not in text_of(client.get("/connections"))
    assert "Renata said that this was not them" in text_of(mine.get(base))
    assert "A secret of ours." in text_of(mine.get(base))
    assert "You said that this was not you" in text_of(hers.get(base))
    assert "A secret of ours." not in text_of(hers.get(base))
    for address in ("steps", "follow-ups"):
        data = {"what": "Call", "when": "2026-10-20T09:00", "who": "me", "kind": "learned", "audience": "pair"}
        assert mine.post(f"{base}/{address}", data=data).status_code == 409
    assert mine.post(f"{base}/owning").status_code == 409
    hers.post(f"{base}/owning")
    assert "Send the guide" in text_of(mine.get("/connections"))


def test_either_side_corrects_how_challenges_and_words(
    session: Session, make: Factory, summit: Summit, ana: Person, renata: Person, sign_in: SignIn
) -> None:
    connection = make.connection(summit, ana, renata, step="Send teh guide")
    step = session.scalars(select(NextStep)).one()
    labs = make.challenge("Labs")
    base = f"/connections/{connection.id}"
    hers = sign_in(renata)

    hers.post(f"{base}/correction", data={"how": "table", "challenges": [str(labs.id)]})
    hers.post(f"{base}/steps/{step.id}/correction", data={"what": "Send the guide"})
    empty = hers.post(f"{base}/steps/{step.id}/correction", data={"what": "  "})

    told = text_of(sign_in(ana).get(base))
    assert "Met at a table Labs" in told
    assert "Send the guide" in told
    assert "teh" not in told
    assert empty.status_code == 422


def test_the_list_is_searched_by_name_and_paged(
    make: Factory, summit: Summit, ana: Person, renata: Person, sign_in: SignIn
) -> None:
    make.connection(summit, ana, renata)
    for number in range(35):
        make.connection(summit, ana, make.attendee(summit, f"Somebody {number:02}"))
    client = sign_in(ana)

    first, second = client.get("/connections"), client.get("/connections?page=2")
    found, none = client.get("/connections?q=oka"), client.get("/connections?q=100%25")

    names = [re.findall(r"Somebody \d\d|Renata Okafor", page.text) for page in (first, second)]
    assert len(set(names[0] + names[1])) == 36
    assert not set(names[0]) & set(names[1])
    assert "Renata Okafor" in found.text
    assert "Somebody" not in found.text
    assert "Nobody of this name" in text_of(none)


def test_a_shared_note_is_read_by_both_and_changed_by_its_author_alone(
    session: Session, make: Factory, summit: Summit, ana: Person, renata: Person, sign_in: SignIn
) -> None:
    connection = make.connection(summit, ana, renata)
    base = f"/connections/{connection.id}"
    mine, hers = sign_in(ana), sign_in(renata)

    mine.post(f"{base}/notes", data={"text": "We both like labs", "audience": "pair"})
    shared = text_of(hers.get(base))
    note = session.scalars(select(Note)).one()
    refused = hers.post(f"{base}/notes/{note.id}/deletion")
    mine.post(f"{base}/notes/{note.id}", data={"text": "I like labs", "audience": "only_me"})
    private = text_of(hers.get(base))
    mine.post(f"{base}/notes/{note.id}/deletion")

    assert "We both like labs" in shared
    assert refused.status_code == 404
    assert "like labs" not in private
    assert session.scalars(select(Note)).all() == []


@pytest.mark.parametrize("path", ["/connections", "/summits/summit-2026/connect", "page", "capture"])
def test_a_page_takes_at_most_twelve_queries_whatever_its_length(
    make: Factory,
    summit: Summit,
    ana: Person,
    renata: Person,
    sign_in: SignIn,
    queries: Callable[[Callable[[], object]], int],
    path: str,
) -> None:
    connection = make.connection(summit, ana, renata, step="Send the guide")
    other = make.attendee(summit)
    client = sign_in(ana)
    if path == "page":
        path = f"/connections/{connection.id}"
    if path == "capture":
        path = f"/summits/summit-2026/people/{other.id}/connect"

    few = queries(lambda: client.get(path))
    for number in range(12):
        challenge = make.challenge()
        for person in (ana, renata, other):
            make.stance(summit, person, challenge, audience=Audience.SUMMIT)
        one = make.connection(summit, ana, make.attendee(summit), step="Call")
        make.follow_up(one, renata if number < 0 else one_of(one, ana))
        make.next_step(connection, f"Step {number}", owner=renata, due_at=clock.now() + timedelta(days=number + 1))
        make.follow_up(connection, renata)
    many = queries(lambda: client.get(path))

    assert few <= 12
    assert many <= 12
    # the first row of a kind may cost a query more than none; after that nothing does
    assert many - few <= 2


def one_of(connection: Connection, person: Person) -> Person:
    """Return who of the two is not `person`."""
    other = Person()
    other.id = connection.high_id if connection.low_id == person.id else connection.low_id
    return other
