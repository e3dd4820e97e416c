"""Interface of geocoding providers: from places in words to positions, or reasons for none.

A provider's module builds its requests, sends them and parses the answers in three separate steps,
so that two of them are tested without a network.
"""

from collections.abc import Iterator, Sequence
from typing import Protocol

from geozones.domain.places import Located, PlaceQuery

type Outcome = Located | str
"""A position, or one French sentence that says why the place has none."""


class Provider(Protocol):
    """Source of positions for places given by a code, an address or a commune."""

    @property
    def name(self) -> str:
        """Name of the provider in settings and messages."""

    def locate(self, queries: Sequence[PlaceQuery]) -> Iterator[tuple[int, Outcome]]:
        """Yield (rank of a query, position or reason for none), in the order of the answers.

        Raises
        ------
        GeocoderError
            If the service gives no more answers; earlier answers stay valid.
        """
