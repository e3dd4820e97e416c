"""Accuracy of the tool's minutes against reference times, its files; comparison of matrices."""

import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import batched, combinations
from pathlib import Path

import numpy as np

from geozones.common.errors import InputError
from geozones.domain import TravelTimes, UnknownPlaceError
from geozones.domain.times import FloatArray
from geozones.export.attributes import rows_bytes
from geozones.travel.engine import crow_km, crow_km_table
from geozones.travel.engine_chain import NAMES
from geozones.travel.matrix_file import open_matrix
from geozones.workspace.analysis import Analysis
from geozones.workspace.drives import Drives, Engines
from geozones.workspace.reachability.references import Reference, References
from geozones.workspace.reachability.trips import point_of, times_between
from geozones.workspace.study import Study


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
    """Errors of some drives, in % of the references."""

    pairs: int  # Number of drives.
    #: Mean absolute error, mean error (above 0: the tool is too long), greatest absolute error.
    mae_percent: float
    bias_percent: float
    worst_percent: float
    covered: int  # Number of references within the tool's interval, which should contain 80 of 100.

    @property
    def coverage_percent(self) -> float:
        """Share of the references within the tool's interval, in %."""
        return 100 * self.covered / self.pairs


@dataclass(frozen=True, eq=False)
class Accuracy:
    """Comparison of references with the tool's minutes."""

    references: References  # The references.
    #: Each reference for which the tool has a figure, the worst error first.
    checked: tuple[Checked, ...]
    #: The other references: no way, or a lycée that a scenario left out.
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
    """Compare references with the minutes in use."""
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
            tables[time] = territory.drives.to_communes
        else:
            asked.append(time)
    for some in batched(asked, _AT_ONCE):
        origins = {time.origin: point_of(territory, time.origin) for time in some}
        destinations = {time.destination: point_of(territory, time.destination) for time in some}
        answer = times_between(analysis, origins, destinations)
        tables |= dict.fromkeys(some, answer.times)
    return tables


def _check(analysis: Analysis, time: Reference, table: TravelTimes) -> Checked | None:
    """Return a reference beside the tool's figure; ``None`` if it has none."""
    pair = (time.origin, time.destination)
    minutes = table.between(*pair)
    if not math.isfinite(minutes) or table.least(*pair) is not None:
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


_TO_MEASURE = 20


def accuracy_csv(accuracy: Accuracy) -> bytes:
    """Return each reference beside the tool's figure, with its engine and date.

    References without a figure of the tool come last, with empty cells.
    """
    labels = accuracy.references.labels
    figures = {entry.reference: entry for entry in accuracy.checked}
    rows: list[dict[str, object]] = []
    for time in (*figures, *accuracy.unknown):
        entry = figures.get(time)
        rows.append(
            {
                "de": time.origin,
                "nom_de": labels[time.origin],
                "a": time.destination,
                "nom_a": labels[time.destination],
                "genre": entry and entry.kind,
                "minutes_reference": time.minutes,
                "minutes_outil": entry and round(entry.minutes, 2),
                "bas": entry and round(entry.low, 2),
                "haut": entry and round(entry.high, 2),
                "ecart_pourcent": entry and round(entry.percent, 2),
                "dans_la_fourchette": entry and entry.is_covered,
                "estime": entry and entry.estimated,
                "moteur": entry and entry.source,
                "date_du_calcul": entry and entry.date,
                "usage": time.usage or None,
                "source_reference": time.source or accuracy.references.name,
            }
        )
    return rows_bytes(rows)


def template_csv(study: Study) -> bytes:
    """Return a table to fill in: the drives between colleagues with the widest intervals."""
    times, plan, name = study.times, study.plan, study.name
    pairs = [pair for zone in plan.zones for pair in combinations(plan.members(zone.id), 2)]

    def doubt(pair: tuple[str, str]) -> float:
        low, high = times.interval(*pair)
        return math.log(high / low) if 0 < low < high < math.inf else 0.0

    pairs.sort(key=lambda pair: (-doubt(pair), pair))
    return rows_bytes(
        [
            {"de": a, "nom_de": name(a), "a": b, "nom_a": name(b)}
            | dict.fromkeys(("minutes", "auteur", "source"))
            for a, b in pairs[:_TO_MEASURE]
        ]
    )


_WORST = 10


@dataclass(frozen=True, slots=True)
class PairDifference:
    """A pair of lycées and its minutes in two matrices; ``percent`` is relative to the first."""

    origin: str
    destination: str
    first: float
    second: float
    percent: float


@dataclass(frozen=True, slots=True)
class KindBias:
    """Mean difference of the minutes of a class of drives, in % of the first matrix."""

    pairs: int
    bias_percent: float


@dataclass(frozen=True)
class MatrixComparison:
    """Differences of the second matrix from the first, over their common pairs."""

    pairs: int  # Number of common one-way pairs of lycées.
    #: Mean, mean absolute and greatest absolute difference of minutes, in % of the first.
    bias_percent: float
    mae_percent: float
    worst_percent: float
    #: The ten pairs with the greatest difference in minutes: percentages of short drives say
    #: little.
    worst: tuple[PairDifference, ...]
    only_one: int  # Number of pairs in only one of the two matrices.
    #: Bias of each class of drives (`geozones.workspace.reachability.accuracy.KINDS`) that has
    #: common pairs.
    by_kind: Mapping[str, KindBias]


def compare(drives: Drives, first: str, second: str) -> MatrixComparison:
    """Compare two engines (names) or matrix files (paths) over the pairs of lycées."""
    a, b = (_times_of(drives.of_folder, name) for name in (first, second))
    both = a.held & b.held & (a.minutes > 0)
    if not both.any():
        raise InputError(
            f"« {first} » et « {second} » n'ont aucun trajet en commun : rien à comparer."
        )
    percent = np.full(a.minutes.shape, np.nan)
    percent[both] = (b.minutes[both] / a.minutes[both] - 1) * 100
    gap = np.where(both, np.abs(b.minutes - a.minutes), -1.0)
    order = np.argsort(-gap, axis=None, kind="stable")
    worst = [divmod(int(at), len(a.destinations)) for at in order[:_WORST]]
    return MatrixComparison(
        pairs=int(both.sum()),
        bias_percent=float(percent[both].mean()),
        mae_percent=float(np.abs(percent[both]).mean()),
        worst_percent=float(np.abs(percent[both]).max()),
        worst=tuple(
            PairDifference(
                a.origins[i],
                a.destinations[j],
                float(a.minutes[i, j]),
                float(b.minutes[i, j]),
                float(percent[i, j]),
            )
            for i, j in worst
            if both[i, j]
        ),
        only_one=int((a.held ^ b.held).sum()),
        by_kind=_by_kind(drives, a, percent),
    )


def _by_kind(drives: Drives, first: TravelTimes, percent: FloatArray) -> dict[str, KindBias]:
    """Return the bias of each class of drives; ``percent`` is NaN for a pair not in common."""
    positions = drives.of_folder.lycees
    origins, destinations = (
        [positions[place] for place in places] for places in (first.origins, first.destinations)
    )
    km, least = crow_km_table(origins, destinations), 0.0
    found: dict[str, KindBias] = {}
    for kind in KINDS:
        some = percent[(km >= least) & (km < kind.below_km) & ~np.isnan(percent)]
        if some.size:
            found[kind.name] = KindBias(some.size, float(some.mean()))
        least = kind.below_km
    return found


def _times_of(drives: Drives, name: str) -> TravelTimes:
    """Return the times of an engine by itself, without the matrix in use, or of a file."""
    lycees = drives.lycees
    if name in NAMES:
        alone = Engines(drives.settings, drives.shipped, lycees, drives.communes)
        return alone.chain((name,)).matrix(lycees, lycees).times
    if os.path.isfile(name):  # noqa: PTH113 - is_file raises where a name is too long
        return open_matrix(Path(name), lycees).square(tuple(lycees))
    raise InputError(
        f"« {name} » n'est ni un moteur de trajets ({', '.join(NAMES)}) ni un fichier de matrice."
    )
