"""A document as a list: sectors, zones and rows, each with its line; nothing judged yet."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from geozones.intake.columns import Columns
from geozones.intake.documents import Note
from geozones.intake.prose import Leader, Step


@dataclass(frozen=True, slots=True)
class Fields:
    """What a row says of a lycée, as printed."""

    code: str = ""
    name: str = ""
    commune: str = ""
    departement: str = ""
    address: str = ""
    postcode: str = ""
    insee: str = ""
    lat: str = ""
    lon: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the list.

    Parameters
    ----------
    line
        Its number in the document; a row cut in two has that of its first part.
    text
        All of it, as printed.
    readings
        What its cells may be, the likeliest first: several where a tab was lost or the row is cut.
    zone
        The rank of its zone in the list; ``None`` before any zone.
    """

    line: int
    text: str
    readings: tuple[Fields, ...]
    zone: int | None


@dataclass(frozen=True, slots=True)
class ListedZone:
    """A zone: its rank, its name in the list (most have none), its sector's rank, its line."""

    rank: int
    name: str
    sector: int | None
    line: int


@dataclass(frozen=True, slots=True)
class ListedSector:
    """A sector: its rank, its name as printed, its line."""

    rank: int
    name: str
    line: int


@dataclass(frozen=True, slots=True)
class CutHeading:
    """A zone's heading that was cut: its line, as printed."""

    line: int
    printed: str


@dataclass(frozen=True)
class Listing:
    """What a document lists, before it is matched.

    ``columns`` are those of its first table; ``sure`` tells whether its titles said so.
    """

    rows: tuple[Row, ...]
    zones: tuple[ListedZone, ...]
    sectors: tuple[ListedSector, ...]
    cut: tuple[CutHeading, ...] = ()
    notes: tuple[Note, ...] = ()
    columns: Columns = field(default_factory=dict)
    sure: bool = True
    leaders: tuple[Leader, ...] = ()
    calendar: tuple[Step, ...] = ()
    titles: Mapping[int, str] = field(default_factory=dict)
