"""What an organizer may send: a spreadsheet, and a summit's details."""

from zoneinfo import available_timezones

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, DateField, SelectField, StringField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]  # the stubs are behind
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from summit.summits.arranging import LONGEST_NAME, LONGEST_SLUG, SummitDetails
from summit.summits.models import SummitState

AT_MOST = _l("At most %(most)s characters.", most=LONGEST_NAME)


def _one_line(text: str | None) -> str:
    # PostgreSQL keeps no NUL in a text; nobody types one.
    return " ".join((text or "").replace("\x00", "").split())


class ImportForm(FlaskForm):
    """An attendee spreadsheet."""

    file = FileField(
        _l("Spreadsheet"),
        description=_l("A CSV file with the columns email, name and organization, at most 10 MB."),
        validators=[FileRequired(_l("Choose a file."))],
        render_kw={"accept": ".csv,.tsv,.txt,text/csv,text/plain"},
    )


class SummitForm(FlaskForm):
    """A summit's details."""

    name = StringField(
        _l("Name"),
        filters=[_one_line],
        validators=[DataRequired(_l("Give it a name.")), Length(max=LONGEST_NAME, message=AT_MOST)],
    )
    place = StringField(_l("Place"), filters=[_one_line], validators=[Length(max=LONGEST_NAME, message=AT_MOST)])
    starts_on = DateField(_l("First day"), validators=[InputRequired(_l("Give a day."))])
    ends_on = DateField(_l("Last day"), validators=[InputRequired(_l("Give a day."))])
    time_zone = SelectField(
        _l("Time zone"), description=_l("Times at the summit, and on what is sent about it, follow it.")
    )
    state = SelectField(
        _l("State"),
        choices=[
            SelectChoice(SummitState.PREPARING.value, _l("Being prepared")),
            SelectChoice(SummitState.OPEN.value, _l("Open to its attendees")),
            SelectChoice(SummitState.CLOSED.value, _l("Closed: it can be read, but no longer changed")),
        ],
        default=SummitState.PREPARING.value,
    )

    def offer_zones(self, also: str) -> None:
        """Offer the world's time zones, and the one that is set already."""
        zones = {zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "SystemV/"))}
        self.time_zone.choices = [SelectChoice(zone, zone.replace("_", " ")) for zone in sorted(zones | {"UTC", also})]

    def details(self, slug: str) -> SummitDetails:
        """Return what was sent, once it is valid."""
        starts_on, ends_on = self.starts_on.data, self.ends_on.data
        assert starts_on is not None, "the validator asks for the day"
        assert ends_on is not None, "the validator asks for the day"
        return SummitDetails(
            name=self.name.data or "",
            slug=slug,
            place=self.place.data or "",
            time_zone=self.time_zone.data,
            starts_on=starts_on,
            ends_on=ends_on,
            state=SummitState(self.state.data),
        )


class NewSummitForm(SummitForm):
    """A new summit's details; its address is made from the name unless one is given."""

    slug = StringField(
        _l("Address"),
        filters=[lambda text: _one_line(text).lower()],
        description=_l("The end of its web address, like summit-2027. Left empty, it is made from the name."),
        validators=[
            Optional(),
            Length(max=LONGEST_SLUG, message=_l("At most %(most)s characters.", most=LONGEST_SLUG)),
        ],
    )
    invite = BooleanField(_l("Register everybody who attended then"))
