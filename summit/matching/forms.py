"""What is valid input about matches."""

from flask_wtf import FlaskForm
from wtforms import RadioField
from wtforms.validators import InputRequired

from summit.matching.models import Answer

UNDO = "undo"


class AnswerForm(FlaskForm):  # type: ignore[misc]
    """An answer to a match, or `undo`."""

    answer = RadioField(choices=[(each, each) for each in (*Answer, UNDO)], validators=[InputRequired()])
