"""The command line: registers each room's commands, and describes the settings."""

from dataclasses import fields
from importlib import import_module

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from config import Settings
from summit.challenges.commands import challenges
from summit.commitments.commands import organizations
from summit.mail.commands import mail_commands
from summit.mail.delivery import DeliveryReport
from summit.nudges.commands import nudges
from summit.nudges.delivering import deliver_now
from summit.people.commands import people
from summit.summits.commands import import_people


class GroupOfModule(click.Group):
    """A room's group whose commands are imported when somebody asks for them: they load the engine's solver.

    Every process registers commands, the web process too, and it must not pay for what it never runs.
    """

    def __init__(self, name: str, module: str, meaning: str) -> None:
        super().__init__(name=name, help=meaning)
        self.module = module

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the room's commands."""
        return self._group().list_commands(ctx)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return one of the room's commands."""
        return self._group().get_command(ctx, cmd_name)

    def _group(self) -> click.Group:
        group: click.Group = getattr(import_module(self.module), str(self.name))
        return group


def deliver(limit: int) -> DeliveryReport:
    """Deliver what is due, as the worker does."""
    return deliver_now(current_app.config["SETTINGS"], limit=limit)


matching = GroupOfModule("matching", "summit.matching.commands", "Match the people of a summit, or of a spreadsheet.")
sample = GroupOfModule(
    "sample", "summit.sample.commands", "Fill an empty database with an invented network, to try everything on."
)
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
