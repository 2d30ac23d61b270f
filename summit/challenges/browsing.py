"""Finding challenges on the map."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from summit.challenges.models import Challenge, Theme
from summit.errors import NotFound
from summit.listing import holds_words


@dataclass(frozen=True)
class ThemeGroup:
    """The challenges under one theme; `theme` is None for those that stand under none."""

    theme: Theme | None
    challenges: Sequence[Challenge]


def challenge_by_slug(session: Session, slug: str) -> Challenge:
    """Return the challenge with this slug, its themes loaded; a retired one too, since old links lead to it.

    Raises:
        NotFound: when there is none.
    """
    statement = select(Challenge).where(Challenge.slug == slug).options(selectinload(Challenge.themes))
    challenge = session.scalar(statement)
    if challenge is None:
        raise NotFound(_("There is no such challenge."))
    return challenge


def challenge_by_id(session: Session, challenge_id: int) -> Challenge:
    """Return the challenge of this number, its themes loaded.

    Raises:
        NotFound: when there is none.
    """
    challenge = session.get(Challenge, challenge_id, options=[selectinload(Challenge.themes)])
    if challenge is None:
        raise NotFound(_("There is no such challenge."))
    return challenge


def current_challenges(session: Session, words: str = "") -> Sequence[Challenge]:
    """Return the challenges that are on the map now and hold every word, by title, their themes loaded."""
    in_theme = Challenge.themes.any(holds_words(words, Theme.name)) if words else False
    statement = (
        select(Challenge)
        .where(
            Challenge.retired_at.is_(None),
            holds_words(words, Challenge.title, Challenge.description) | in_theme,
        )
        .options(selectinload(Challenge.themes))
        .order_by(Challenge.title, Challenge.id)
    )
    return session.scalars(statement).all()


def by_theme(challenges: Sequence[Challenge]) -> list[ThemeGroup]:
    """Group challenges under their themes, in the map's order; one that stands under two appears under both."""
    return _grouped(challenges, lambda challenge: challenge.themes)


def by_first_theme(challenges: Sequence[Challenge]) -> list[ThemeGroup]:
    """Group challenges so that each appears once, under the first of its themes."""
    return _grouped(challenges, lambda challenge: challenge.themes[:1])


def titles_by_slug(session: Session) -> list[tuple[str, str]]:
    """Return slug and title of each challenge that is on the map now, by title: the choices of a filter."""
    on_map = select(Challenge.slug, Challenge.title).where(Challenge.retired_at.is_(None)).order_by(Challenge.title)
    return [(slug, title) for slug, title in session.execute(on_map)]


def _grouped(challenges: Sequence[Challenge], themes_of: Callable[[Challenge], Sequence[Theme]]) -> list[ThemeGroup]:
    themes = {theme.id: theme for challenge in challenges for theme in themes_of(challenge)}
    ordered = sorted(themes.values(), key=lambda theme: (theme.position, theme.name))
    groups = [ThemeGroup(theme, [c for c in challenges if theme in themes_of(c)]) for theme in ordered]
    without = [challenge for challenge in challenges if not challenge.themes]
    return groups + ([ThemeGroup(None, without)] if without else [])
