"""The real engine of the national geocoder, and a service scripted by the test."""

from collections.abc import Iterator

import pytest

from helpers.addok_rig import Addok, running_addok
from helpers.web_service import Service

#: a street that the engine does not know, though it knows one that looks like it
PERRIERE = "0441552Y"


@pytest.fixture(scope="session")
def addok() -> Iterator[Addok]:
    """The national geocoder's engine over the lycées' addresses, but for one street."""
    with running_addok(without=(PERRIERE,)) as engine:
        yield engine


@pytest.fixture
def service() -> Iterator[Service]:
    """A geocoding service on 127.0.0.1 whose answers a test writes."""
    running = Service()
    yield running
    running.stop()
