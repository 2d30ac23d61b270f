"""What is valid input about matches."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, IntegerField, RadioField, SelectMultipleField, StringField, TimeField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]  # the stubs are behind
from wtforms.validators import AnyOf, InputRequired, NumberRange

from summit.matching.models import Answer
from summit.summits.models import SlotUse
from summit.summits.slots import Series

UNDO = "undo"
MOST_STEPS = 2


class AnswerForm(FlaskForm):
    """An answer to a match, or `undo`."""

    answer = StringField(validators=[AnyOf([*Answer, UNDO])])


class BalanceForm(FlaskForm):
    """One of five steps from one's own challenges (-2) to new people from elsewhere (2)."""

    balance = IntegerField(validators=[InputRequired(), NumberRange(-MOST_STEPS, MOST_STEPS)])

    @property
    def chosen(self) -> float:
        """Return the balance from -1 to 1."""
        return (self.balance.data or 0) / MOST_STEPS


class FreeForm(FlaskForm):
    """In which slots somebody is free."""

    free = SelectMultipleField(coerce=int, validate_choice=False)


class SlotsForm(FlaskForm):
    """Slots one after another."""

    day = DateField(_l("Day"), validators=[InputRequired()])
    start = TimeField(_l("First one begins at"), validators=[InputRequired()])
    minutes = IntegerField(_l("Minutes each"), default=15, validators=[InputRequired()])
    pause = IntegerField(_l("Minutes between"), default=5, validators=[InputRequired()])
    number = IntegerField(_l("How many"), default=6, validators=[InputRequired()])
    use = RadioField(
        _l("What for"),
        choices=[
            SelectChoice(SlotUse.MEETINGS.value, _l("Meetings of two")),
            SelectChoice(SlotUse.CHALLENGE_TABLES.value, _l("Challenge tables")),
        ],
        default=SlotUse.MEETINGS.value,
        validators=[InputRequired()],
    )

    @property
    def series(self) -> Series:
        """Return what was filled in."""
        assert self.day.data is not None, "it is required"
        assert self.start.data is not None, "it is required"
        numbers = (self.minutes.data or 0, self.pause.data or 0, self.number.data or 0)
        return Series(self.day.data, self.start.data, *numbers, SlotUse(self.use.data))


class TablesForm(FlaskForm):
    """How many tables there are."""

    tables = IntegerField(_l("Tables"), validators=[InputRequired()])


class SkipForm(FlaskForm):
    """Which challenge somebody does not want to be asked about."""

    challenge = IntegerField(validators=[InputRequired()])
