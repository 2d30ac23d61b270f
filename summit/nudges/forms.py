"""What the pages of links, preferences and campaigns take in."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]  # the stubs are behind
from wtforms.validators import InputRequired, Length, Optional

from summit.connections.forms import AnswerForm, OutcomeForm, PromiseForm
from summit.connections.wall_times import proposals
from summit.moments import moment
from summit.nudges.campaigns import LONGEST_BODY, LONGEST_SUBJECT
from summit.nudges.models import Segment
from summit.nudges.wall_time import NINE, day_of

OTHER = "other"


class ButtonForm(FlaskForm):
    """A page's button, which says what it was about: pressed on an older state of things it does nothing."""

    stage = HiddenField()


class DayForm(ButtonForm):
    """Asks for a time: two proposals, or nine o'clock on another day, in the person's own zone."""

    when = RadioField(_l("By when?"), validate_choice=False)
    other_day = DateField(_l("Another day"), validators=[Optional()])

    def __init__(self, *, zone: ZoneInfo, now: datetime, **values: Any) -> None:
        super().__init__(**values)
        self._zone = zone
        walls = proposals(now, zone.key)
        choices = [(wall.isoformat(timespec="minutes"), _moment_words(wall, zone)) for wall in walls]
        self.when.choices = [*choices, (OTHER, _("Another day"))]
        self.when.data = self.when.data or (OTHER if self.other_day.data else choices[0][0])
        if not self.is_submitted():
            self.other_day.data = day_of(now, zone) + timedelta(days=14)

    def due_at(self) -> datetime | None:
        """Return the moment that was chosen, or None and a sentence beside the field when none was."""
        if self.when.data != OTHER:
            try:
                wall = datetime.fromisoformat(self.when.data).replace(tzinfo=self._zone, fold=0)
                return wall.astimezone(UTC)
            except (ValueError, OverflowError):
                self.when.errors = [_("Choose a time.")]
                return None
        if self.other_day.data is None:
            self.other_day.errors = [_("Say on which day.")]
            return None
        try:
            return datetime.combine(self.other_day.data, NINE, tzinfo=self._zone).astimezone(UTC)
        except OverflowError:
            self.other_day.errors = [_("Check the year.")]
            return None

    def place_of(self, name: str) -> str:
        """Return the field that a verb's complaint about `name` belongs to."""
        if name != "due_at":
            return name
        return "other_day" if self.when.data == OTHER else "when"


def _moment_words(wall: datetime, zone: ZoneInfo) -> str:
    return moment(wall.replace(tzinfo=zone), zone.key)


class StepForm(DayForm, PromiseForm):
    """A next step: a suggestion or words of one's own, who does it, by when."""

    def __init__(self, *, ideas: list[str], **values: Any) -> None:
        super().__init__(ideas=[SelectChoice(idea) for idea in ideas], **values)
        if not self.is_submitted():
            self.idea.data = ideas[0]


class FollowUpForm(ButtonForm, OutcomeForm):
    """What came of it. Which step it came of, the link says."""


class ConfirmForm(ButtonForm, AnswerForm):
    """An answer to the other side's follow-up, with words where they help."""


class PauseForm(FlaskForm):
    """A pause: a week, a month, or until a day."""

    when = RadioField(_l("Pause for"), default="7")
    until = DateField(_l("Until this day"), validators=[Optional()])

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.when.choices = [("7", _("A week")), ("30", _("A month")), (OTHER, _("Until a day"))]

    def day(self, today: date) -> date | None:
        """Return the first day with reminders again, or None and a sentence beside the field."""
        if self.when.data != OTHER:
            return today + timedelta(days=int(self.when.data))
        if self.until.data is None:
            self.until.errors = [_("Say until which day.")]
        day: date | None = self.until.data
        return day


class CampaignForm(FlaskForm):
    """A campaign: whom it is for, and its words."""

    segment = SelectField(_l("To whom?"))
    subject = StringField(
        _l("Subject"), validators=[InputRequired(_l("Give it a subject.")), Length(max=LONGEST_SUBJECT)]
    )
    body = TextAreaField(_l("Words"), validators=[InputRequired(_l("Write a few words.")), Length(max=LONGEST_BODY)])

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.segment.choices = [(segment.value, segment_words(segment)) for segment in Segment]


def segment_words(segment: Segment) -> str:
    """Say whom a segment holds."""
    return {
        Segment.ALL_ATTENDEES: _("All attendees"),
        Segment.WITHOUT_STANCES: _("Attendees who have said nothing yet"),
        Segment.OPEN_NEXT_STEPS: _("Attendees with an open next step"),
    }[segment]
