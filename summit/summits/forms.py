"""What input about a summit is valid in shape; the rules are in the verbs."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, RadioField, StringField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]  # the stubs are behind
from wtforms.validators import InputRequired, Length

from summit.access import Audience
from summit.summits.models import StanceKind
from summit.summits.stances import AUDIENCES, LONGEST_TEXT

AUDIENCE_MEANINGS = {
    Audience.ONLY_ME: _l("Only you: used for matching, shown to nobody"),
    Audience.ORGANIZERS: _l("You and the organizers: used for matching, and they may help you find somebody"),
    Audience.MATCHES: _l("Your matches: the people you are introduced to at this summit"),
    Audience.SUMMIT: _l("Everyone at the summit: they find you by it"),
    Audience.NETWORK: _l("The whole network: also people who are not here"),
}
PRIORITY_MEANINGS = {3: _l("Most important"), 2: _l("Important"), 1: _l("If there is time")}


class StanceForm(FlaskForm):
    """One tap: which challenge, and ask, offer or working on it. `back` says which page to return to."""

    challenge = IntegerField(validators=[InputRequired()])
    kind = RadioField(choices=[SelectChoice(kind.value) for kind in StanceKind], validators=[InputRequired()])
    back = HiddenField()


class StanceDetailsForm(StanceForm):
    """The whole stance: priority, a line of text and who may read it."""

    priority = RadioField(
        _l("How important is it?"),
        choices=[SelectChoice(priority, meaning) for priority, meaning in PRIORITY_MEANINGS.items()],
        coerce=int,
        validators=[InputRequired()],
    )
    text = StringField(_l("In a line"), validators=[Length(max=LONGEST_TEXT)])
    audience = RadioField(
        _l("Who may read it?"),
        choices=[SelectChoice(audience.value, AUDIENCE_MEANINGS[audience]) for audience in AUDIENCES],
        validators=[InputRequired()],
    )


class AttendeeForm(FlaskForm):
    """Which attendee an organizer means, and where to return to."""

    person = IntegerField(validators=[InputRequired()])
    back = HiddenField()
    q = HiddenField()
    show = HiddenField()
