"""The structure: what the import contracts can't see."""

import subprocess
import sys

from sqlalchemy.orm import configure_mappers

from config import ROOT
from summit import app as _every_room  # noqa: F401 - loads every model
from summit.database import Base

ORDER = (
    "mail",
    "organizations",
    "people",
    "challenges",
    "commitments",
    "summits",
    "connections",
    "matching",
    "nudges",
    "organizing",
)


def _rank(module: str) -> int:
    room = module.split(".")[1]
    return ORDER.index(room) if room in ORDER else -1


def test_no_foreign_key_points_up() -> None:
    configure_mappers()
    room_of = {mapper.local_table.name: mapper.class_.__module__ for mapper in Base.registry.mappers}

    upward = [
        f"{table.name}.{key.parent.name} -> {key.column.table.name}"
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
        if _rank(room_of[table.name]) < _rank(room_of[key.column.table.name])
    ]

    assert upward == []


def test_no_relationship_points_up_or_loads_by_itself() -> None:
    configure_mappers()

    wrong = [
        str(relationship)
        for mapper in Base.registry.mappers
        for relationship in mapper.relationships
        if relationship.lazy != "raise_on_sql"
        or _rank(mapper.class_.__module__) < _rank(relationship.mapper.class_.__module__)
    ]

    assert wrong == []


def test_the_engine_loads_neither_flask_nor_sqlalchemy() -> None:
    program = (
        "import summit.engine.matching.assignment, summit.engine.matching.explain, sys;"
        "print([name for name in ('flask', 'sqlalchemy', 'flask_babel') if name in sys.modules])"
    )

    printed = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)

    assert printed.stdout.strip() == "[]"


def test_files_stay_readable() -> None:
    too_long = {
        str(path.relative_to(ROOT)): lines
        for path in (ROOT / "summit").rglob("*.py")
        if (lines := path.read_text().count("\n")) > 400
    }

    assert too_long == {}
