"""What the pages of links, preferences and campaigns take in."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from summit.access import Audience
from summit.connections.follow_up import AUDIENCES, LONGEST_TEXT
from summit.connections.models import Confirmation, FollowUpKind
from summit.connections.next_steps import LONGEST_STEP
from summit.connections.wall_times import proposals
from summit.connections.wording import audience_words, kind_words
from summit.errors import Invalid
from summit.moments import moment
from summit.nudges.campaigns import LONGEST_BODY, LONGEST_SUBJECT
from summit.nudges.models import Segment
from summit.nudges.wall_time import NINE, day_of

OTHER = "other"
ME, THEM, BOTH = "me", "other", "both"


def tie(form: FlaskForm, error: Invalid) -> None:
    """Show what a verb refused beside the fields it is about, or above the form."""
    for name, problem in (error.fields or {"": error.message}).items():
        field = getattr(form, "place_of", lambda name: name)(name)
        if field in form:
            form[field].errors = [*form[field].errors, problem]
        else:
            form.form_errors.append(problem)


class ButtonForm(FlaskForm):  # type: ignore[misc]
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


class StepForm(DayForm):
    """A next step: a suggestion or words of one's own, who does it, by when."""

    idea = RadioField(_l("What happens next?"), validate_choice=False)
    what = StringField(_l("In your own words"), validators=[Optional(), Length(max=LONGEST_STEP)])
    who = RadioField(_l("Who does it?"), default=ME)

    def __init__(self, *, ideas: list[str], other: str, **values: Any) -> None:
        super().__init__(**values)
        self.idea.choices = [(idea, idea) for idea in ideas]
        self.who.choices = [(ME, _("I do")), (THEM, other), (BOTH, _("Both"))]
        if not self.is_submitted():
            self.idea.data = ideas[0]

    @property
    def promised(self) -> str:
        """Return what shall happen: one's own words before a suggestion."""
        return (self.what.data or "").strip() or (self.idea.data or "").strip()

    def owner_id(self, me: int, other_id: int) -> int | None:
        """Return who does it; None for both."""
        return {ME: me, THEM: other_id}.get(self.who.data)


class OutcomeForm(ButtonForm):
    """What came of it: a kind, two sentences, and who may read them."""

    kind = RadioField(_l("What came of it?"), validators=[InputRequired(_l("Choose one of these."))])
    text = TextAreaField(_l("In a sentence or two"), validators=[Optional(), Length(max=LONGEST_TEXT)])
    audience = RadioField(_l("Who may read it?"), default=Audience.PAIR.value)

    def __init__(self, *, other: str, **values: Any) -> None:
        super().__init__(**values)
        self.kind.choices = [(kind.value, kind_words(kind)) for kind in FollowUpKind]
        self.audience.choices = [(audience.value, audience_words(audience, other)) for audience in AUDIENCES]


class ConfirmForm(ButtonForm):
    """An answer to the other side's follow-up, with words where they help."""

    confirmation = RadioField(_l("Is that so?"), validators=[InputRequired(_l("Choose one of these."))])
    text = TextAreaField(_l("How was it?"), validators=[Optional(), Length(max=LONGEST_TEXT)])

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.confirmation.choices = [
            (Confirmation.CONFIRMED.value, _("Yes")),
            (Confirmation.AMENDED.value, _("Not quite")),
            (Confirmation.DENIED.value, _("No")),
        ]


class PauseForm(FlaskForm):  # type: ignore[misc]
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


class CampaignForm(FlaskForm):  # type: ignore[misc]
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
