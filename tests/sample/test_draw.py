"""The drawn network: the same from the same seed, and everything there that one wants to try."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

import pytest

from summit.access import Audience, Role
from summit.connections.models import Confirmation, FollowUpKind, Meeting, StepState
from summit.errors import Invalid
from summit.organizations.models import OrganizationKind
from summit.sample.challenge_texts import THEMES, UNANSWERED
from summit.sample.draw import draw_network
from summit.sample.draw_summits import CURRENT, CURRENT_ZONE
from summit.sample.network import SampleNetwork
from summit.summits.models import StanceKind, SummitState

TODAY = date(2026, 10, 14)


@pytest.fixture(scope="module")
def network() -> SampleNetwork:
    return draw_network(today=TODAY)


def test_the_same_seed_and_day_draw_the_same_network(network: SampleNetwork) -> None:
    again = draw_network(people=210, seed=1, today=TODAY)

    assert again == network


def test_another_seed_draws_other_people_stances_and_connections(network: SampleNetwork) -> None:
    other = draw_network(seed=2, today=TODAY)

    assert {p.name for p in other.persons[8:]} != {p.name for p in network.persons[8:]}
    assert other.stances != network.stances
    assert other.connections != network.connections


def test_another_day_draws_the_same_people_around_that_day(network: SampleNetwork) -> None:
    later = draw_network(today=TODAY + timedelta(days=40))

    assert later.persons == network.persons
    assert later.summits[CURRENT].starts_on == TODAY + timedelta(days=39)
    assert later.summits[CURRENT].ends_on == TODAY + timedelta(days=41)


@pytest.mark.parametrize("day", [date(2027, 1, 1), date(2028, 2, 29), date(2028, 3, 1), date(2026, 12, 31)])
def test_three_summits_have_three_names_on_any_day(day: date) -> None:
    drawn = draw_network(people=12, today=day)

    assert len({summit.slug for summit in drawn.summits}) == 3
    assert [summit.state for summit in drawn.summits] == [SummitState.CLOSED, SummitState.CLOSED, SummitState.OPEN]
    assert drawn.summits[0].ends_on < drawn.summits[1].starts_on < day - timedelta(days=300)


def test_the_usual_sample_has_the_promised_size(network: SampleNetwork) -> None:
    kinds = {organization.kind for organization in network.organizations}

    assert (len(network.persons), len(network.organizations), len(network.challenges)) == (210, 150, 60)
    assert kinds == set(OrganizationKind) - {OrganizationKind.SCHOOL_NETWORK, OrganizationKind.MEDIA}
    assert 400 <= len(network.connections) <= 550
    assert sorted(Counter(person.role for person in network.persons).items()) == [
        (Role.ADMIN, 1),
        (Role.ORGANIZER, 2),
        (Role.PARTNER, 207),
    ]
    assert {person.organization for person in network.persons} >= set(range(150))


@pytest.mark.parametrize("people", [210, 2_500])
def test_no_two_are_alike(people: int) -> None:
    drawn = draw_network(people=people, today=TODAY)

    for things in (
        [person.name for person in drawn.persons],
        [person.email for person in drawn.persons],
        [organization.name for organization in drawn.organizations],
        [challenge.title for challenge in drawn.challenges],
        [(s.summit, s.person, s.challenge, s.kind) for s in drawn.stances],
        [(c.summit, frozenset((c.one, c.other))) for c in drawn.connections],
        [frozenset((pair.said_by, pair.other)) for pair in drawn.exclusions],
        [frozenset((pair.said_by, pair.other)) for pair in drawn.acquaintances],
    ):
        assert [thing for thing, count in Counter(things).items() if count > 1] == []
    assert all(person.email.endswith("@example.org") and person.email.isascii() for person in drawn.persons)


def test_what_people_wrote_seldom_repeats(network: SampleNetwork) -> None:
    lines = Counter(stance.text for stance in network.stances if stance.text and stance.summit == CURRENT)
    promises = Counter(step.what for connection in network.connections for step in connection.steps)
    outcomes = Counter(follow_up.text for connection in network.connections for follow_up in connection.follow_ups)
    statements = Counter(c.statement for organization in network.organizations for c in organization.commitments)

    assert max(lines.values()) == 1
    assert max(statements.values()) == 1
    assert len(promises) > 0.93 * promises.total()
    assert len(outcomes) > 0.95 * outcomes.total()
    assert not [text for text in (*lines, *promises, *outcomes, *statements) if "{" in text]


def test_challenges_stand_under_the_seven_themes(network: SampleNetwork) -> None:
    used = [theme for challenge in network.challenges for theme in challenge.themes]

    assert set(used) == set(THEMES)
    assert sum(len(challenge.themes) == 2 for challenge in network.challenges) >= 6
    assert all(len(challenge.title) <= 70 for challenge in network.challenges)
    assert all(
        challenge.description.count(".") + challenge.description.count("?") >= 2 for challenge in network.challenges
    )


def test_two_thirds_of_the_partners_made_a_commitment_after_they_joined(network: SampleNetwork) -> None:
    committed = [organization for organization in network.organizations if organization.commitments]

    assert 0.55 <= len(committed) / len(network.organizations) <= 0.78
    for organization in network.organizations:
        assert 2011 <= organization.year_joined <= 2026
        for commitment in organization.commitments:
            assert len(commitment.statement) <= 250
            assert commitment.unit
            assert commitment.baseline
            assert commitment.due_on.year > organization.year_joined


def test_a_few_challenges_are_on_many_minds_and_every_one_on_somebodys(network: SampleNetwork) -> None:
    named = Counter(stance.challenge for stance in network.stances if stance.summit == CURRENT)

    assert set(named) == set(range(60))
    assert max(named.values()) > 5 * median(named.values())
    assert min(named.values()) < 8


def test_one_challenge_is_asked_about_and_offered_by_nobody(network: SampleNetwork) -> None:
    number = [challenge.title for challenge in network.challenges].index(UNANSWERED)
    kinds = Counter(s.kind for s in network.stances if s.challenge == number and s.summit == CURRENT)

    assert kinds[StanceKind.ASK] >= 8
    assert kinds[StanceKind.OFFER] == 0


def test_attendees_say_a_handful_of_things_and_a_dozen_say_nothing_yet(network: SampleNetwork) -> None:
    attendees = {a.person for a in network.attendances if a.summit == CURRENT and a.withdrawn_at is None}
    said = {person: Counter[StanceKind]() for person in attendees}
    for stance in network.stances:
        if stance.summit == CURRENT and stance.person in attendees:
            said[stance.person][stance.kind] += 1
    silent = [person for person, kinds in said.items() if not kinds]
    spoken = [kinds for kinds in said.values() if kinds]

    assert 9 <= len(silent) <= 15
    assert all(1 <= kinds[StanceKind.ASK] <= 4 for kinds in spoken)
    assert all(0 <= kinds[StanceKind.OFFER] <= 4 for kinds in spoken)
    assert all(0 <= kinds[StanceKind.WORKING_ON] <= 3 for kinds in spoken)
    assert {person.introductions for person in network.persons} == set(range(3, 9))


def test_some_asks_are_sealed_and_most_are_for_matches(network: SampleNetwork) -> None:
    audiences = Counter(s.audience for s in network.stances if s.kind is StanceKind.ASK and s.summit == CURRENT)

    assert all(audiences[audience] >= 5 for audience in (Audience.ONLY_ME, Audience.ORGANIZERS))
    assert audiences.most_common(1)[0][1] > 0.65 * audiences.total()


def test_nobody_asks_for_what_they_offer(network: SampleNetwork) -> None:
    asked = {(s.summit, s.person, s.challenge) for s in network.stances if s.kind is StanceKind.ASK}
    offered = {(s.summit, s.person, s.challenge) for s in network.stances if s.kind is StanceKind.OFFER}

    assert asked
    assert asked & offered == set()


def test_next_steps_are_in_every_state_and_due_around_today(network: SampleNetwork) -> None:
    steps = [step for connection in network.connections for step in connection.steps]
    open_for = Counter((step.due_at.date() - TODAY).days for step in steps if step.state is StepState.OPEN)
    settled = [step for step in steps if step.settled_at is not None]

    assert {step.state for step in steps} == set(StepState)
    assert all(open_for[days] >= 2 for days in (-8, -3, -1, 0, 1, 3, 7))
    assert sum(count for days, count in open_for.items() if days < -90) >= 10
    assert any(step.settled_at > step.due_at + timedelta(days=2) for step in settled if step.settled_at)
    assert any(step.settled_at < step.due_at for step in settled if step.settled_at)
    assert {step.owner is None for step in steps} == {True, False}


def test_a_changed_step_names_the_one_that_took_its_place(network: SampleNetwork) -> None:
    changed = [(c, s) for c in network.connections for s in c.steps if s.state is StepState.CHANGED]

    assert changed
    assert all(step.replaced_by == 1 and len(connection.steps) == 2 for connection, step in changed)


def test_every_kind_of_outcome_and_every_answer_occurs(network: SampleNetwork) -> None:
    follow_ups = [follow_up for connection in network.connections for follow_up in connection.follow_ups]
    confirmed = {follow_up.kind for follow_up in follow_ups if follow_up.confirmation is Confirmation.CONFIRMED}
    waiting = [f for f in follow_ups if f.confirmation is Confirmation.PENDING]

    assert {follow_up.confirmation for follow_up in follow_ups} == set(Confirmation)
    assert confirmed == set(FollowUpKind)
    assert any(TODAY - timedelta(days=10) < f.logged_at.date() <= TODAY - timedelta(days=3) for f in waiting)
    assert all((f.answered_at is None) == (f.confirmation is Confirmation.PENDING) for f in follow_ups)
    assert all(f.answer_text for f in follow_ups if f.confirmation is Confirmation.AMENDED)


def test_people_met_in_every_way_today_too_and_some_promised_nothing(network: SampleNetwork) -> None:
    current = [connection for connection in network.connections if connection.summit == CURRENT]
    zone = ZoneInfo(CURRENT_ZONE)
    unpromised = {(TODAY - c.met_at.astimezone(zone).date()).days for c in current if not c.steps}

    assert {c.how for c in network.connections} == set(Meeting) - {Meeting.MEETING}
    assert sum(c.met_at.astimezone(zone).date() == TODAY for c in current) >= 5
    assert unpromised == {0, 1, 4}
    assert len(current) > len([c for c in current if not c.steps]) > 0


def test_nothing_but_due_dates_lies_ahead(network: SampleNetwork) -> None:
    tomorrow = datetime(2026, 10, 15, 6, tzinfo=UTC)
    happened = [
        moment
        for c in network.connections
        for moment in (
            c.met_at,
            c.recorded_at,
            *(note.written_at for note in c.notes),
            *(step.made_at for step in c.steps),
            *(step.settled_at for step in c.steps if step.settled_at),
            *(follow_up.logged_at for follow_up in c.follow_ups),
            *(follow_up.answered_at for follow_up in c.follow_ups if follow_up.answered_at),
        )
    ]

    assert max(happened) < tomorrow
    assert all(step.settled_at >= step.made_at for c in network.connections for step in c.steps if step.settled_at)


def test_people_of_one_organization_are_not_drawn_as_meeting_each_other(network: SampleNetwork) -> None:
    places = [person.organization for person in network.persons]
    attended = {(a.summit, a.person) for a in network.attendances}

    assert all(places[c.one] != places[c.other] for c in network.connections)
    assert all((c.summit, c.one) in attended and (c.summit, c.other) in attended for c in network.connections)


def test_nobody_attended_before_their_organization_joined(network: SampleNetwork) -> None:
    years = [
        (network.summits[a.summit].starts_on.year, network.organizations[place].year_joined)
        for a in network.attendances
        if (place := network.persons[a.person].organization) is not None
    ]

    assert all(joined <= year for year, joined in years)


def test_excluded_pairs_have_not_met(network: SampleNetwork) -> None:
    met = {frozenset((c.one, c.other)) for c in network.connections}
    excluded = {frozenset((pair.said_by, pair.other)) for pair in network.exclusions}
    known = {frozenset((pair.said_by, pair.other)) for pair in network.acquaintances}

    assert len(excluded) >= 4
    assert excluded & met == set()
    assert known <= met


def test_a_large_network_has_more_partners_with_names_of_their_own() -> None:
    drawn = draw_network(people=3_000, today=TODAY)

    assert len(drawn.persons) == 3_000
    assert 800 < len(drawn.organizations) < 1_500
    assert all(len(c.statement) <= 250 for organization in drawn.organizations for c in organization.commitments)


@pytest.mark.parametrize("people", [11, 20_001])
def test_a_size_that_cannot_be_drawn_is_refused(people: int) -> None:
    with pytest.raises(Invalid, match="12 to 20,000"):
        draw_network(people=people, today=TODAY)


@pytest.mark.parametrize("people", [12, 15, 30])
def test_a_small_network_can_be_drawn(people: int) -> None:
    drawn = draw_network(people=people, today=TODAY)

    assert len(drawn.persons) == people
    assert drawn.connections
