"""What people may send: an address to sign in with, and their profile."""

from zoneinfo import available_timezones

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, IntegerField, SelectField, StringField, ValidationError
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]  # the stubs are behind
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from summit.people.addresses import is_address, normal_address


class SignInForm(FlaskForm):
    """Ask for a sign-in link."""

    email = EmailField(
        _l("Your email address"),
        filters=[lambda text: normal_address(text) if text else text],
        validators=[DataRequired(_l("Give your email address."))],
        render_kw={"autocomplete": "email", "inputmode": "email", "maxlength": 254},
    )
    next = HiddenField()

    def validate_email(self, field: EmailField) -> None:
        """Refuse what can't be an address."""
        if not is_address(field.data or ""):
            raise ValidationError(_l("This is no email address. One looks like ana@example.org."))


def _stripped(text: str | None) -> str:
    # PostgreSQL keeps no NUL in a text; nobody types one.
    return " ".join((text or "").replace("\x00", "").split())


def time_zones(also: str = "") -> list[SelectChoice]:
    """Return the world's time zones by region, as choices; `also` is one that somebody has already."""
    known = {name for name in available_timezones() if name.split("/")[0] in REGIONS and "/" in name}
    choices = []
    for name in sorted(known | {"UTC"} | ({also} if also else set())):
        region, _slash, place = name.partition("/")
        label = (place or name).replace("_", " ").replace("/", ", ")
        choices.append(SelectChoice(name, label, optgroup=region))
    return choices


REGIONS = frozenset(
    ("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
)


class ProfileForm(FlaskForm):
    """What others learn of a person, and what the person wants."""

    name = StringField(
        _l("Name"),
        filters=[_stripped],
        validators=[
            DataRequired(_l("Give the name that people know you by.")),
            Length(max=120, message=_l("At most 120 characters.")),
        ],
        render_kw={"autocomplete": "name"},
    )
    title = StringField(
        _l("Title"),
        filters=[_stripped],
        validators=[Length(max=120, message=_l("At most 120 characters."))],
        render_kw={"autocomplete": "organization-title"},
    )
    organization = StringField(
        _l("Organization"),
        filters=[_stripped],
        description=_l("Type a few letters and choose from the list."),
        render_kw={"list": "organizations", "autocomplete": "off"},
    )
    talk_about = StringField(
        _l("A line to start from"),
        filters=[_stripped],
        description=_l("What should people talk to you about?"),
        validators=[Length(max=200, message=_l("At most 200 characters."))],
    )
    introductions = IntegerField(
        _l("How many introductions would you like?"),
        description=_l("At a summit, from 0 to 20."),
        validators=[
            InputRequired(_l("Give a number from 0 to 20.")),
            NumberRange(0, 20, _l("Give a number from 0 to 20.")),
        ],
        render_kw={"min": 0, "max": 20, "inputmode": "numeric"},
    )
    time_zone = SelectField(_l("Time zone"), description=_l("Dates and reminders follow it."))
