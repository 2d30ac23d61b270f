"""What the pages of connections take in."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    DateTimeLocalField,
    HiddenField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]  # the stubs are behind
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from summit import moments
from summit.access import Audience
from summit.challenges.models import Challenge
from summit.connections.follow_up import AUDIENCES as FOLLOW_UP_AUDIENCES
from summit.connections.follow_up import LONGEST_TEXT
from summit.connections.models import Confirmation, FollowUpKind, Meeting
from summit.connections.next_steps import LONGEST_STEP
from summit.connections.notes import AUDIENCES as NOTE_AUDIENCES
from summit.connections.notes import LONGEST_NOTE
from summit.connections.sharing import Doer, Suggestion
from summit.connections.wall_times import moment_of, proposals
from summit.connections.wording import audience_words, how_words, kind_words
from summit.errors import Invalid

OTHER_TIME = "other"


def tie(form: FlaskForm, error: Invalid) -> None:
    """Show what a verb refused beside the fields it is about, or above the form."""
    for name, problem in (error.fields or {"": error.message}).items():
        place = getattr(form, "place_of", str)(name)
        if place in form:
            form[place].errors = [*form[place].errors, problem]
        else:
            form.form_errors.append(problem)


class TimeForm(FlaskForm):
    """A form that asks for a time: two proposals in the person's own zone, or another one."""

    when = RadioField(_l("When exactly?"), validate_choice=False)
    other_time = DateTimeLocalField(_l("Another time"), validators=[Optional()])

    def __init__(self, *, zone: str, now: datetime, **values: Any) -> None:
        super().__init__(**values)
        self._zone = zone
        # It may stay empty only while a proposal is chosen, so the label must not call it optional.
        self.other_time.flags.optional = None
        first, second = proposals(now, zone)
        walls = [
            SelectChoice(wall.isoformat(timespec="minutes"), moments.moment(moment_of(wall, zone), zone))
            for wall in (first, second)
        ]
        self.when.choices = [*walls, SelectChoice(OTHER_TIME, _("Another time"))]
        if not self.when.data:
            self.when.data = OTHER_TIME if self.other_time.data else walls[0].value

    def due_at(self) -> datetime | None:
        """Return the moment that was chosen, or None and a sentence beside the field when none was."""
        if self.when.data == OTHER_TIME:
            if self.other_time.data is None:
                self.other_time.errors = self.other_time.errors or [_("Say on which day and at what time.")]
                return None
            return moment_of(self.other_time.data, self._zone)
        try:
            return moment_of(datetime.fromisoformat(self.when.data).replace(tzinfo=None), self._zone)
        except (ValueError, OverflowError):
            self.when.errors = [_("Choose a time.")]
            return None

    def place_of(self, name: str) -> str:
        """Return the field that a verb's complaint about `name` belongs to."""
        if name != "due_at":
            return name
        return "other_time" if self.when.data == OTHER_TIME else "when"


class PromiseForm(FlaskForm):
    """What is promised, a suggestion or words of one's own, and who does it; when is for those who inherit this."""

    idea = RadioField(_l("What happens next?"), validate_choice=False)
    what = StringField(_l("In your own words"), validators=[Optional(), Length(max=LONGEST_STEP)])
    who = RadioField(_l("Who does it?"), default=Doer.ME.value)

    def __init__(self, *, ideas: list[SelectChoice], other: str, **values: Any) -> None:
        super().__init__(**values)
        self.idea.choices = ideas
        self.who.choices = [
            SelectChoice(Doer.ME.value, _("I do")),
            SelectChoice(Doer.OTHER.value, other),
            SelectChoice(Doer.BOTH.value, _("Both")),
        ]

    @property
    def promised(self) -> str:
        """Return what shall happen: one's own words before a suggestion; empty to decide later."""
        return (self.what.data or "").strip() or (self.idea.data or "").strip()

    def owner_id(self, me: int, other_id: int) -> int | None:
        """Return who does it; None for both."""
        return {Doer.ME.value: me, Doer.OTHER.value: other_id}.get(self.who.data)


class StepForm(TimeForm, PromiseForm):
    """A next step: one of the suggestions or words of one's own, who does it, when."""

    def __init__(self, *, suggestions: list[Suggestion], can_wait: bool, **values: Any) -> None:
        later = [SelectChoice("", _("Decide later"))] if can_wait else []
        super().__init__(ideas=[*(SelectChoice(suggestion.what) for suggestion in suggestions), *later], **values)
        self.doers = {suggestion.what: suggestion.doer.value for suggestion in suggestions}
        self.idea.data = self.idea.data or ("" if can_wait else None)


def _to_number(value: Any) -> int:
    """Read a challenge's number; anything else is no choice of ours."""
    return int(value) if str(value).isascii() and str(value).isdigit() and len(str(value)) < 10 else -1


class ChallengeField(SelectMultipleField):
    """Any number of challenges, shown as pills."""

    def __init__(self, label: Any = None, **values: Any) -> None:
        super().__init__(label, coerce=_to_number, **values)
        self._offered: frozenset[int] = frozenset()

    def offer(self, challenges: list[Challenge]) -> None:
        """Set what can be chosen."""
        self.choices = [SelectChoice(challenge.id, challenge.title) for challenge in challenges]
        self._offered = frozenset(challenge.id for challenge in challenges)

    def pre_validate(self, form: Any) -> None:
        """Refuse what is no challenge, in words for a person."""
        if set(self.data or ()) - self._offered:
            raise ValidationError(_("One of these challenges does not exist. Reload the page and choose again."))


class CaptureForm(StepForm):
    """The one screen of a capture."""

    how = HiddenField()
    challenges = ChallengeField(_l("You talked about"))
    note = TextAreaField(_l("A note"), validators=[Optional(), Length(max=LONGEST_NOTE)])
    note_audience = RadioField(_l("Who reads the note?"), default=Audience.ONLY_ME.value)

    def __init__(self, *, other: str, **values: Any) -> None:
        super().__init__(other=other, can_wait=True, **values)
        self.note_audience.choices = _audiences(NOTE_AUDIENCES, other)


class MoveForm(TimeForm):
    """Another time for a next step, and other words if need be."""

    what = StringField(_l("What happens then?"), validators=[InputRequired(_l("Say what happens next."))])


class StepTextForm(FlaskForm):
    """The words of a next step, corrected."""

    what = StringField(_l("What happens next?"), validators=[InputRequired(_l("Say what happens next."))])


class SettleForm(FlaskForm):
    """How a next step ended, by one button."""

    outcome = RadioField(choices=[SelectChoice("done"), SelectChoice("dropped")])


class OutcomeForm(FlaskForm):
    """What came of it: a kind, two sentences, and who may read them."""

    kind = RadioField(_l("What came of it?"), validators=[InputRequired(_l("Choose one of these."))])
    text = TextAreaField(_l("In a sentence or two"), validators=[Optional(), Length(max=LONGEST_TEXT)])
    audience = RadioField(_l("Who may read it?"), default=Audience.PAIR.value)

    def __init__(self, *, other: str, **values: Any) -> None:
        super().__init__(**values)
        self.kind.choices = [SelectChoice(kind.value, kind_words(kind)) for kind in FollowUpKind]
        self.audience.choices = _audiences(FOLLOW_UP_AUDIENCES, other)


class FollowUpForm(OutcomeForm):
    """What came of it, and of which settled step."""

    step = HiddenField()

    def step_id(self) -> int | None:
        """Return the settled step that this came of, or None."""
        number = _to_number(self.step.data or "")
        return number if number > 0 else None


class AnswerForm(FlaskForm):
    """The other side's answer."""

    confirmation = RadioField(_l("Is that so?"), validators=[InputRequired(_l("Choose one of these."))])
    text = TextAreaField(_l("How was it?"), validators=[Optional(), Length(max=LONGEST_TEXT)])

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.confirmation.choices = [
            SelectChoice(Confirmation.CONFIRMED.value, _("Yes")),
            SelectChoice(Confirmation.AMENDED.value, _("Not quite")),
            SelectChoice(Confirmation.DENIED.value, _("No")),
        ]


class NoteForm(FlaskForm):
    """A note, and whom it is for."""

    text = TextAreaField(_l("Note"), validators=[InputRequired(_l("Write a word or two.")), Length(max=LONGEST_NOTE)])
    audience = RadioField(_l("Who reads it?"), default=Audience.ONLY_ME.value)

    def __init__(self, *, other: str, **values: Any) -> None:
        super().__init__(**values)
        self.audience.choices = _audiences(NOTE_AUDIENCES, other)


class CorrectionForm(FlaskForm):
    """How two people met, and what they talked about, corrected."""

    how = RadioField(_l("How did you meet?"))
    challenges = ChallengeField(_l("You talked about"))

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.how.choices = [SelectChoice(how.value, how_words(how)) for how in Meeting]


def _audiences(audiences: tuple[Audience, ...], other: str) -> list[SelectChoice]:
    return [SelectChoice(audience.value, audience_words(audience, other)) for audience in audiences]
