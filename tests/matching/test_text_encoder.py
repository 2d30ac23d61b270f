"""The setting TEXT_ENCODER reaches every run, and an encoder that is not installed is named as such."""

from collections.abc import Sequence

import pytest
from flask import Flask
from scipy.sparse import csr_array
from sqlalchemy import select
from sqlalchemy.orm import Session

from summit import clock
from summit.engine.matching.encoder import EncoderMissing, encoder_named
from summit.engine.matching.scoring import Term
from summit.engine.matching.texts import comparison, likeness
from summit.matching.models import Match, MatchRun, RunState
from summit.matching.performing import perform_queued, perform_run
from summit.matching.runs import request_run
from summit.summits.models import Summit
from tests.conftest import settings_for
from tests.factories import Factory


@pytest.fixture
def summit(make: Factory, session: Session) -> Summit:
    """A summit of three who only wrote a line each."""
    summit = make.summit()
    for name, line in (("Ana", "Robots in class"), ("Ben", "Robots at home"), ("Cleo", "Bread")):
        make.attendee(summit, name, organization=make.organization()).talk_about = line
    session.commit()
    return summit


@pytest.fixture
def without_encoder() -> None:
    """Skip where the optional packages are installed."""
    try:
        encoder_named("minilm")
    except EncoderMissing:
        return
    pytest.skip("the sentence encoder is installed here")


def test_a_run_compares_texts_as_it_is_told(summit: Summit, session: Session) -> None:
    seen: list[Sequence[Sequence[str]]] = []

    def compare(texts: Sequence[Sequence[str]]) -> csr_array:
        seen.append(texts)
        return likeness(texts)

    run = perform_run(session, request_run(session, summit, by=None, now=clock.now()), now=clock.now(), compare=compare)

    terms = {entry[0] for each in session.scalars(select(Match)) for entry in each.contributions}
    assert len(seen) == 1
    assert sorted(seen[0]) == [("Bread",), ("Robots at home",), ("Robots in class",)]
    assert run.value is not None
    assert run.value > 0
    assert terms == {Term.SHARED_TEXT}


@pytest.mark.usefixtures("without_encoder")
def test_a_run_whose_encoder_is_not_installed_fails_with_the_remedy(summit: Summit, session: Session) -> None:
    request_run(session, summit, by=None, now=clock.now())
    session.commit()

    with pytest.raises(EncoderMissing):
        perform_queued(session, now=clock.now(), compare=comparison("minilm"))

    run = session.scalars(select(MatchRun)).one()
    assert run.state is RunState.FAILED
    assert "script/setup encoder" in run.failure


@pytest.mark.usefixtures("without_encoder")
def test_the_command_says_so_before_it_asks_for_a_run(
    app: Flask, summit: Summit, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(
        app.config, "SETTINGS", settings_for(app.config["SETTINGS"].database_url, TEXT_ENCODER="minilm")
    )

    asked = app.test_cli_runner().invoke(args=["matching", "run", summit.slug])

    assert asked.exit_code == 1
    assert "script/setup encoder" in asked.stderr
    assert session.scalars(select(MatchRun)).all() == []
