"""Lists that are long: narrowed by the words somebody types, and cut into pages with stable addresses."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, and_, func, or_
from sqlalchemy.orm import InstrumentedAttribute, Session

T = TypeVar("T")
PAGE_SIZE = 30
LONGEST_QUERY = 100
MOST_WORDS = 8


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list. `url_for(n)` is the address of page n."""

    items: Sequence[T]
    number: int
    pages: int
    total: int
    url_for: Callable[[int], str]


def page_of(
    session: Session,
    statement: Select[T],
    *,
    number: int,
    url_for: Callable[[int], str],
    size: int = PAGE_SIZE,
) -> Page[T]:
    """Return one page of what an ordered statement selects, in two queries. A number beyond the end means the last."""
    counted = statement.order_by(None).with_only_columns(func.count(), maintain_column_froms=True)
    total = session.scalar(counted) or 0
    pages = max(1, -(-total // size))
    number = min(max(1, number), pages)
    items = session.scalars(statement.limit(size).offset((number - 1) * size)).all()
    return Page(items, number, pages, total, url_for)


def page_number(text: str | None) -> int:
    """Read a page's number from an address; whatever is no number is the first page."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 7 else 1


def holds_words(text: str, *columns: "InstrumentedAttribute[Any] | ColumnElement[Any]") -> ColumnElement[bool]:
    """Return a filter: every word of the text occurs in one of the columns, whatever the case."""
    words = text[:LONGEST_QUERY].split()[:MOST_WORDS]
    return and_(True, *(or_(*(_holds(column, word) for column in columns)) for word in words))


def _holds(column: "InstrumentedAttribute[Any] | ColumnElement[Any]", word: str) -> ColumnElement[bool]:
    # SQLite folds the case of ASCII letters only: for others, ask for each way they are commonly written.
    spellings = {word} if word.isascii() else {word, word.lower(), word.upper(), word.capitalize()}
    return or_(*(column.icontains(spelling, autoescape=True) for spelling in sorted(spellings)))
