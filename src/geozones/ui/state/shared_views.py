"""View state of the page of a shared link."""

from dataclasses import dataclass, replace
from typing import Self

from geozones.domain import Plan
from geozones.workspace.scenarios.open_scenario import Work


@dataclass(frozen=True, slots=True)
class Shared:
    """Version that a shared link shows, and the token of the link."""

    token: str = ""
    work: Work | None = None


@dataclass(frozen=True, slots=True)
class SharedView:
    """Selection on the page of a shared link: side of the change, zone, lycée."""

    side: str = "Après"
    zone: str | None = None
    lycee: str | None = None

    def within(self, plan: Plan) -> Self:
        """Return the view without a zone or a lycée that is not in a plan."""
        zone = self.zone if plan.has_zone(self.zone) else None
        lycee = self.lycee if self.lycee in plan.zone_by_lycee else None
        return replace(self, zone=zone, lycee=lycee)
