"""Rows of the tables of a bilan: the parts of an area, and its months."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from geozones.common.french import NBSP, long_date, number, plural
from geozones.experiment.observed import Observed, Observer
from geozones.experiment.observed_figures import BY_KEY
from geozones.workspace.experiment.areas import (
    Area,
    lycee_area,
    recorded,
    sector_area,
    zone_area,
)
from geozones.workspace.study import Study

#: Figures of the tables, after the number of requests.
TABLE_KEYS = ("presence", "visits_per_month", "absence_rate", "cover_share")
#: Name of the parts of an area by its kind, a text for `worded`.
PART_NAMES = {"region": "secteur", "sector": "zone", "zone": "{site}"}


@dataclass(frozen=True)
class AreaRow:
    """Row of a table: a sector, a zone, a lycée or a month.

    ``requests`` is a number, so that rows add up to their area; ``figures`` are texts by key.
    """

    name: str
    place: str
    requests: int
    figures: Mapping[str, str]
    gap: int | None

    @property
    def cells(self) -> tuple[str, ...]:
        """The cells under `HEADS`."""
        figures = (self.figures.get(key, "—") for key in TABLE_KEYS)
        return number(self.requests), *figures, "—" if self.gap is None else number(self.gap)


def _heads() -> tuple[str, ...]:
    labels = []
    for figure in map(BY_KEY.__getitem__, TABLE_KEYS):
        unit = "rythme par mois" if figure.is_rate else figure.unit
        labels.append(figure.label if unit == "%" else f"{figure.label}, {unit}")
    return "Demandes", *labels, "Jours ouvrés de suite sans personne, au plus"


#: Titles of the columns, after the name of the row.
HEADS = _heads()


def part_rows(study: Study, watched: Observer, area: Area) -> tuple[AreaRow, ...]:
    """Return the sectors of the whole, the zones of a sector, or the lycées of a zone."""
    rows = []
    for part in _parts(study, watched, area):
        name = part.name.removeprefix("le ").removeprefix("la ")
        seen = watched.observe(part.lycees)
        asked = watched.work(frozenset(part.lycees)).asked
        rows.append(_row(_capital(name), f"{part.kind}:{part.key}", asked, seen))
    return tuple(rows)


def month_rows(watched: Observer, area: Area) -> tuple[AreaRow, ...]:
    """Return the months of the journal, each with its number of working days."""
    rows = []
    for month in watched.months:
        seen = watched.observe(area.lycees, month)
        first = date.fromisoformat(f"{month}-02")
        name = _capital(long_date(first.isoformat()).partition(" ")[2])
        days = plural(seen.days, "jour ouvré", "jours ouvrés")
        asked = watched.work(frozenset(area.lycees), month).asked
        rows.append(_row(f"{name} ({days})", "", asked, seen))
    return tuple(rows)


def _parts(study: Study, watched: Observer, area: Area) -> Sequence[Area]:
    plan = study.plan
    if area.kind == "region":
        held = recorded(study, watched)
        return [sector_area(study, sector.id) for sector in plan.sectors if sector.id in held]
    if area.kind == "sector":
        zones = (zone for zone in plan.zones_of(area.key) if plan.members(zone.id))
        return [zone_area(study, zone.id) for zone in zones]
    return [lycee_area(study, lycee) for lycee in area.lycees]


def _row(name: str, place: str, requests: int, seen: Observed) -> AreaRow:
    texts = {}
    for key in TABLE_KEYS:
        figure, estimate = BY_KEY[key], seen.estimates[key]
        if estimate is not None:
            unit = f"{NBSP}%" if figure.unit == "%" else ""
            texts[key] = f"{figure.number_text(estimate.value)}{unit}"
    return AreaRow(name, place, requests, texts, seen.gaps[0].days if seen.gaps else None)


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]
