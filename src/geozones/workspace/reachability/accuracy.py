"""Accuracy of minutes against reference times, shipped or a user's own; two matrices compared."""

import math
import os
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import batched, combinations
from pathlib import Path

import numpy as np
from rapidfuzz import fuzz, process

from geozones.common.errors import DataFileError, InputError, shortened
from geozones.common.files import ordinary, why
from geozones.common.french import folded, listing, plural
from geozones.domain import TravelTimes, UnknownPlaceError
from geozones.domain.identifiers import commune_place, is_uai
from geozones.domain.places import read_coordinates
from geozones.domain.terms import terms
from geozones.domain.times import FloatArray
from geozones.export.attributes import rows_bytes
from geozones.intake.directory import Words, name_words
from geozones.intake.travel_tables import (
    CHECKED,
    FITTED,
    MAX_BYTES,
    Fault,
    TimeRow,
    read_time_table,
)
from geozones.travel.engine import REACH_KM, Point, crow_km, crow_km_table
from geozones.travel.engine_chain import NAMES
from geozones.travel.matrix_file import open_matrix
from geozones.workspace.figures.analysis import Analysis
from geozones.workspace.figures.study import Study
from geozones.workspace.folder.drives import Drives, Engines
from geozones.workspace.folder.territory import Territory
from geozones.workspace.reachability.accessibility import km_to_lycees, point_of

_UAI = re.compile(r"\d{7}[A-Z]")
_INSEE = re.compile(r"(?:COMMUNE:)?(\d[\dAB]\d{3})")
#: Characters of a position, in capitals.
_POSITION = frozenset("0123456789 .,;/°'\"′″’”+-−NSEWO()\u00a0\u202f")
_BRACKETS = re.compile(r"(.*)\(([^()]*)\)")
#: Similarity, from 0 to 100, above which a name is suggested as the intended spelling.
_LIKELY = 80.0
_SHOWN = 4


class PlaceNames:
    """Index of a territory's lycées and communes by the names and codes that people write."""

    def __init__(self, territory: Territory) -> None:
        self._territory = territory
        self._codes = {
            code: lycee.id for lycee in territory.lycees.values() for code in lycee.associated_uais
        } | {key.upper(): key for key in territory.lycees}
        by_words: defaultdict[Words, dict[str, None]] = defaultdict(dict)
        for lycee in territory.lycees.values():
            for name in (lycee.name, lycee.published_name):
                by_words[name_words(name)][lycee.id] = None
        self._lycees: Mapping[Words, Iterable[str]] = by_words
        communes: defaultdict[str, list[str]] = defaultdict(list)
        for entry in territory.atlas.communes:
            communes[folded(entry.name)].append(entry.place)
        self._communes: Mapping[str, list[str]] = communes
        self._labels = {entry.place: entry.name for entry in territory.atlas.communes} | {
            key: territory.name(key) for key in territory.lycees
        }
        lycees = territory.lycees
        self._folded = {(key, label): folded(label) for key, label in self._labels.items()}
        self._folded |= {(key, ""): folded(lycee.name) for key, lycee in lycees.items()}

    def label(self, place: str) -> str:
        """Return the name of a place in a sentence."""
        return self._labels.get(place, place)

    def place(self, text: str) -> str:
        """Return the place that a text means, as `trip_between` takes it.

        The text is a UAI, ``commune:CODE``, an INSEE code, a position, the name of a lycée (with
        its commune in brackets if several share it) or of a commune.
        """
        code = text.strip().upper()
        if code in self._codes:
            return self._codes[code]
        insee = _INSEE.fullmatch(code)
        if insee:
            return self._commune_of(insee[1])
        if _UAI.fullmatch(code):
            why = (
                f"{terms().site.no} n'a ce code"
                if is_uai(code)
                else "la lettre de ce code est fausse"
            )
            raise InputError(f"« {code} » : {why}.")
        if set(code) <= _POSITION and any(sign.isdecimal() for sign in code):
            spot = read_coordinates(text)
            if self._is_far((spot.lat, spot.lon)) and not self._is_far((spot.lon, spot.lat)):
                raise InputError(
                    f"« {shortened(text)} » : latitude et longitude semblent inversées, écrivez "
                    f"« {spot.lon:g},{spot.lat:g} »."
                )
            place = f"{spot.lat},{spot.lon}"
            point_of(self._territory, place)
            return place
        return self._named(text)

    def _commune_of(self, insee: str) -> str:
        place = commune_place(insee)
        if place not in self._territory.drives.communes:
            raise InputError(f"« {insee} » n'est le code d'aucune commune du territoire.")
        return place

    def _is_far(self, point: Point) -> bool:
        return abs(point[0]) > 90 or km_to_lycees(self._territory, point) > REACH_KM

    def _named(self, text: str) -> str:
        brackets = _BRACKETS.fullmatch(text.strip())
        name, where = (brackets[1], folded(brackets[2])) if brackets else (text, "")
        lycees = [key for key in self._lycees.get(name_words(name), ()) if self._is_in(key, where)]
        communes = [
            place
            for place in self._communes.get(folded(name), ())
            if where
            in {"", next(e.departement for e in self._territory.atlas.communes if e.place == place)}
        ]
        if "lycee" in folded(name).split():
            communes = []
        elif communes:
            # « Luçon » is the commune, even if a lycée's name reduces to the same words
            lycees = [
                key for key in lycees if folded(self._territory.lycees[key].name) == folded(name)
            ]
        found = [*lycees, *communes]
        if len(found) == 1:
            return found[0]
        raise InputError(self._several(text, found) if found else self._unknown(text))

    def _is_in(self, lycee_id: str, where: str) -> bool:
        """Tell whether brackets after a name fit a lycée: its commune, or brackets in its name."""
        entry = self._territory.lycees[lycee_id]
        return where in {"", folded(entry.commune)} or f"({where})" in entry.name.casefold()

    def _several(self, text: str, found: list[str]) -> str:
        names = [f"{self.label(place)} ({place})" for place in found[:_SHOWN]]
        return f"« {shortened(text)} » désigne plusieurs lieux : écrivez le code, {listing(names)}."

    def _unknown(self, text: str) -> str:
        sentence = (
            f"« {shortened(text)} » n'est ni {terms().site.a}, ni une commune, ni une position"
        )
        likely = process.extractOne(
            folded(text), self._folded, scorer=fuzz.ratio, score_cutoff=_LIKELY
        )
        if likely is not None:
            place = likely[2][0]
            return f"{sentence} ; est-ce {self.label(place)} ({place}) ?"
        return f"{sentence} : écrivez {terms().code.a}, un code INSEE ou « latitude,longitude »."


#: Name of the file in the data folder; a region may have none.
FILE = "temps_de_reference.csv"
_SHIPPED = "Temps de référence livrés"
_MOST_FAULTS = 3


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference driving time: two places (as `trip_between` takes them), minutes."""

    line: int
    origin: str
    destination: str
    minutes: float
    usage: str = ""
    author: str = ""
    source: str = ""


@dataclass(frozen=True, eq=False)
class References:
    """The reference times of one file."""

    name: str  # Title on screen.
    times: tuple[Reference, ...]  # One for each pair of places and direction.
    labels: dict[str, str]  # Name of each place in a sentence.
    unfilled: int = 0  # Number of lines without minutes.
    remarks: tuple[str, ...] = ()  # Doubts about the file's contents, in sentences.

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """The distinct sources of the times, as named in the file."""
        return tuple(dict.fromkeys(time.source for time in self.times if time.source))

    @property
    def given(self) -> str:
        """The words « donnée par … », with the authors that the file names."""
        authors = dict.fromkeys(time.author for time in self.times if time.author)
        return f"donnée par {listing(list(authors)) if authors else 'le fichier'}"

    @cached_property
    def held_out(self) -> "References":
        """The times that fitted nothing: control drives, else all. The tool's rate is theirs."""
        if not {FITTED, CHECKED} <= {time.usage for time in self.times}:
            return self
        checked = tuple(time for time in self.times if time.usage == CHECKED)
        return replace(self, name=f"{self.name}, trajets de contrôle", times=checked)


class ReferencesError(InputError):
    """Some lines of a table of times are invalid; ``faults`` has the error of each."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(faults, key=lambda fault: fault.line))
        sentences = [str(fault) for fault in self.faults[:_MOST_FAULTS]]
        left = len(self.faults) - len(sentences)
        if left:
            sentences.append(f"Et {plural(left, 'autre ligne', 'autres lignes')}.")
        super().__init__(" ".join([*sentences, "Aucune durée n'a été comparée."]))


def read_references(
    territory: Territory,
    content: bytes,
    name: str,
    corrections: Mapping[str, str] | None = None,
) -> References:
    """Read a user's table of driving times between lycées and communes of a territory.

    ``content`` is CSV or a spreadsheet, with columns « de », « a » and « minutes »; ``name`` is its
    title on screen, ``corrections`` are the columns that the user chose.
    """
    table = read_time_table(content, corrections)
    names, faults = PlaceNames(territory), list(table.faults)
    times: dict[tuple[str, str], Reference] = {}
    for row in table.rows:
        read = _read(row, names)
        if isinstance(read, Fault):
            faults.append(read)
            continue
        pair = (read.origin, read.destination)
        if pair in times:
            why_not = f"a : ce trajet est déjà à la ligne {times[pair].line}, gardez une durée."
            faults.append(Fault(row.line, why_not))
            continue
        times[pair] = read
    if faults:
        raise ReferencesError(faults)
    if not times:
        raise InputError(
            "Aucune durée n'est remplie : écrivez des minutes dans la colonne « minutes »."
        )
    labels = {place: names.label(place) for pair in times for place in pair}
    return References(name[:80], tuple(times.values()), labels, table.unfilled, table.remarks)


def _read(row: TimeRow, names: PlaceNames) -> Reference | Fault:
    """Return a line with its places resolved, or its error."""
    found = []
    for field, text in (("de", row.origin), ("a", row.destination)):
        try:
            found.append(names.place(text))
        except InputError as error:
            return Fault(row.line, f"{field} : {error}")
    origin, destination = found
    if origin == destination:
        return Fault(row.line, f"a : c'est le lieu de départ, {names.label(origin)}.")
    said = row.usage, row.author, row.source
    return Reference(row.line, origin, destination, row.minutes, *said)


def shipped_references(territory: Territory) -> References | None:
    """Return the times of the data folder; ``None`` if it has none."""
    return _shipped_with(territory.home)


@lru_cache(maxsize=4)
def _shipped_with(home: Territory) -> References | None:
    path = home.atlas.data.path / FILE
    if not path.is_file():
        return None
    try:
        return read_references(home, _content(path), _SHIPPED)
    except InputError as error:
        raise DataFileError(f"Le fichier de données {FILE} est altéré. {error}") from error


def _content(path: Path) -> bytes:
    try:
        with ordinary(path).open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise DataFileError(
            f"Le fichier de données {path.name} ne peut pas être lu : {why(error)}."
        ) from error


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
        answer = analysis.territory.drives.ask(origins, destinations)
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
