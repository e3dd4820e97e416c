"""Event that corrects the position of a lycée."""

from dataclasses import dataclass, replace
from typing import ClassVar, Self, override

from geozones.common.french import number
from geozones.domain.coordinates import checked_spot
from geozones.domain.events import footprint as fp
from geozones.domain.events.change import Data, EventChange, Names, text
from geozones.domain.events.footprint import Footprint, footprint
from geozones.domain.events.scenario_state import State
from geozones.domain.places import Spot


@dataclass(frozen=True, slots=True)
class PlaceLycee(EventChange):
    """Position of a lycée set by hand, or removal of the correction (``None``).

    ``{"lycee", "lat", "lon"}`` in WGS84 degrees, or both null.
    """

    kind: ClassVar[str] = "place"
    lycee: str
    spot: Spot | None

    @classmethod
    @override
    def read(cls, data: Data) -> Self:
        lat, lon = data["lat"], data["lon"]
        spot = None if lat is None and lon is None else checked_spot(lat, lon)
        return cls(text(data["lycee"]), spot)

    @override
    def apply(self, state: State) -> State:
        state.plan.zone_of(self.lycee)  # raises if the plan has no such lycée
        return replace(state, places=state.places.with_spot(self.lycee, self.spot))

    @override
    def footprint(self, state: State) -> Footprint:
        return footprint([fp.lycee(self.lycee)], [("place", self.lycee)])

    @override
    def describe(self, names: Names) -> str:
        lycee = names.lycee(self.lycee)
        if self.spot is None:
            return f"{lycee} : position des données reprise"
        at = f"{number(self.spot.lat, 5)} ; {number(self.spot.lon, 5)}"
        return f"{lycee} : position corrigée à la main ({at})"
