"""Choropleth of zones by a metric, in up to five classes; grey without a value."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from geozones.common.errors import InputError
from geozones.common.french import NBSP, number, plural
from geozones.domain import Plan
from geozones.domain.uncertainty import PARTLY_ESTIMATED
from geozones.metrics import VIGILANCE, Better, Metric, are_whole, bounds_of, colourable
from geozones.metrics.watch_list import watch_list
from geozones.render.palette import NO_VALUE, ramp
from geozones.workspace.estimated_figures import is_estimated
from geozones.workspace.study import Study
from geozones.workspace.vigilance import vigilance

#: Meaning of the order of the colours.
_ORDER = {
    Better.LOWER: "le plus clair est le meilleur",
    Better.HIGHER: "le plus clair est le meilleur",
    Better.NEITHER: "du plus petit, clair, au plus grand",
}


@dataclass(frozen=True)
class Colouring:
    """Colours by zone, and the legend.

    Parameters
    ----------
    colours
        Zone (id) -> ``#rrggbb``.
    legend
        A colour and its label, the best first; last the colour of zones without a value, if any.
    title
        The metric, with its unit and, for minutes, their moment.
    note
        Which way is better, the limit of a rule, the number of estimated figures.
    """

    colours: Mapping[str, str]
    legend: tuple[tuple[str, str], ...]
    title: str
    note: str


def colourings(study: Study | None = None) -> dict[str, str]:
    """Return the metrics that may colour zones, by key: their names with units.

    With a study, only metrics with a value in some zone: metrics of posts need posts.
    """
    known = None if study is None else _values(study, study.plan).values()
    return {
        record.key: _title(record)
        for record in colourable()
        if known is None or any(_number(values[record.key]) is not None for values in known)
    }


def colour_zones(study: Study, key: str) -> Colouring:
    """Return the colours of a plan's zones by a metric, one of `colourings`.

    Class bounds come from the shipped plan under the study's hypotheses, if it has values, so that
    moving a lycée does not change them. An infinite value is in the worst class.

    Raises
    ------
    InputError
        If the metric cannot colour zones.
    """
    record = next((record for record in colourable() if record.key == key), None)
    if record is None:
        msg = "Les zones ne se colorent pas par ce chiffre : choisissez-en un de la liste."
        raise InputError(msg)
    values = {zone: _number(of[key]) for zone, of in _values(study, study.plan).items()}
    shipped = [_number(of[key]) for of in _values(study, study.territory.plan).values()]
    finite = _finite(shipped) or _finite(values.values())
    bounds = bounds_of(record, study.settings, finite)
    shades = ramp(len(bounds) + 1)
    words = _words(record, bounds, whole=are_whole(finite))
    if math.inf in values.values():
        words[-1] += ", ou sans accès"
    if record.better is Better.HIGHER:
        shades = shades[::-1]
    legend = list(zip(shades, words, strict=True))
    if record.better is Better.HIGHER:
        legend.reverse()
    if None in values.values():
        missing = record.format.missing
        legend.append((NO_VALUE, "sans valeur" if missing == "—" else missing))
    colours = {
        zone: NO_VALUE if value is None else shades[sum(value > bound for bound in bounds)]
        for zone, value in values.items()
    }
    moment = study.analysis.peak_note if record.unit == "min" else ""
    known = [zone for zone, value in values.items() if value is not None]
    return Colouring(colours, tuple(legend), _title(record) + moment, _note(study, record, known))


def _values(study: Study, plan: Plan) -> dict[str, dict[str, object]]:
    """Return the metrics of each non-empty zone of a plan, with its count of points to watch."""
    shown = study.with_plan(plan)
    watched = watch_list(vigilance(shown))
    points = Counter(point.zone for point in watched.counted)
    return {
        zone.id: {
            **shown.area(zone=zone.id),
            VIGILANCE.key: shown.kept_metrics(zone=zone.id).get(VIGILANCE.key, points[zone.id]),
        }
        for zone in plan.zones
        if plan.members(zone.id)
    }


def _number(value: object) -> float | None:
    """Return a value if it is a number, unconverted: whole numbers stay integers."""
    return value if isinstance(value, (int, float)) else None


def _finite(values: Iterable[float | None]) -> list[float]:
    return [value for value in values if value is not None and math.isfinite(value)]


def _title(record: Metric) -> str:
    has_unit = not record.unit or record.unit.casefold() in record.label.casefold()
    return record.label if has_unit else f"{record.label} ({record.unit})"


def _note(study: Study, record: Metric, zones: Sequence[str]) -> str:
    """Describe which way is better, the rule's limit, and how many ``zones`` use an estimate."""
    parts = [_ORDER[record.better]]
    if record.limit is not None:
        parts.append(record.limit(study.settings).words)
    if record is not VIGILANCE:
        guessed = sum(is_estimated(study, record, study.area(zone=zone), [zone]) for zone in zones)
        parts += [f"{PARTLY_ESTIMATED} dans {plural(guessed, 'zone')}"] if guessed else []
    return " · ".join(parts)


def _words(record: Metric, bounds: Sequence[float], *, whole: bool) -> list[str]:
    """Return the label of each class, the lowest first; whole-number classes do not overlap."""
    digits = 0 if all(bound == round(bound) for bound in bounds) else 1

    def written(value: float) -> str:
        return number(value, digits)

    def up_to(low: float, high: float) -> str:
        first = low + 1 if whole else low
        return written(high) if first == high else f"{written(first)} à {written(high)}"

    unit = f"{NBSP}{record.unit}" if record.unit else ""
    first = "0" if bounds[0] == 0 else f"{written(bounds[0])}{unit} au plus"
    middle = [up_to(low, high) for low, high in pairwise(bounds)]
    return [first, *middle, f"plus de {written(bounds[-1])}{unit}"]
