"""French descriptions of events and moves."""

from collections.abc import Mapping
from dataclasses import dataclass

from geozones.domain import Event
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.territory import Territory


def describe_event(territory: Territory, work: Work, event: Event) -> str:
    """Describe an event in one sentence."""
    timeline = work.timeline
    names = timeline.zone_names, timeline.sector_names, timeline.lycee_names
    return event.change.describe(_Names(territory, *names))


@dataclass(frozen=True)
class _Names:
    """Names of lycées, zones and sectors; an unknown id stands for itself.

    ``own`` has the names of lycées that the scenario adds to the data folder's. A lycée that it
    closed keeps its name in the data folder.
    """

    territory: Territory
    zones: Mapping[str, str]
    sectors: Mapping[str, str]
    own: Mapping[str, str]

    def zone(self, zone: str) -> str:
        return self.zones.get(zone, zone)

    def lycee(self, lycee: str) -> str:
        if lycee in self.territory.lycees:
            return self.territory.name(lycee)
        shipped = self.territory.atlas.lycees.get(lycee)
        return self.own.get(lycee, lycee if shipped is None else shipped.label)

    def sector(self, sector: str) -> str:
        return self.sectors.get(sector, sector)
