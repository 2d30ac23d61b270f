"""Commands of the room `mail`: `flask mail ...`."""

from collections.abc import Callable

import click
from flask.cli import with_appcontext

from summit.mail.delivery import DeliveryReport
from summit.terminal import edge

Deliver = Callable[[int], DeliveryReport]


def mail_commands(deliver: Deliver) -> click.Group:
    """Return the group; `deliver(limit)` delivers what is due, and comes from above since mail doesn't know nudges."""

    @click.group("mail")
    def mail() -> None:
        """Send what waits in the outbox."""

    @mail.command("deliver")
    @click.option("--limit", default=500, show_default=True, type=click.IntRange(1), help="At most this many messages.")
    @with_appcontext
    @edge
    def deliver_now(limit: int) -> None:
        """Deliver what is due now, once; a worker does the same every two seconds."""
        report = deliver(limit)
        click.echo(
            f"sent {report.sent}, put back {report.put_back}, failed {report.failed}, "
            f"unknown {report.unknown}, cancelled {report.cancelled}"
        )
        if report.alarm:
            raise click.ClickException(f"The provider refuses our settings: {report.alarm}")

    return mail
