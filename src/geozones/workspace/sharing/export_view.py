"""Views of an export: the region, a sector, a zone, two plans side by side."""

from dataclasses import dataclass

from geozones.common.errors import InputError
from geozones.domain import Plan
from geozones.domain.terms import terms
from geozones.export.text import printable

_VIEWS = "region, sector:CODE, zone:CODE, compare:A:B ou before-after"


@dataclass(frozen=True, slots=True)
class ExportView:
    """View of a dossier: ``kind`` is region, sector, zone, compare or before-after.

    ``codes`` are the ids of the sector, of the zone, or of the two scenarios.
    """

    kind: str = "region"
    codes: tuple[str, ...] = ()


def read_view(text: str) -> ExportView:
    """Read ``region``, ``sector:ID``, ``zone:ID``, ``compare:A:B`` or ``before-after``.

    Raises
    ------
    InputError
        If the text is none of them.
    """
    kind, *codes = text.strip().split(":")
    wanted = {"region": 0, "sector": 1, "zone": 1, "compare": 2, "before-after": 0}
    if wanted.get(kind) != len(codes) or not all(codes):
        msg = f"La vue « {printable(text)[:60]} » n'existe pas : écrivez {_VIEWS}."
        raise InputError(msg)
    return ExportView(kind, tuple(codes))


@dataclass(frozen=True, slots=True)
class ViewedArea:
    """Part of a plan in view: a sector or a zone (ids), the whole region without either."""

    sector: str | None = None
    zone: str | None = None

    def zones_in(self, plan: Plan) -> tuple[str, ...]:
        """Return its zones (ids) with lycées in a plan; none if the plan lacks the area."""
        return tuple(
            zone.id
            for zone in plan.zones
            if self.sector in (None, zone.sector)
            and self.zone in (None, zone.id)
            and plan.members(zone.id)
        )

    def lycees_in(self, plan: Plan) -> tuple[str, ...]:
        """Return its lycées (ids) in a plan that has the area."""
        if self.zone is not None:
            return tuple(plan.members(self.zone))
        return tuple(plan.lycees if self.sector is None else plan.lycees_of(self.sector))


REGION = ViewedArea()


def area_of(view: ExportView, plan: Plan) -> ViewedArea:
    """Return the part of a plan that a view shows.

    Raises
    ------
    UnknownSectorError, UnknownZoneError
        If the plan lacks the sector or the zone.
    InputError
        If it has no lycée.
    """
    nothing = f"pas {terms().site.of} : il n'y a rien à montrer."
    if view.kind == "sector":
        (code,) = view.codes
        sector = plan.sector(code)
        if not plan.lycees_of(code):
            msg = f"Le secteur {sector.name} n'a {nothing}"
            raise InputError(msg)
        return ViewedArea(sector=code)
    if view.kind == "zone":
        (code,) = view.codes
        zone = plan.zone(code)
        if not plan.members(code):
            msg = f"La zone {zone.name} n'a {nothing}"
            raise InputError(msg)
        return ViewedArea(zone=code)
    return REGION
