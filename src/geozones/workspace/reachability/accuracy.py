"""Accuracy of the tool's minutes against reference driving times."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import batched

from geozones.domain import TravelTimes, UnknownPlaceError
from geozones.travel.estimate import crow_km
from geozones.workspace.analysis import Analysis
from geozones.workspace.reachability.references import Reference, References
from geozones.workspace.reachability.trips import point_of, times_between


@dataclass(frozen=True, slots=True)
class DriveClass:
    """Class of drives: its name, its description, its upper bound of crow distance."""

    name: str
    about: str
    below_km: float


#: Classes of drives, by the crow distance between their ends. Nearly all short ones are in a town.
KINDS = (
    DriveClass("courts", "moins de 8 km à vol d'oiseau", 8.0),
    DriveClass("moyens", "de 8 à 25 km", 25.0),
    DriveClass("longs", "25 km et plus", math.inf),
)
#: Drives per request to an engine: as many rows and columns fit in one request of most engines.
_AT_ONCE = 50


def drive_class(km: float) -> DriveClass:
    """Return the class of a drive whose ends are some km apart as the crow flies."""
    return next(kind for kind in KINDS if km < kind.below_km)


@dataclass(frozen=True, slots=True)
class Checked:
    """A reference beside the tool's figure, in minutes; the error is in % of the reference."""

    reference: Reference
    kind: str
    minutes: float
    low: float
    high: float
    source: str
    date: str
    estimated: bool

    @property
    def percent(self) -> float:
        """Excess of the tool's figure over the reference, in % of the reference."""
        return (self.minutes / self.reference.minutes - 1) * 100

    @property
    def is_covered(self) -> bool:
        """Whether the reference is within the tool's interval."""
        return self.low <= self.reference.minutes <= self.high


@dataclass(frozen=True, slots=True)
class Errors:
    """Errors of some drives, in % of the references.

    Parameters
    ----------
    pairs
        Number of drives.
    mae_percent, bias_percent, worst_percent
        Mean absolute error, mean error (above 0: the tool is too long), greatest absolute error.
    covered
        Number of references within the tool's interval, which should contain 80 of 100.
    """

    pairs: int
    mae_percent: float
    bias_percent: float
    worst_percent: float
    covered: int

    @property
    def coverage_percent(self) -> float:
        """Share of the references within the tool's interval, in %."""
        return 100 * self.covered / self.pairs


@dataclass(frozen=True, eq=False)
class Accuracy:
    """Comparison of references with the tool's minutes.

    Parameters
    ----------
    references
        The references.
    checked
        Each reference for which the tool has a figure, the worst error first.
    unknown
        The other references: no way, or a lycée that a scenario left out.
    """

    references: References
    checked: tuple[Checked, ...]
    unknown: tuple[Reference, ...]

    @property
    def overall(self) -> Errors | None:
        """The errors of all drives; ``None`` without any figure."""
        return errors_of(self.checked)

    @property
    def by_kind(self) -> Mapping[str, Errors]:
        """The errors of each class of drives that has references."""
        some = {
            kind.name: errors_of([entry for entry in self.checked if entry.kind == kind.name])
            for kind in KINDS
        }
        return {name: errors for name, errors in some.items() if errors is not None}


def errors_of(checked: Sequence[Checked]) -> Errors | None:
    """Return the errors of some drives; ``None`` for no drive."""
    if not checked:
        return None
    percents = [entry.percent for entry in checked]
    sizes = [abs(percent) for percent in percents]
    count = len(checked)
    return Errors(
        pairs=count,
        mae_percent=sum(sizes) / count,
        bias_percent=sum(percents) / count,
        worst_percent=max(sizes),
        covered=sum(entry.is_covered for entry in checked),
    )


@lru_cache(maxsize=16)
def accuracy_of(analysis: Analysis, references: References) -> Accuracy:
    """Compare references with the minutes in use, peak hours included.

    Raises
    ------
    EngineError
        If a drive is not in the matrix and no engine has an answer.
    """
    placed = {time: _is_placed(analysis, time) for time in references.times}
    tables = _tables(analysis, [time for time, known in placed.items() if known])
    found = {time: _check(analysis, time, table) for time, table in tables.items()}
    checked = [entry for entry in found.values() if entry is not None]
    checked.sort(key=lambda entry: (-abs(entry.percent), entry.reference.line))
    unknown = tuple(time for time in references.times if found.get(time) is None)
    return Accuracy(references, tuple(checked), unknown)


def _is_placed(analysis: Analysis, time: Reference) -> bool:
    """Tell whether both places are still in the territory: a scenario may leave a lycée out."""
    try:
        for place in (time.origin, time.destination):
            point_of(analysis.territory, place)
    except UnknownPlaceError:
        return False
    return True


def _tables(analysis: Analysis, times: Sequence[Reference]) -> dict[Reference, TravelTimes]:
    """Return the table with the drive of each reference: the matrix in use, else an engine's."""
    territory = analysis.territory
    tables: dict[Reference, TravelTimes] = {}
    asked: list[Reference] = []
    for time in times:
        if {time.origin, time.destination} <= territory.positions.keys():
            tables[time] = analysis.times
        elif time.origin in territory.positions and time.destination in territory.drives.communes:
            tables[time] = _to_communes(analysis)
        else:
            asked.append(time)
    for some in batched(asked, _AT_ONCE):
        origins = {time.origin: point_of(territory, time.origin) for time in some}
        destinations = {time.destination: point_of(territory, time.destination) for time in some}
        answer = times_between(analysis, origins, destinations)
        tables |= dict.fromkeys(some, answer.times)
    return tables


@lru_cache(maxsize=4)
def _to_communes(analysis: Analysis) -> TravelTimes:
    return analysis.under_traffic(analysis.territory.drives.to_communes)


def _check(analysis: Analysis, time: Reference, table: TravelTimes) -> Checked | None:
    """Return a reference beside the tool's figure; ``None`` if there is no way."""
    pair = (time.origin, time.destination)
    minutes = table.between(*pair)
    if not math.isfinite(minutes):
        return None
    low, high = table.interval(*pair)
    maker = table.made_by(*pair)
    km = crow_km(*(point_of(analysis.territory, place) for place in pair))
    return Checked(
        reference=time,
        kind=drive_class(km).name,
        minutes=minutes,
        low=low,
        high=high,
        source=maker.engine,
        date=maker.date,
        estimated=table.is_estimated(*pair),
    )
