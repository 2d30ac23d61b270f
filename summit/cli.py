"""The command line: registers each room's commands, and describes the settings."""

from dataclasses import fields

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from config import Settings
from summit.challenges.commands import challenges
from summit.commitments.commands import organizations
from summit.mail.commands import mail_commands
from summit.mail.delivery import DeliveryReport
from summit.matching.commands import matching
from summit.nudges.commands import nudges
from summit.people.commands import people
from summit.sample.commands import sample
from summit.summits.commands import import_people
from summit.worker import deliver_now


def deliver(limit: int) -> DeliveryReport:
    """Deliver what is due, as the worker does."""
    return deliver_now(current_app.config["SETTINGS"], limit=limit)


GROUPS = (people, challenges, organizations, matching, nudges, sample, mail_commands(deliver))
people.add_command(import_people)


@click.command("settings")
@with_appcontext
def describe_settings() -> None:
    """List every setting: what it means, and what it is now. Secrets are not shown."""
    settings: Settings = current_app.config["SETTINGS"]
    for item in fields(Settings):
        value = str(getattr(settings, item.name))
        shown = "(secret, set)" if value and item.metadata["secret"] else value or "(not set)"
        click.echo(f"{item.name.upper()} = {shown}\n    {item.metadata['meaning']}")


def register_commands(app: Flask) -> None:
    """Add our commands to `flask`."""
    app.cli.add_command(describe_settings)
    for group in GROUPS:
        app.cli.add_command(group)
