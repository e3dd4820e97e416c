"""What every geocoding provider is: places asked for in, places found or the reason why not out.

A provider's module builds its requests, sends them and parses the answers in three separate steps,
so that two of them are tested without a network.
"""

from collections.abc import Iterator, Sequence
from typing import Protocol

from geozones.domain.places import Located, PlaceQuery

type Outcome = Located | str
"""A place found, or one French sentence that says why it is not."""


class Provider(Protocol):
    """A source of positions."""

    @property
    def name(self) -> str:
        """The name it is configured and quoted by."""

    def locate(self, queries: Sequence[PlaceQuery]) -> Iterator[tuple[int, Outcome]]:
        """Yield the rank of each query and what was found, as answers come.

        Raises
        ------
        GeocoderError
            If the service gives no more answers; what was yielded before holds.
        """
