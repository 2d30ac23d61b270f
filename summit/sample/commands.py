"""Commands of the sample."""

import sys

import click
from flask.cli import with_appcontext

from summit import clock
from summit.database import session
from summit.sample.draw import FEWEST, MOST
from summit.sample.load import MATCHED_UP_TO, SampleReport, load_sample
from summit.sample.protagonists import ATTENDEE_EMAIL, ORGANIZER_EMAIL, PARTNER_EMAIL
from summit.terminal import edge

# From so many people on, loading takes long enough to say where it is.
LONG = 1_000


@click.group("sample")
def sample() -> None:
    """Fill an empty database with an invented network, to try everything on."""


@sample.command("load")
@click.option("--people", type=click.IntRange(FEWEST, MOST), default=210, show_default=True, help="How many people.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed draws the same network.")
@with_appcontext
@edge
def load(people: int, seed: int) -> None:
    """Load a network with two past summits and one under way today."""
    shows_progress = people >= LONG and sys.stderr.isatty()
    report = load_sample(
        session(), people=people, seed=seed, now=clock.now(), tell=_say if shows_progress else lambda _part: None
    )
    click.echo(
        f"{report.people:,} people of {report.organizations:,} organizations ({report.commitments:,} commitments), "
        f"{report.challenges} challenges.\n"
        f"{report.summit}, under way today: {report.attendees:,} attendees, {_matches(report)}.\n"
        f"On three summits: {report.stances:,} stances, {report.connections:,} connections, "
        f"{report.next_steps:,} next steps, {report.follow_ups:,} follow-ups."
    )
    for role, email in (("attendee", ATTENDEE_EMAIL), ("partner", PARTNER_EMAIL), ("organizer", ORGANIZER_EMAIL)):
        click.echo(f"Sign in as the {role}: flask people sign-in-link {email}")


def _matches(report: SampleReport) -> str:
    if report.people > MATCHED_UP_TO:
        return f"not yet matched (flask matching run {report.summit} --publish)"
    return f"{report.matches:,} matches, published"


def _say(part: str) -> None:
    click.echo(f"Loading: {part} ...", err=True)
