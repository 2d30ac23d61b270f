"""A summit with people at every stage, and an organizer's client."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from summit.people.models import Person
from summit.summits.models import Summit
from tests.factories import Factory


@pytest.fixture
def summit(make: Factory) -> Summit:
    return make.summit()


@pytest.fixture
def desk(sign_in: Callable[[Person | None], FlaskClient], organizer: Person) -> FlaskClient:
    return sign_in(organizer)
