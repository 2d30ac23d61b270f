"""Commands of the room `nudges`."""

import click
from flask import current_app
from flask.cli import with_appcontext

from summit import clock
from summit.database import session
from summit.nudges.asks import rule_title
from summit.nudges.planner import Decision, plan
from summit.terminal import edge


@click.group("nudges")
def nudges() -> None:
    """Reminders: who should be asked what, and when."""


@nudges.command("plan")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@with_appcontext
@edge
def plan_nudges(dry_run: bool) -> None:
    """Plan what the cadence wants now, cancel what it no longer wants, and queue the mails that are due."""
    decisions = plan(session(), settings=current_app.config["SETTINGS"], now=clock.now(), dry_run=dry_run)
    for decision in decisions:
        click.echo(_line(decision))
    if not decisions:
        click.echo("Nothing to do.")
    elif dry_run:
        click.echo(f"Nothing of this was written ({len(decisions)} in all).")


def _line(decision: Decision) -> str:
    because = f" ({decision.because})" if decision.because else ""
    due = decision.due_at.strftime("%Y-%m-%d %H:%M UTC")
    return f"{decision.deed.value:6}  {decision.email}  {rule_title(decision.rule)}: {due}{because}"
