"""What is valid input about matches."""

from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import AnyOf

from summit.matching.models import Answer

UNDO = "undo"


class AnswerForm(FlaskForm):
    """An answer to a match, or `undo`."""

    answer = StringField(validators=[AnyOf([*Answer, UNDO])])
