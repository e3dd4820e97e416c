"""Covers of absences, cached for each zone and its posts."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from geozones.domain import Plan, TravelTimes
from geozones.domain.cover import Cover, CoverFigures, pair_figures, single_figures
from geozones.domain.settings import TeamSettings
from geozones.domain.teams import Teams
from geozones.domain.terms import worded
from geozones.teams.zone_cover import ZoneTeam, cover_of
from geozones.workspace.calendar import technicians_by_sector
from geozones.workspace.territory import Territory

_MEMORY = 4096


@dataclass(frozen=True)
class CoverDuty:
    """Coverage of absences by the posts of some zones.

    Parameters
    ----------
    covers
        Who covers whom, by zone (id); zones without posts are left out.
    single, pairs
        Figures over every absence of one person, and of two at once; ``None`` without posts.
    """

    covers: dict[str, Cover]
    single: CoverFigures | None
    pairs: CoverFigures | None


class Covers:
    """Covers over one territory, one matrix and one set of hypotheses; cached by zone.

    ``times`` are minutes between lycées under the traffic of the analysis.
    """

    def __init__(self, territory: Territory, times: TravelTimes, settings: TeamSettings) -> None:
        self._territory, self._times, self._settings = territory, times, settings
        self._cover = lru_cache(maxsize=_MEMORY)(_cover)

    def of(self, teams: Teams) -> Callable[[Plan, str], Cover | None] | None:
        """Return a function from a plan and a zone (id) to its cover, as `Evaluator` takes it.

        Return ``None`` if there are no posts at all.
        """
        if not teams.posts:
            return None
        return lambda plan, zone: self.cover(plan, teams, zone)

    def team(self, plan: Plan, teams: Teams, zone: str) -> ZoneTeam:
        """Return the team of a zone (id), with the T.I.S. that the team can call."""
        sector = plan.sector(plan.zone(zone).sector)
        technicians = 0
        if self._settings.tis_replaces and sector.support_centre is not None:
            technicians = technicians_by_sector(plan, self._territory.atlas.calendar)[sector.id]
        return ZoneTeam(
            zone=zone,
            sector=sector.id,
            members=plan.members(zone),
            posts=teams.of_zone(zone),
            times=self._times,
            settings=self._settings,
            centre=sector.support_centre,
            technicians=technicians,
            needs=self.needs(plan, teams, zone),
        )

    def needs(self, plan: Plan, teams: Teams, zone: str) -> dict[str, int]:
        """Return the half-days a week that each lycée (id) of a zone needs."""
        lycees = self._territory.lycees
        return {key: teams.need(lycees[key]).half_days for key in plan.members(zone)}

    def cover(
        self, plan: Plan, teams: Teams, zone: str, technicians: int | None = None
    ) -> Cover | None:
        """Return who covers whom in a zone (id); ``None`` if the zone has no post.

        ``technicians`` is the number of T.I.S. of its sector, by default the calendar's. It has no
        effect unless T.I.S. replace absent technicians (``tis_replaces``).
        """
        if not teams.of_zone(zone):
            return None
        team = self.team(plan, teams, zone)
        counts = self._settings.tis_replaces and team.centre is not None
        if technicians is not None and counts:
            team = replace(team, technicians=technicians)
        return self._cover(_CoverKey(team, plan.zone(zone).name))

    def standing(
        self, plan: Plan, teams: Teams, zones: Iterable[str], technicians: int | None = None
    ) -> CoverDuty:
        """Return the coverage of absences in some zones (ids); arguments as `cover`."""
        by_zone = {
            zone: cover
            for zone in zones
            if (cover := self.cover(plan, teams, zone, technicians)) is not None
        }
        covers = list(by_zone.values())
        return CoverDuty(by_zone, single_figures(covers), pair_figures(covers))


@dataclass(frozen=True)
class _CoverKey:
    """Cache key of a cover; its drives and settings are the same for the whole `Covers`."""

    team: ZoneTeam
    name: str

    @cached_property
    def _parts(self) -> tuple[object, ...]:
        team = self.team
        people = (team.members, team.posts, tuple(team.needs.items()))
        return (self.name, team.sector, team.centre, team.technicians, *people)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _CoverKey) and self._parts == other._parts

    def __hash__(self) -> int:
        """Hash by content."""
        return hash(self._parts)


def _cover(key: _CoverKey) -> Cover:
    labels = {
        post.id: worded("{Proximity_technician} ") + f"{rank} – zone {key.name}"
        for rank, post in enumerate(key.team.posts, 1)
    }
    return cover_of(key.team, lambda post: labels[post.id])
