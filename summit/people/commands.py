"""Commands of the room `people`: `flask people ...`."""

import click
from flask import current_app
from flask.cli import with_appcontext

from config import Settings
from summit import clock
from summit.access import Role
from summit.database import session
from summit.people import standing
from summit.people.sign_in import make_link
from summit.terminal import edge


@click.group("people")
def people() -> None:
    """Let people in, keep them out, and bring them in from a spreadsheet."""


@people.command("sign-in-link")
@click.argument("email")
@with_appcontext
@edge
def sign_in_link(email: str) -> None:
    """Print a link that signs EMAIL in: once, for ten minutes."""
    settings: Settings = current_app.config["SETTINGS"]
    person = standing.person_by_email(session(), email)
    click.echo(make_link(session(), person, next_url="", now=clock.now(), settings=settings))


@people.command("create")
@click.argument("email")
@click.option("--name", required=True, help="The name that people know them by.")
@click.option(
    "--role",
    type=click.Choice([role.value for role in Role]),
    default=Role.PARTNER.value,
    show_default=True,
    help="What they may do in the network.",
)
@with_appcontext
@edge
def create(email: str, name: str, role: str) -> None:
    """Let EMAIL in; from then on they can ask for a sign-in link."""
    settings: Settings = current_app.config["SETTINGS"]
    zone = settings.network_timezone
    made = standing.create_person(
        session(), email=email, name=name, role=Role(role), time_zone=zone, by=None, now=clock.now()
    )
    click.echo(f"{made.email} can sign in now ({made.role.value}).")


@people.command("disable")
@click.argument("email")
@with_appcontext
@edge
def disable(email: str) -> None:
    """Keep EMAIL out: their sessions end at once and their links are worth nothing."""
    person = standing.disable_person(session(), standing.person_by_email(session(), email), by=None, now=clock.now())
    click.echo(f"{person.email} can't sign in any more. `flask people enable {person.email}` lets them in again.")


@people.command("enable")
@click.argument("email")
@with_appcontext
@edge
def enable(email: str) -> None:
    """Let a disabled EMAIL in again."""
    person = standing.enable_person(session(), standing.person_by_email(session(), email), by=None, now=clock.now())
    click.echo(f"{person.email} can sign in again.")
