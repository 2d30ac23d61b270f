"""A connection's history in the words of its reader."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from summit.access import Audience
from summit.connections.history import (
    Event,
    FollowUpAnswered,
    FollowUpLogged,
    Met,
    NoteWritten,
    StepPromised,
    StepSettled,
)
from summit.connections.models import Confirmation, Connection, StepState
from summit.connections.wording import day_words, first_name, hour_words, how_words, kind_told, settled_words


@dataclass(frozen=True)
class Told:
    """A line of the timeline. `state` is "done", "due" or nothing."""

    title: str
    detail: str = ""
    when: str = ""
    state: str = ""
    href: str = ""


@dataclass(frozen=True)
class Teller:
    """Tells the history of one connection to one of the two; `note_url` leads to a note of their own."""

    connection: Connection
    viewer_id: int
    now: datetime
    note_url: Callable[[int], str]

    def tell(self, event: Event) -> Told:
        """Return an event as a line of the timeline."""
        match event:
            case Met():
                return self._met(event)
            case StepPromised():
                return self._promised(event)
            case StepSettled():
                return self._settled(event)
            case FollowUpLogged():
                return self._logged(event)
            case FollowUpAnswered():
                return self._answered(event)
            case NoteWritten():
                return self._note(event)

    @property
    def _other(self) -> str:
        return first_name(self.connection.other_than(self.viewer_id))

    def _is_me(self, person_id: int | None) -> bool:
        return person_id == self.viewer_id

    def _met(self, event: Met) -> Told:
        day = day_words(event.at, self.now, self.connection.summit.time_zone)
        recorder = _("you") if self._is_me(event.recorded_by_id) else self._other
        when = _(
            "%(day)s at %(summit)s, recorded by %(name)s", day=day, summit=self.connection.summit.name, name=recorder
        )
        return Told(how_words(event.how), " · ".join(event.challenges), when, "done")

    def _promised(self, event: StepPromised) -> Told:
        due = hour_words(event.due_at, self.now)
        if event.owner_id is None:
            detail = _("promised by both of you, for %(due)s", due=due)
        elif self._is_me(event.owner_id):
            detail = _("promised by you, for %(due)s", due=due)
        else:
            detail = _("promised by %(name)s, for %(due)s", name=self._other, due=due)
        state = "due" if event.state is StepState.OPEN else ""
        return Told(event.what, detail, day_words(event.at, self.now), state)

    def _settled(self, event: StepSettled) -> Told:
        said = _("said you") if self._is_me(event.by_id) else _("said %(name)s", name=self._other)
        state = "done" if event.state is StepState.DONE else ""
        day = day_words(event.at, self.now)
        return Told(settled_words(event.state, event.what), "", _("%(said)s, %(day)s", said=said, day=day), state)

    def _logged(self, event: FollowUpLogged) -> Told:
        mine = self._is_me(event.author_id)
        title = kind_told(event.kind, _("You") if mine else self._other)
        standing = {
            Confirmation.PENDING: _("waiting for %(name)s", name=self._other) if mine else _("waiting for you"),
            Confirmation.CONFIRMED: _("confirmed by both"),
            Confirmation.AMENDED: _("seen differently by the other side"),
            Confirmation.DENIED: _("not confirmed"),
        }[event.confirmation]
        when = _("%(standing)s, %(day)s", standing=standing, day=day_words(event.at, self.now))
        confirmed = event.confirmation in (Confirmation.CONFIRMED, Confirmation.AMENDED)
        return Told(title, _quoted(event.text), when, "done" if confirmed else "")

    def _answered(self, event: FollowUpAnswered) -> Told:
        mine = not self._is_me(event.author_id)
        titles = {
            Confirmation.CONFIRMED: _("You said yes") if mine else _("%(name)s said yes", name=self._other),
            Confirmation.AMENDED: _("You said: not quite") if mine else _("%(name)s said: not quite", name=self._other),
            Confirmation.DENIED: _("You said no") if mine else _("%(name)s said no", name=self._other),
        }
        state = "done" if event.confirmation is Confirmation.CONFIRMED else ""
        title = titles.get(event.confirmation, "")
        return Told(title, _quoted(event.text), day_words(event.at, self.now), state)

    def _note(self, event: NoteWritten) -> Told:
        if not self._is_me(event.author_id):
            title, href = _("A note from %(name)s, for both of you", name=self._other), ""
        else:
            shared = event.audience is Audience.PAIR
            title = _("Your note, for both of you") if shared else _("Your note, for you alone")
            href = self.note_url(event.note_id)
        return Told(title, event.text, day_words(event.at, self.now), "", href)


def _quoted(text: str) -> str:
    return f"“{text}”" if text else ""
