"""Pages about notes: keep one, change it, delete it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from summit import clock
from summit.access import Audience, Rule, allow, viewer
from summit.connections.finding import find_connection, find_own_note
from summit.connections.forms import NoteForm, tie
from summit.connections.models import Connection, Note
from summit.connections.notes import change_note, delete_note, write_note
from summit.connections.wording import first_name
from summit.database import session
from summit.errors import Invalid

blueprint = Blueprint("notes", __name__)


def _me() -> int:
    return int(current_user.id)


def _back(connection: Connection) -> Response:
    return redirect(url_for("connections.page", connection_id=connection.id), 303)


@blueprint.route("/connections/<int:connection_id>/notes", methods=["GET", "POST"])
@allow(Rule.SIGNED_IN)
def add(connection_id: int) -> ResponseReturnValue:
    """Keep a note on a connection."""
    connection = find_connection(session(), connection_id, viewer())
    form = NoteForm(other=first_name(connection.other_than(_me())))
    if form.validate_on_submit():
        text, audience = form.text.data or "", Audience(form.audience.data)
        try:
            write_note(session(), connection, author_id=_me(), text=text, audience=audience, now=clock.now())
        except Invalid as error:
            tie(form, error)
        else:
            flash(_("Noted."))
            return _back(connection)
    return _note_page(connection, form, None)


@blueprint.route("/connections/<int:connection_id>/notes/<int:note_id>", methods=["GET", "POST"])
@allow(Rule.SIGNED_IN)
def change(connection_id: int, note_id: int) -> ResponseReturnValue:
    """Change my note."""
    connection = find_connection(session(), connection_id, viewer())
    note = find_own_note(session(), connection, note_id, viewer())
    kept = {"text": note.text, "audience": note.audience.value}
    form = NoteForm(other=first_name(connection.other_than(_me())), data=kept)
    if form.validate_on_submit():
        audience = Audience(form.audience.data)
        try:
            change_note(session(), note, by=_me(), text=form.text.data or "", audience=audience, now=clock.now())
        except Invalid as error:
            tie(form, error)
        else:
            flash(_("Saved."))
            return _back(connection)
    return _note_page(connection, form, note)


@blueprint.post("/connections/<int:connection_id>/notes/<int:note_id>/deletion")
@allow(Rule.SIGNED_IN)
def delete(connection_id: int, note_id: int) -> ResponseReturnValue:
    """Delete my note."""
    connection = find_connection(session(), connection_id, viewer())
    note = find_own_note(session(), connection, note_id, viewer())
    delete_note(session(), note, by=_me(), now=clock.now())
    flash(_("Deleted."))
    return _back(connection)


def _note_page(connection: Connection, form: NoteForm, note: Note | None) -> ResponseReturnValue:
    page = render_template("connections/note.html", connection=connection, form=form, note=note, me=_me())
    return (page, 422) if request.method == "POST" else page
