"""Themes and challenges."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from summit.database import AwareDateTime, Base


class Theme(Base):
    """A part of the map."""

    __tablename__ = "theme"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    position: Mapped[int] = mapped_column(default=0)


class ChallengeTheme(Base):
    """A challenge stands under a theme; a few stand under two."""

    __tablename__ = "challenge_theme"

    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenge.id", ondelete="CASCADE"), primary_key=True)
    theme_id: Mapped[int] = mapped_column(ForeignKey("theme.id", ondelete="CASCADE"), primary_key=True, index=True)


class Challenge(Base):
    """One thing that stands in the way. `version` says in which year's map its wording appeared."""

    __tablename__ = "challenge"
    __table_args__ = (CheckConstraint("title <> ''", name="title_given"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(160), unique=True)
    title: Mapped[str] = mapped_column(String(200), unique=True)
    description: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[str] = mapped_column(String(40), default="")
    retired_at: Mapped[datetime | None] = mapped_column(AwareDateTime, default=None)

    themes: Mapped[list[Theme]] = relationship(
        secondary="challenge_theme", lazy="raise_on_sql", order_by=Theme.position, viewonly=True
    )
