"""What organizers see of a run and of the answers, and what they decide: balance, learned weights, cancelling."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import numpy as np
import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, insert, select, update
from sqlalchemy.orm import Session

from summit import clock
from summit.audit import AuditEntry
from summit.claims import write_claimed
from summit.database import db
from summit.engine.matching.families import FAMILIES
from summit.engine.matching.weights import Weights
from summit.errors import Conflict, WrongTime
from summit.matching import reporting
from summit.matching.acceptance import answers_of
from summit.matching.answers import answer_match
from summit.matching.models import Answer, Match, MatchAnswer, MatchRun, RunState
from summit.matching.performing import perform_at_once, perform_queued, report_progress
from summit.matching.runs import cancel_run, latest_run, publish_run, request_run
from summit.matching.weighing import adopt_weights, set_balance, weights_of
from summit.organizations.models import OrganizationKind
from summit.people.models import Person
from summit.summits.models import StanceKind, Summit, SummitState
from tests.factories import Factory
from tests.matching.test_runs import _hall, _run
from tests.queries import counted_queries

Client = Callable[[Person], FlaskClient]


def _page(summit: Summit, rest: str = "") -> str:
    return f"/organize/summits/{summit.slug}/matching{rest}"


def _text(html: str) -> str:
    """Return what a page says, on one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", html.replace("\u00a0", " ")).split())


def _full_house(make: Factory) -> Summit:
    """Four people want one introduction each, Eva wants three: however they are matched, somebody is short of one."""
    summit = make.summit()
    for name, wanted in (("Ada", 1), ("Bo", 1), ("Cy", 1), ("Di", 1), ("Eva", 3)):
        person = make.person(name, organization=make.organization(kind=OrganizationKind.MUSEUM))
        make.attendance(summit, person, introductions=wanted)
    return summit


def test_whoever_has_too_few_is_listed_with_bridging_suggestions(
    make: Factory, session: Session, organizer: Person, sign_in: Client
) -> None:
    summit = _full_house(make)
    run = _run(session, summit, publish=False)

    page = _text(sign_in(organizer).get(_page(summit)).text)

    assert run.report["bridges"]
    assert "bridging suggestion" in page
    assert "has as many introductions as wanted" in page
    assert "Matched as a bridge, without a shared challenge:" in page


def test_somebody_who_withdrew_is_suggested_no_longer(
    make: Factory, session: Session, organizer: Person, sign_in: Client
) -> None:
    summit = _full_house(make)
    run = _run(session, summit, publish=False)
    (short,) = run.report["bridges"]
    suggested = [each["person_id"] for each in run.report["bridges"][short]]
    gone = session.get_one(Person, suggested[0])
    before = sign_in(organizer).get(_page(summit)).text
    gone.disabled_at = clock.now()
    session.commit()

    after = sign_in(organizer).get(_page(summit)).text

    assert f"/people/{gone.id}" in before
    assert f"/people/{gone.id}" not in after


def test_groups_are_compared_with_their_n_and_small_ones_are_withheld(
    make: Factory, session: Session, organizer: Person, sign_in: Client
) -> None:
    summit, people = _hall(make, 16)
    last_year = make.summit("Summit 2024", starts_on=summit.starts_on - timedelta(days=365), state=SummitState.CLOSED)
    for person in people[:9]:
        make.attendance(last_year, person)
    for person in make.session.scalars(select(Person).where(Person.id.in_([each.id for each in people[:2]]))):
        person.organization_id = make.organization(kind=OrganizationKind.MEDIA).id
    session.commit()
    run = _run(session, summit, publish=False)

    page = _text(sign_in(organizer).get(_page(summit)).text)

    standing = {row["name"]: row for row in run.report["groups"]["standing"]}
    assert (standing["newcomers"]["people"], standing["returners"]["people"]) == (7, 9)
    assert "Here for the first time n = 7 (44 %)" in page
    assert "Were at an earlier summit n = 9 (56 %)" in page
    assert "Media n = 2 (12 %) withheld" in page
    assert "Nonprofit n = 14 (88 %) withheld" in page


def test_half_of_each_match_is_counted_on_either_side(make: Factory, session: Session) -> None:
    summit, _people = _hall(make, 16)

    run = _run(session, summit, publish=False)

    (group,) = run.report["groups"]["kinds"]
    assert run.value is not None
    assert group["figures"]["value_per_person"]["mean"] * group["people"] == pytest.approx(run.value)
    assert group["figures"]["introductions"] == 2 * run.matches


def test_the_page_says_what_own_lists_would_have_made_of_people(
    make: Factory, session: Session, organizer: Person, sign_in: Client
) -> None:
    summit, challenge = make.summit(), make.challenge()
    star = make.attendee(summit, "Star", organization=make.organization())
    make.stance(summit, star, challenge, StanceKind.OFFER, priority=3)
    for n in range(12):
        fan = make.attendee(summit, f"Fan {n}", organization=make.organization())
        make.stance(summit, fan, challenge, StanceKind.ASK, priority=3)
    run = _run(session, summit, publish=False)

    page = _text(sign_in(organizer).get(_page(summit)).text)

    assert run.report["own_lists"]["people"] == 13
    assert "Of 13 people own lists chosen together" in page
    assert f"have more introductions than they want {run.report['own_lists']['swamped']} 0" in page


def test_a_certificate_of_an_earlier_state_is_said_to_be_one(
    make: Factory, session: Session, organizer: Person, sign_in: Client
) -> None:
    summit, _people = _hall(make)
    _run(session, summit, publish=False)
    before = _text(sign_in(organizer).get(_page(summit)).text)
    summit.revision += 2
    session.commit()

    after = _text(sign_in(organizer).get(_page(summit)).text)

    assert "earlier state" not in before
    assert "Computed for an earlier state: 2 changes since" in after


def test_lists_that_were_repaired_are_not_said_to_be_old_but_their_certificate_is(
    make: Factory, session: Session, organizer: Person, sign_in: Client
) -> None:
    summit, _people = _hall(make)
    run = _run(session, summit, publish=False)
    summit.revision += 1
    run.revision, run.drift = summit.revision, 0.004
    session.commit()

    page = _text(sign_in(organizer).get(_page(summit)).text)

    assert "Something has changed since this run" not in page
    assert "Computed for an earlier state: 1 change since" in page
    assert "may have cost up to 0.40 % of the value" in page


@pytest.mark.parametrize(("known", "is_said"), [(4, False), (5, True)])
def test_that_two_know_the_same_people_is_said_from_five_on_without_their_number(
    make: Factory, session: Session, organizer: Person, sign_in: Client, known: int, is_said: bool
) -> None:
    summit = _full_house(make)
    last_year = make.summit("Summit 2024", starts_on=summit.starts_on - timedelta(days=365), state=SummitState.CLOSED)
    guests = session.scalars(select(Person).where(Person.name.in_(["Ada", "Bo", "Cy", "Di", "Eva"]))).all()
    for n in range(known):
        friend = make.person(f"Friend {n}")
        make.attendance(summit, friend, introductions=0)
        for guest in guests:
            make.connection(last_year, guest, friend)
    run = _run(session, summit, publish=False)

    page = _text(sign_in(organizer).get(_page(summit)).text)

    stored = [bridge for bridges in run.report["bridges"].values() for bridge in bridges]
    assert [bridge["knows_same_people"] for bridge in stored] == [is_said] * 3
    assert ("know some of the same people" in page) is is_said
    assert {*stored[0]} == {"person_id", "knows_same_people", "is_same_place", "is_other_kind", "free_places"}


def test_a_run_from_before_there_were_reports_is_shown_without_one(
    make: Factory, session: Session, organizer: Person, sign_in: Client
) -> None:
    summit, _people = _hall(make)
    run = _run(session, summit, publish=False)
    run.report = {}
    session.commit()

    page = sign_in(organizer).get(_page(summit))

    assert page.status_code == 200
    assert "Who gets how much" not in page.text


@pytest.mark.parametrize("people", [8, 40])
def test_the_pages_ask_the_database_as_often_for_many_as_for_few(
    make: Factory, session: Session, organizer: Person, sign_in: Client, people: int
) -> None:
    summit, attending = _hall(make, people)
    for n in range(people):
        make.attendee(summit, f"Silent {n}", organization=make.organization())
    run = _run(session, summit)
    for person in attending[: people // 2]:
        match = session.scalars(select(Match).where(Match.run_id == run.id, Match.low_id == person.id)).first()
        if match is not None:
            answer_match(
                session, summit, person_id=person.id, other_id=match.high_id, answer=Answer.NOT_NOW, now=clock.now()
            )
    session.commit()
    client = sign_in(organizer)

    with counted_queries() as of_runs:
        client.get(_page(summit))
    with counted_queries() as of_answers:
        client.get(_page(summit, "/answers"))

    assert len(of_runs) <= 12
    assert len(of_answers) <= 8


def test_an_organizer_leans_the_matching_and_the_page_shows_it(
    make: Factory, session: Session, organizer: Person, sign_in: Client
) -> None:
    summit = make.summit()
    client = sign_in(organizer)

    answer = client.post(_page(summit, "/balance"), data={"balance": "1"})
    page = client.get(_page(summit)).text

    assert answer.status_code == 303
    assert weights_of(session, summit) == Weights().leaning(0.5)
    assert re.search(r'<input type="range"[^>]*value="1"', page)
    assert '<li class="now">more people from elsewhere</li>' in page


@pytest.mark.parametrize("balance", ["3", "", "much"])
def test_a_balance_that_is_no_step_is_refused(
    make: Factory, session: Session, organizer: Person, sign_in: Client, balance: str
) -> None:
    summit = make.summit()

    answer = sign_in(organizer).post(_page(summit, "/balance"), data={"balance": balance})

    assert answer.status_code == 422
    assert weights_of(session, summit) == Weights()


def test_a_waiting_run_is_cancelled_and_no_worker_takes_it(
    make: Factory, session: Session, organizer: Person, sign_in: Client
) -> None:
    summit, _people = _hall(make)
    before = _run(session, summit, publish=False)
    run = request_run(session, summit, by=None, now=clock.now())
    session.commit()

    answer = sign_in(organizer).post(_page(summit, f"/{run.id}/cancellation"))

    session.refresh(run)
    assert answer.status_code == 303
    assert run.state is RunState.CANCELLED
    shown = latest_run(session, summit)
    assert shown is not None
    assert shown.id == before.id
    assert "cancel match run" in session.scalars(select(AuditEntry.action)).all()


def test_a_worker_learns_at_its_next_report_that_its_run_was_cancelled(make: Factory, session: Session) -> None:
    summit, _people = _hall(make)
    run = request_run(session, summit, by=None, now=clock.now())
    run.state, run.lease_token, run.lease_until = RunState.RUNNING, "ours", clock.now() + timedelta(minutes=1)
    session.commit()

    first = report_progress(session, run.id, "ours", "prices", 0.25)
    session.refresh(run)
    noted = (run.stage, run.progress, run.lease_until)
    cancel_run(session, run, by=None, now=clock.now())
    second = report_progress(session, run.id, "ours", "assigning", 0.5)

    assert (first, second) == (True, False)
    assert noted[:2] == ("prices", 0.25)
    assert noted[2] is not None
    assert noted[2] > clock.now() + timedelta(minutes=5)
    session.refresh(run)
    assert (run.state, run.stage) == (RunState.CANCELLED, "prices")
    assert not write_claimed(session, MatchRun, run.id, "ours", {"state": RunState.DONE})


@pytest.fixture
def cancelled_at_prices(session: Session) -> Iterator[list[str]]:
    """Somebody cancels every run once it has got to the prices; the stages that it went through."""
    stages: list[str] = []

    @event.listens_for(session, "after_commit")
    def _cancel_at_the_first_prices(_session: Session) -> None:
        with db.engine.connect() as other, other.begin():
            stages.extend(other.execute(select(MatchRun.stage)).scalars())
            if stages[-1:] == ["prices"]:
                other.execute(update(MatchRun).values(state=RunState.CANCELLED, lease_token=None))

    yield stages
    event.remove(session, "after_commit", _cancel_at_the_first_prices)


def test_a_worker_stops_quietly_when_its_run_is_cancelled_while_it_computes(
    make: Factory, session: Session, cancelled_at_prices: list[str]
) -> None:
    summit, _people = _hall(make)
    run = request_run(session, summit, by=None, now=clock.now())

    perform_queued(session, now=clock.now())

    session.refresh(run)
    assert (run.state, run.failure, run.value) == (RunState.CANCELLED, "", None)
    assert {"gathering", "scoring", "prices"} <= set(cancelled_at_prices)
    assert "certificate" not in cancelled_at_prices
    assert session.scalars(select(Match).where(Match.run_id == run.id)).all() == []


@pytest.mark.usefixtures("cancelled_at_prices")
def test_the_command_line_says_that_its_run_was_cancelled(make: Factory, session: Session) -> None:
    summit, _people = _hall(make)
    run = request_run(session, summit, by=None, now=clock.now())

    with pytest.raises(Conflict, match="Somebody cancelled this run"):
        perform_at_once(session, run, now=clock.now())

    session.refresh(run)
    assert run.state is RunState.CANCELLED


def test_a_run_is_weighed_as_the_organizers_chose(make: Factory, session: Session) -> None:
    summit, _people = _hall(make)
    set_balance(session, summit, -1.0, by=None, now=clock.now())
    session.commit()

    run = _run(session, summit, publish=False)

    assert run.settings["reach_kind"] == 0.0
    terms = {part[0] for match in session.scalars(select(Match)) for part in match.contributions}
    assert terms
    assert "reach" not in terms


def test_the_page_shows_how_far_a_run_is(make: Factory, session: Session, organizer: Person, sign_in: Client) -> None:
    summit, _people = _hall(make)
    run = request_run(session, summit, by=None, now=clock.now())
    run.state, run.lease_token, run.lease_until = RunState.RUNNING, "ours", clock.now() + timedelta(minutes=1)
    session.commit()
    report_progress(session, run.id, "ours", "certificate", 0.8)

    part = sign_in(organizer).get(_page(summit, "/progress")).text

    assert '<progress aria-label="Computing the bound" value="80" max="100">' in part
    assert f"/{run.id}/cancellation" in part


def test_what_has_ended_cannot_be_cancelled(make: Factory, session: Session) -> None:
    summit, _people = _hall(make)
    run = _run(session, summit, publish=False)

    with pytest.raises(WrongTime, match="ended already"):
        cancel_run(session, run, by=None, now=clock.now())


def test_an_answer_keeps_what_it_was_about_when_the_match_is_gone(make: Factory, session: Session) -> None:
    summit, _people = _hall(make)
    run = _run(session, summit)
    match = session.scalars(select(Match).where(Match.run_id == run.id).order_by(Match.score.desc())).first()
    assert match is not None
    pair = {"person_id": match.low_id, "other_id": match.high_id}

    answer_match(session, summit, **pair, answer=Answer.NOT_NOW, now=clock.now())
    session.commit()
    later = _run(session, summit)

    gone = select(Match.id).where(
        Match.run_id == later.id, Match.low_id == match.low_id, Match.high_id == match.high_id
    )
    assert session.scalar(gone) is None
    answers = answers_of(session, summit)
    assert (answers.size, answers.rank.tolist(), answers.interested.tolist()) == (1, [match.rank_for_low], [False])
    assert answers.points.sum() == pytest.approx(match.score)


def test_points_of_answers_are_those_of_the_weights_that_hold_now(make: Factory, session: Session) -> None:
    summit, _people = _hall(make)
    set_balance(session, summit, 1.0, by=None, now=clock.now())
    adopt_weights(session, summit, {"help": 2.0}, by=None, now=clock.now())
    session.commit()
    run = _run(session, summit)
    match = session.scalars(select(Match).where(Match.run_id == run.id)).first()
    assert match is not None
    pair = {"person_id": match.high_id, "other_id": match.low_id}
    answer_match(session, summit, **pair, answer=Answer.INTERESTED, now=clock.now())
    as_answered = answers_of(session, summit).points

    adopt_weights(session, summit, {"help": 0.5}, by=None, now=clock.now())

    column = FAMILIES.index("help")
    assert as_answered[0, column] > 0
    assert answers_of(session, summit).points[0, column] == pytest.approx(as_answered[0, column] / 2)


def test_we_know_each_other_is_no_answer_about_the_match(make: Factory, session: Session) -> None:
    summit, _people = _hall(make)
    run = _run(session, summit)
    match = session.scalars(select(Match).where(Match.run_id == run.id)).first()
    assert match is not None
    pair = {"person_id": match.high_id, "other_id": match.low_id}

    answer_match(session, summit, **pair, answer=Answer.KNOW_EACH_OTHER, now=clock.now())

    assert answers_of(session, summit).size == 0


def _answered(make: Factory, session: Session, count: int, *, seed: int = 0) -> Summit:
    """A summit whose people take up what they share and turn down where one helps the other."""
    summit = make.summit()
    people = [make.attendee(summit, f"Guest {n}") for n in range(24)]
    draw = np.random.default_rng(seed)
    pairs = [(one, other) for one in people for other in people if one is not other][:count]
    rows = []
    for one, other in pairs:
        points = {"help": float(draw.gamma(2, 2)), "shared_work": float(draw.gamma(2, 2))}
        chance = 1 / (1 + np.exp(points["help"] - points["shared_work"]))
        rows.append(
            {
                "summit_id": summit.id,
                "person_id": one.id,
                "other_id": other.id,
                "answer": Answer.INTERESTED if draw.random() < chance else Answer.NOT_NOW,
                "answered_at": clock.now(),
                "rank": int(draw.integers(1, 6)),
                "points": points,
            }
        )
    session.execute(insert(MatchAnswer), rows)
    session.commit()
    return summit


def test_few_answers_are_neither_shown_nor_learned_from(
    make: Factory, session: Session, organizer: Person, sign_in: Client
) -> None:
    summit = _answered(make, session, 4)

    page = _text(sign_in(organizer).get(_page(summit, "/answers")).text)

    assert "Fewer than five answers so far" in page
    assert "4 answers so far; 200 are needed" in page
    assert "By place in the list" not in page


def test_acceptance_is_shown_with_n_and_interval(
    make: Factory, session: Session, organizer: Person, sign_in: Client
) -> None:
    summit = _answered(make, session, 150)

    page = _text(sign_in(organizer).get(_page(summit, "/answers")).text)

    assert re.search(r"Interested \d+ % n = 150 interval \d+ to \d+ %", page)
    assert re.search(r"One asks, the other offers help \d+ % \d+ to \d+ %, n = 150 none", page)
    assert "150 answers so far; 200 are needed" in page
    shown = sum(int(n) for n in re.findall(r"n = (\d+)", page.partition("Place")[2].partition("Other weights")[0]))
    assert shown == 150


def test_learned_weights_are_proposed_used_and_taken_back(
    make: Factory, session: Session, organizer: Person, sign_in: Client
) -> None:
    summit = _answered(make, session, 500)
    client = sign_in(organizer)

    before = _text(client.get(_page(summit, "/answers")).text)
    client.post(_page(summit, "/learned-weights"))
    adopted = weights_of(session, summit)
    after = _text(client.get(_page(summit, "/answers")).text)
    client.post(_page(summit, "/learned-weights/removal"))

    assert re.search(r"the loss falls from 0\.\d+ to 0\.\d+ \(n = 500 answers of \d+ people", before)
    assert adopted.help < 10.0
    assert adopted.shared_work > 4.0
    assert "In use" in after
    assert weights_of(session, summit) == Weights()


def test_what_is_not_proposed_cannot_be_adopted(
    make: Factory, session: Session, organizer: Person, sign_in: Client
) -> None:
    summit = _answered(make, session, 150)

    answer = sign_in(organizer).post(_page(summit, "/learned-weights"))

    assert answer.status_code == 409
    assert weights_of(session, summit) == Weights()


def test_a_later_publication_is_not_hindered_by_a_cancelled_run(make: Factory, session: Session) -> None:
    summit, _people = _hall(make)
    run = _run(session, summit, publish=False)
    later = request_run(session, summit, by=None, now=clock.now())
    cancel_run(session, later, by=None, now=clock.now())

    publish_run(session, run, by=None, now=clock.now())

    assert run.published_at is not None
    with pytest.raises(WrongTime, match="no result to publish"):
        publish_run(session, later, by=None, now=clock.now())


def test_large_summits_compare_own_lists_by_one_sweep_to_the_same_effect(
    make: Factory, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    summit, _people = _hall(make, 12)
    small = _run(session, summit, publish=False).report["own_lists"]

    monkeypatch.setattr(reporting, "EXACT_UP_TO", 0)
    large = _run(session, summit, publish=False).report["own_lists"]

    assert small["people"] == 12
    for name in ("people", "left_out_together", "swamped_together"):
        assert large[name] == small[name]
    assert abs(large["most_wanted_on"] - small["most_wanted_on"]) <= 2
