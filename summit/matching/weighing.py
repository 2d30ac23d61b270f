"""How a summit's matches are weighed: the organizers' balance, and what was learned from answers."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from summit import audit
from summit.engine.matching.families import reweighted
from summit.engine.matching.weights import Weights
from summit.errors import Conflict, Invalid
from summit.matching.models import MatchRun, MatchSettings
from summit.summits.attendance import bump_revision, require_open
from summit.summits.models import Summit


def weights_of(session: Session, summit: Summit) -> Weights:
    """Return the weights for this summit: the defaults, leaning as its organizers chose, times what was learned."""
    found = settings_of(session, summit)
    return Weights() if found is None else weights_from(found.balance, found.learned)


def weights_from(balance: float, learned: Mapping[str, float] | None) -> Weights:
    """Return the weights that follow from a balance and learned multipliers."""
    return reweighted(Weights().leaning(balance), learned or {})


def weights_in(run: MatchRun) -> Weights:
    """Return the weights that a run was computed with; what it says nothing of is as by default."""
    names = {field.name for field in fields(Weights)}
    return Weights(**{name: value for name, value in run.settings.items() if name in names})


def settings_of(session: Session, summit: Summit) -> MatchSettings | None:
    """Return what the organizers chose, or None when they left everything as it is."""
    return session.scalar(select(MatchSettings).where(MatchSettings.summit_id == summit.id))


def set_balance(session: Session, summit: Summit, balance: float, *, by: int | None, now: datetime) -> None:
    """Lean towards one's own challenges (-1) or new people from elsewhere (1); the next run is weighed so.

    Raises:
        Invalid: when the balance is not from -1 to 1.
        WrongTime: when the summit is closed.
    """
    if not -1 <= balance <= 1:
        message = _("Choose a balance from -1 to 1.")
        raise Invalid(message, {"balance": message})
    chosen = _settings(session, summit, by=by, now=now)
    if chosen.balance != balance:
        chosen.balance = balance
        _note(session, summit, chosen, "set match balance", by=by, now=now, detail={"balance": balance})


def adopt_weights(
    session: Session, summit: Summit, multipliers: Mapping[str, float], *, by: int | None, now: datetime
) -> None:
    """Multiply the present weights by these, family by family (`summit.engine.matching.families`).

    Raises:
        Invalid: when a family is unknown or a multiplier makes no sense.
        WrongTime: when the summit is closed.
    """
    chosen = _settings(session, summit, by=by, now=now)
    before = chosen.learned or {}
    learned = {name: before.get(name, 1.0) * multipliers.get(name, 1.0) for name in {**before, **multipliers}}
    try:
        weights_from(chosen.balance, learned)
    except ValueError as error:
        raise Invalid(str(error), {}) from error
    chosen.learned = learned
    _note(session, summit, chosen, "adopt learned weights", by=by, now=now, detail={"multipliers": learned})


def reset_weights(session: Session, summit: Summit, *, by: int | None, now: datetime) -> None:
    """Go back to the weights as they were before anything was learned; the balance stays.

    Raises:
        Conflict: when nothing was adopted.
        WrongTime: when the summit is closed.
    """
    chosen = _settings(session, summit, by=by, now=now)
    if chosen.learned is None:
        raise Conflict(_("No learned weights are in use. Reload the page."))
    chosen.learned = None
    _note(session, summit, chosen, "reset learned weights", by=by, now=now, detail={})


def _settings(session: Session, summit: Summit, *, by: int | None, now: datetime) -> MatchSettings:
    """Return the summit's row, made when there is none; held until the transaction ends, so that two are in turn."""
    require_open(summit)
    session.execute(select(Summit.id).where(Summit.id == summit.id).with_for_update())
    found = settings_of(session, summit)
    if found is None:
        found = MatchSettings(summit_id=summit.id, changed_by_id=by, changed_at=now)
        session.add(found)
        session.flush()
    return found


def _note(
    session: Session,
    summit: Summit,
    chosen: MatchSettings,
    action: str,
    *,
    by: int | None,
    now: datetime,
    detail: dict[str, object],
) -> None:
    chosen.changed_by_id, chosen.changed_at = by, now
    session.flush()
    bump_revision(session, summit)
    audit.record(session, action, actor_id=by, subject_kind="summit", subject_id=summit.id, at=now, detail=detail)
