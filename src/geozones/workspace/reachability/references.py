"""Reference driving times, shipped or a user's own, and the places that they name."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path

from rapidfuzz import fuzz, process

from geozones.common.errors import DataFileError, InputError, shortened
from geozones.common.files import ordinary, why
from geozones.common.french import folded, listing, plural
from geozones.domain.identifiers import commune_place, is_uai
from geozones.domain.places import read_coordinates
from geozones.domain.terms import terms
from geozones.intake.directory import Words, name_words
from geozones.intake.travel_tables import (
    CHECKED,
    FITTED,
    MAX_BYTES,
    Fault,
    TimeRow,
    read_time_table,
)
from geozones.travel.engine import REACH_KM, Point
from geozones.workspace.reachability.trips import km_to_lycees, point_of
from geozones.workspace.territory import Territory

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
            return self._at(text)
        return self._named(text)

    def _commune_of(self, insee: str) -> str:
        place = commune_place(insee)
        if place not in self._territory.drives.communes:
            raise InputError(f"« {insee} » n'est le code d'aucune commune du territoire.")
        return place

    def _at(self, text: str) -> str:
        spot = read_coordinates(text)
        if self._is_far((spot.lat, spot.lon)) and not self._is_far((spot.lon, spot.lat)):
            raise InputError(
                f"« {shortened(text)} » : latitude et longitude semblent inversées, écrivez "
                f"« {spot.lon:g},{spot.lat:g} »."
            )
        place = f"{spot.lat},{spot.lon}"
        point_of(self._territory, place)
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
            if where in {"", self._departement(place)}
        ]
        if "lycee" in folded(name).split():
            communes = []
        elif communes:
            # « Luçon » is the commune, even if a lycée's name reduces to the same words
            lycees = [key for key in lycees if self._is_called(key, name)]
        found = [*lycees, *communes]
        if len(found) == 1:
            return found[0]
        raise InputError(self._several(text, found) if found else self._unknown(text))

    def _is_in(self, lycee: str, where: str) -> bool:
        """Tell whether brackets after a name fit a lycée: its commune, or brackets in its name."""
        entry = self._territory.lycees[lycee]
        return where in {"", folded(entry.commune)} or f"({where})" in entry.name.casefold()

    def _is_called(self, lycee: str, name: str) -> bool:
        return folded(self._territory.lycees[lycee].name) == folded(name)

    def _departement(self, place: str) -> str:
        return next(e.departement for e in self._territory.atlas.communes if e.place == place)

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
        """« donnée par » whom and when, as the file says: the minutes are someone's."""
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


def read_references(territory: Territory, content: bytes, name: str) -> References:
    """Read a user's table of driving times.

    Parameters
    ----------
    territory
        The lycées and communes that the table may name.
    content
        CSV or a spreadsheet, with columns « de », « a » and « minutes ».
    name
        Title on screen.
    """
    table = read_time_table(content)
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
