"""What is valid input about matches."""

from flask_wtf import FlaskForm
from wtforms import IntegerField, StringField
from wtforms.validators import AnyOf, InputRequired, NumberRange

from summit.matching.models import Answer

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


class SkipForm(FlaskForm):
    """Which challenge somebody does not want to be asked about."""

    challenge = IntegerField(validators=[InputRequired()])
