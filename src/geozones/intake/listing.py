"""Listing of a document before matching: sectors, zones, rows, leaders, calendar."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from geozones.common.french import folded, lookalike
from geozones.domain.identifiers import is_uai
from geozones.intake.documents import Columns, DocumentLine, Note

_SECTOR_NAMED = re.compile(
    r"(?:le\s+)?secteur\s+(?:de\s+la\s+|du\s+|de\s+|des\s+|d')?(?P<name>.+?)\s*[-–:]\s*"
    r"R\.?N\.?S\.?\s*:\s*(?P<rns>.+)",
    re.IGNORECASE,
)
_CENTRE = re.compile(r"centre\s+support\s*:\s*(?P<centre>.+)", re.IGNORECASE)
#: Most lines between the RNS and the support centre.
_LINES_BELOW = 4
_MONTHS = {
    "janvier": 1, "février": 2, "mars": 3, "avril": 4, "mai": 5, "juin": 6, "juillet": 7,
    "août": 8, "septembre": 9, "octobre": 10, "novembre": 11, "décembre": 12,
}  # fmt: skip
_STEP = re.compile(
    r"(?P<rentree>\bRentrée\b)"
    r"|\bscolaire\s+(?P<year>\d{2})\s*/\s*(?P<next>\d{2})"
    rf"|(?P<day>\d{{1,2}}|1er)\s+(?P<month>{'|'.join(_MONTHS)})\s+(?P<date>20\d{{2}})"
    r"(?P<colon>\s*:)?"
    r"|(?P<action>\b1 RNS|\bTransformation|\bRattachement|\bNomination|\bMise en œuvre|\bBilans?"
    r"|\bGénéralisation)"
)

#: The month of the next date, which a flattened table leaves behind an action.
_LEFT_OVER = re.compile(rf"\s+(?:{'|'.join(_MONTHS)})$")


@dataclass(frozen=True, slots=True)
class Leader:
    """RNS of a sector and its support centre, as printed; ``row`` is the line."""

    row: int
    sector: str
    rns: str
    centre: str = ""


@dataclass(frozen=True, slots=True)
class ListedCalendarStep:
    """Step of the calendar: its ISO date, the date as printed, the actions due then."""

    date: str
    label: str
    actions: tuple[str, ...]


def read_leaders(lines: Sequence[DocumentLine]) -> tuple[Leader, ...]:
    """Read « Le secteur … - RNS : … » and the « Centre Support : … » below each."""
    result = []
    for rank, line in enumerate(lines):
        match = _SECTOR_NAMED.fullmatch(line.text.strip())
        if match is not None:
            name, rns = " ".join(match["name"].split()), " ".join(match["rns"].split())
            centre = _centre(lines[rank + 1 : rank + 1 + _LINES_BELOW])
            result.append(Leader(line.number, name, rns, centre))
    return tuple(result)


def _centre(below: Sequence[DocumentLine]) -> str:
    """Return the support centre named in the lines below an RNS, up to the next sector."""
    for line in below:
        text = line.text.strip()
        if _SECTOR_NAMED.fullmatch(text):
            break
        match = _CENTRE.fullmatch(text)
        if match:
            return match["centre"].strip()
    return ""


def read_calendar(lines: Sequence[DocumentLine]) -> tuple[ListedCalendarStep, ...]:
    """Read the calendar of the experiment.

    It is a table of a slide, flattened into one line by copying. The label of a « Rentrée
    scolaire » comes in two parts, among its actions. A date followed by a colon has one action;
    any other date has the actions up to the next date.
    """
    for line in lines:
        if "RNS par secteur" in line.text and "scolaire" in line.text:
            return _steps(line.text)
    return ()


@dataclass
class _StepDraft:
    """Step under construction; ``date`` is empty for a rentrée whose year is not yet read."""

    date: str
    label: str
    actions: list[str]
    takes_one_action: bool = False


def _steps(text: str) -> tuple[ListedCalendarStep, ...]:
    marks = list(_STEP.finditer(text))
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    steps: list[_StepDraft] = []
    current: _StepDraft | None = None
    #: actions printed before their date
    waiting: list[str] = []
    for mark, end in zip(marks, ends, strict=True):
        if mark["action"]:
            action = _LEFT_OVER.sub("", text[mark.start() : end].strip())
            (waiting if current is None else current.actions).append(action)
            if current is not None and current.takes_one_action:
                current = None
        elif mark["year"]:
            if steps and not steps[-1].date:
                steps[-1].date = f"20{mark['year']}-09-01"
                steps[-1].label = f"Rentrée scolaire {mark['year']}/{mark['next']}"
        else:
            date, label = ("", "Rentrée") if mark["rentree"] else _date(mark)
            current = _StepDraft(date, label, waiting, takes_one_action=bool(mark["colon"]))
            waiting = []
            steps.append(current)
    return tuple(
        ListedCalendarStep(step.date, step.label, tuple(step.actions))
        for step in steps
        if step.date
    )


def _date(mark: re.Match[str]) -> tuple[str, str]:
    """Return a date in ISO form, and as printed."""
    day = 1 if mark["day"] == "1er" else int(mark["day"])
    iso = f"{mark['date']}-{_MONTHS[mark['month']]:02d}-{day:02d}"
    return iso, f"{mark['day']} {mark['month']} {mark['date']}"


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
    """Row of the list."""

    line: int  # Its number in the document; for a row cut in two, the number of its first part.
    text: str  # The whole row, as printed.
    #: Possible fields, the likeliest first: several if tabs were lost or the row is cut.
    readings: tuple[Fields, ...]
    zone: int | None  # Rank of its zone in the list; ``None`` before any zone.


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
    """Content of a document."""

    rows: tuple[ListedRow, ...]
    zones: tuple[ListedZone, ...]
    sectors: tuple[ListedSector, ...]
    cut: tuple[CutHeading, ...] = ()  # The zones' headings that are printed in part.
    notes: tuple[Note, ...] = ()
    columns: Columns = field(default_factory=dict)  # Columns of the last table read.
    sure: bool = True  # Whether titles name the columns; if not, they were guessed from the cells.
    #: Leaders and calendar in the paragraphs around the tables; empty without any.
    leaders: tuple[Leader, ...] = ()
    calendar: tuple[ListedCalendarStep, ...] = ()
    #: Titles of the columns, by rank; empty where there are none.
    titles: Mapping[int, str] = field(default_factory=dict)
    #: The lines of totals and means, which are no lycée: their text, by line.
    totals: tuple[Note, ...] = ()


ZONE = "Zone de continuité de service"
_ZONE = lookalike(ZONE)
#: A heading as in text copied from a slide: its beginning, then the whole of it.
_TWICE = lookalike(f"Zone de contin {ZONE}")
_END = lookalike("service")
_SECTOR = lookalike("secteur")
_SAME_WORD = 84.0
_LONGEST = 60
#: Least similarity of a line with a part of a heading; a long heading looks like nothing else.
_PART, _LONG_PART, _LONG = 85.0, 76.0, 16
_SHORTEST_START, _SHORTEST_PART = 6, 8
_NUMBERED = re.compile(r"zone(?: de continuite(?: de service)?)?(?: n)? ?(\d{1,3}|[a-z]\b).*")
_TOTAL = re.compile(r"((sous )?tota(l|ux)|moyennes?|effectif total)\b")


def is_total(line: DocumentLine) -> bool:
    """Return whether a line is a total or a mean: its first cell says so, and it has no code."""
    first = folded(line.filled[0]) if line.filled else ""
    return bool(_TOTAL.match(first)) and not any(is_uai(cell.strip()) for cell in line.filled)


def is_part(line: DocumentLine) -> bool:
    """Return whether a line is a zone's heading, or a part of one."""
    plain = lookalike(line.text)
    if not plain or len(plain) > len(_TWICE) + 5:
        return False
    threshold = _PART if len(plain) < _LONG else _LONG_PART
    return plain in _TWICE or (len(plain) > 4 and fuzz.partial_ratio(plain, _TWICE) >= threshold)


def is_long_part(line: DocumentLine) -> bool:
    """Return whether a line is a part of a zone's heading too long to be anything else."""
    return is_part(line) and len(lookalike(line.text)) >= _SHORTEST_PART


def starts_zone(line: DocumentLine) -> bool:
    """Return whether a line is the beginning of a zone's heading: « Zone de conti » is."""
    plain = lookalike(line.text)
    begins = fuzz.ratio(plain[:4], _ZONE[:4]) >= 75
    return is_part(line) and begins and len(plain) >= _SHORTEST_START


def is_finished(text: str) -> bool:
    """Return whether a heading, joined from several lines, includes its last word."""
    return fuzz.partial_ratio(_END, lookalike(text)[-12:]) >= _SAME_WORD


def is_whole(text: str) -> bool:
    """Return whether a text is the whole of a zone's heading."""
    return fuzz.ratio(lookalike(text), _ZONE) >= 90


def zone_name(line: DocumentLine) -> str | None:
    """Return the name in a heading like « Zone 3 : Rezé »; ``None`` if the line is no heading."""
    text = _only_text(line)
    return text if _NUMBERED.fullmatch(folded(text)) else None


def sector_name(line: DocumentLine) -> str | None:
    """Return « Mayenne » for the heading « Secteur Mayenne »; ``None`` if the line is none."""
    first, _, name = _only_text(line).partition(" ")
    word = lookalike(first)
    if not name.strip() or fuzz.ratio(word, _SECTOR) < _SAME_WORD or word.endswith("s"):
        return None
    return name.strip()


def sector_name_of_two(line: DocumentLine, below: DocumentLine) -> str | None:
    """Return the name in a sector's heading cut into two lines; ``None`` if they are no heading."""
    if sector_name(below) is not None:
        return None
    return sector_name(DocumentLine(line.number, (line.text + below.text,)))


def _only_text(line: DocumentLine) -> str:
    """Return the only filled cell of a line; empty if there are several, or it is too long."""
    filled = line.filled
    return filled[0] if len(filled) == 1 and len(filled[0]) <= _LONGEST else ""
