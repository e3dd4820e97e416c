"""Reference driving times to compare the tool's minutes with: shipped, or a user's own."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path

from geozones.common.errors import DataFileError, InputError
from geozones.common.files import ordinary, why
from geozones.common.french import plural
from geozones.intake.time_table import CHECKED, FITTED, MAX_BYTES, Fault, TimeRow, read_time_table
from geozones.workspace.reachability.place_names import PlaceNames
from geozones.workspace.territory import Territory

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
    source: str = ""


@dataclass(frozen=True, eq=False)
class References:
    """The reference times of one file.

    Parameters
    ----------
    name
        Title on screen.
    times
        One for each pair of places and direction.
    labels
        Name of each place in a sentence.
    unfilled
        Number of lines without minutes.
    remarks
        Doubts about the file's contents, in sentences.
    """

    name: str
    times: tuple[Reference, ...]
    labels: dict[str, str]
    unfilled: int = 0
    remarks: tuple[str, ...] = ()

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """The distinct sources of the times, as named in the file."""
        return tuple(dict.fromkeys(time.source for time in self.times if time.source))

    @cached_property
    def parts(self) -> tuple["References", ...]:
        """All times; then the control half, if other times were used to fit the model."""
        usages = {time.usage for time in self.times}
        if not {FITTED, CHECKED} <= usages:
            return (self,)
        checked = tuple(time for time in self.times if time.usage == CHECKED)
        return (self, replace(self, name=f"{self.name}, moitié de contrôle", times=checked))


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

    Raises
    ------
    ReferencesError
        If a line names an unknown place or the same one twice, repeats another line, or has
        invalid minutes.
    InputError
        If the file cannot be read, lacks a column, or has no minutes at all.
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
        msg = "Aucune durée n'est remplie : écrivez des minutes dans la colonne « minutes »."
        raise InputError(msg)
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
    return Reference(row.line, origin, destination, row.minutes, row.usage, row.source)


def shipped_references(territory: Territory) -> References | None:
    """Return the times of the data folder; ``None`` if it has none.

    Raises
    ------
    DataFileError
        If the file cannot be read, or one of its lines is invalid.
    """
    return _shipped_with(territory.home)


@lru_cache(maxsize=4)
def _shipped_with(home: Territory) -> References | None:
    path = home.atlas.data.path / FILE
    if not path.is_file():
        return None
    try:
        return read_references(home, _content(path), _SHIPPED)
    except InputError as error:
        msg = f"Le fichier de données {FILE} est altéré. {error}"
        raise DataFileError(msg) from error


def _content(path: Path) -> bytes:
    try:
        with ordinary(path).open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except OSError as error:
        msg = f"Le fichier de données {path.name} ne peut pas être lu : {why(error)}."
        raise DataFileError(msg) from error
