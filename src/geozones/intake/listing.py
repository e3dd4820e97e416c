"""Listing of a document before matching: its sectors, zones and rows, with their lines."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from geozones.intake.columns import Columns
from geozones.intake.documents import Note
from geozones.intake.paragraphs import Leader, ListedCalendarStep


@dataclass(frozen=True, slots=True)
class Fields:
    """Fields of a row about a lycée, as printed; empty if missing."""

    code: str = ""
    name: str = ""
    commune: str = ""
    departement: str = ""
    address: str = ""
    postcode: str = ""
    insee: str = ""
    lat: str = ""
    lon: str = ""

    @property
    def point(self) -> tuple[float, float] | None:
        """Latitude and longitude in WGS84 degrees; ``None`` if the cells give no position."""
        try:
            lat, lon = float(self.lat.replace(",", ".")), float(self.lon.replace(",", "."))
        except ValueError:
            return None
        return (lat, lon) if -90 <= lat <= 90 and -180 <= lon <= 180 else None


@dataclass(frozen=True, slots=True)
class ListedRow:
    """Row of the list.

    Parameters
    ----------
    line
        Its number in the document; for a row cut in two, the number of its first part.
    text
        The whole row, as printed.
    readings
        Possible fields, the likeliest first: several if tabs were lost or the row
        is cut.
    zone
        Rank of its zone in the list; ``None`` before any zone.
    """

    line: int
    text: str
    readings: tuple[Fields, ...]
    zone: int | None


@dataclass(frozen=True, slots=True)
class ListedZone:
    """Zone: its rank, its name in the list (most have none), its sector's rank, its line."""

    rank: int
    name: str
    sector: int | None
    line: int


@dataclass(frozen=True, slots=True)
class ListedSector:
    """Sector: its rank, its name as printed, its line."""

    rank: int
    name: str
    line: int


@dataclass(frozen=True, slots=True)
class CutHeading:
    """Heading of a zone of which only a part is printed: its line, and that part."""

    line: int
    printed: str


@dataclass(frozen=True)
class Listing:
    """Content of a document.

    Parameters
    ----------
    cut
        The zones' headings that are printed in part.
    columns
        Columns of the last table read.
    sure
        Whether titles name the columns; if not, they were guessed from the cells.
    leaders, calendar
        Leaders and calendar in the paragraphs around the tables; empty without any.
    titles
        Titles of the columns, by rank; empty where there are none.
    totals
        The lines of totals and means, which are no lycée: their text, by line.
    """

    rows: tuple[ListedRow, ...]
    zones: tuple[ListedZone, ...]
    sectors: tuple[ListedSector, ...]
    cut: tuple[CutHeading, ...] = ()
    notes: tuple[Note, ...] = ()
    columns: Columns = field(default_factory=dict)
    sure: bool = True
    leaders: tuple[Leader, ...] = ()
    calendar: tuple[ListedCalendarStep, ...] = ()
    titles: Mapping[int, str] = field(default_factory=dict)
    totals: tuple[Note, ...] = ()
