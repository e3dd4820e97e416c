"""Walk down a document: find the tables, leave the prose, know which zone each row is in."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field, replace

from geozones.domain.folding import folded
from geozones.intake import headings
from geozones.intake.columns import Columns, guess, header, looks_like_header
from geozones.intake.directory import Directory
from geozones.intake.documents import MAX_TEXT, Document, Line, Note
from geozones.intake.headings import ZONE
from geozones.intake.listing import CutHeading, Fields, ListedSector, ListedZone, Listing, Row
from geozones.intake.loose import joined, loose, read_departement, starts_row
from geozones.intake.prose import calendar, leaders

_MOST_PARTS = 3
_LONGEST_CODE, _FEWEST_DIGITS = 11, 3
_LONGEST_HEADING = 40
_NO_ZONE = (
    "Secteur « {} » : case Zone vide, ces lycées n'ont pas de zone dans la liste. "
    "Remplissez la colonne, puis importez à nouveau."
)
_LONG_DEPARTEMENT = re.compile(r"0\d{2}")


def walk(
    document: Document,
    directory: Directory,
    columns: Columns | None = None,
    ignored: Collection[int] = (),
) -> Listing:
    """Return the rows of a document, with their zones and sectors.

    Parameters
    ----------
    columns
        What the user says the columns are; by default, what their titles say.
    ignored
        Lines of cut headings that, the user says, start no zone.
    """
    steps = _Walk(document, directory, columns, ignored)
    for rank, line in enumerate(document.lines):
        steps.take(rank, line)
    steps.flush()
    return steps.listing()


@dataclass
class _Walk:
    """Where the walk is, and what it has found."""

    document: Document
    directory: Directory
    given: Columns | None
    ignored: Collection[int]
    columns: Columns | None = None
    sure: bool = True
    in_table: bool = False
    parts: list[str] = field(default_factory=list)
    first: Line | None = None
    rows: list[Row] = field(default_factory=list)
    zones: list[ListedZone] = field(default_factory=list)
    sectors: list[ListedSector] = field(default_factory=list)
    cut: list[CutHeading] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    by_name: dict[tuple[str, str], int] = field(default_factory=dict)
    sector: ListedSector | None = None
    current: int | None = None
    skip: int = -1
    run: str = ""
    titles: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        lines = self.document.lines
        self.headers = {rank: found for rank, line in enumerate(lines) if (found := header(line))}
        # a table pasted with its own columns of zones has no headings, no prose, no cut rows
        own = any({"zone", "sector"} & found.keys() for found in self.headers.values())
        self.is_text = self.document.form == "texte" and not own
        if self.given is not None:
            self.columns = self.given
        elif not self.headers:
            self.columns = guess(lines, self.directory)
            self.sure = False

    # -- line by line ------------------------------------------------------------------------------

    def take(self, rank: int, line: Line) -> None:
        if rank == self.skip:
            return
        if line.is_blank:
            self.flush()
            self.in_table = self.in_table and not self.is_text
            self.run = ""
            return
        if (self._may_be_heading(line) and self._takes_heading(rank, line)) or self._takes_titles(
            rank, line
        ):
            return
        if self.is_text:
            self._text_line(line)
        else:
            self._table_line(line)

    def _may_be_heading(self, line: Line) -> bool:
        """Tell whether a line may be a heading: a row of a table that holds much is none."""
        return self.is_text or sum(bool(cell) for cell in line.cells) <= 2

    def _takes_heading(self, rank: int, line: Line) -> bool:
        if self._takes_zone(line):
            return True
        self.run = ""
        whole = self._whole_sector(rank, line)
        sector = headings.sector_name(whole)
        if sector is None:
            return False
        self.flush()
        self._enter_sector(sector, line.number)
        return True

    def _takes_zone(self, line: Line) -> bool:
        """Start a zone once for a heading, in however many lines it was cut."""
        name = headings.zone_name(line)
        if name is not None:
            self.flush()
            self._add_zone(name, line.number)
            self.run, self.in_table = ZONE, True
            return True
        starts = headings.starts_zone(line)
        if self.run and not (starts and headings.is_finished(self.run)) and headings.is_piece(line):
            self.run += line.text
            return True
        if not starts and not (self.in_table and headings.is_long_piece(line)):
            return False
        self.flush()
        self.run, self.in_table = line.text, True
        printed = headings.printed(line)
        if not headings.is_whole(printed):
            if line.number in self.ignored:
                return True
            self.cut.append(CutHeading(line.number, printed))
        self._add_zone("", line.number)
        return True

    def _whole_sector(self, rank: int, line: Line) -> Line:
        """Return a sector's heading that was cut in two, whole again; any other line as it is."""
        lines = self.document.lines
        short = self.is_text and not self.in_table and len(line.text) < _LONGEST_HEADING
        if not short or rank + 1 >= len(lines):
            return line
        below = lines[rank + 1]
        if below.is_blank or headings.is_piece(below) or header(below) or self._is_row(below):
            return line
        both = Line(line.number, (line.text + below.text,))
        if headings.sector_name(both) is None or headings.sector_name(below) is not None:
            return line
        self.skip = rank + 1
        return both

    def _add_zone(self, name: str, line: int) -> int:
        sector = None if self.sector is None else self.sector.rank
        self.current = len(self.zones)
        self.zones.append(ListedZone(self.current, name, sector, line))
        return self.current

    def _enter_sector(self, name: str, line: int) -> None:
        known = {folded(entry.name): entry for entry in self.sectors}.get(folded(name))
        if known is None:
            known = ListedSector(len(self.sectors), name, line)
            self.sectors.append(known)
        # a zone belongs to one sector: in a table, none is carried below another one's name
        if known is not self.sector and not self.is_text:
            self.current = None
        self.sector = known

    def _takes_titles(self, rank: int, line: Line) -> bool:
        found = self.headers.get(rank)
        if found is not None:
            self.flush()
            if self.given is None and self._is_other_table(found):
                self.columns = found
                self.titles = dict(enumerate(line.cells))
            self.in_table = True
            return True
        if self.is_text and self.columns is not None and looks_like_header(line):
            self.flush()
            self.notes.append(
                Note(line.number, f"En-tête répété, mal lu, ignoré : « {shown(line.text)} ».")
            )
            return True
        return False

    def _is_other_table(self, found: Columns) -> bool:
        """Tell whether titles are of other columns than before, not the same ones badly read."""
        if self.columns is None:
            return True
        known = set(self.columns.items())
        return self.is_text and not set(found.items()) <= known

    # -- a text with tables in it ------------------------------------------------------------------

    def _text_line(self, line: Line) -> None:
        if self._is_row(line):
            self.flush()
            self.first, self.parts, self.in_table = line, [line.text], True
        elif self.first is not None and len(self.parts) < _MOST_PARTS:
            self.parts.append(line.text)

    def _is_row(self, line: Line) -> bool:
        known = self.directory.departements
        if starts_row(line.text, known):
            return True
        if not self.in_table:
            return False
        clean = self._clean(line)
        if clean is not None and clean.name and clean.departement:
            return True
        fields = loose(line.text, known)
        return bool(fields.departement and fields.name)

    def flush(self) -> None:
        if self.first is None:
            return
        first, parts = self.first, self.parts
        self.first, self.parts = None, []
        known = self.directory.departements
        clean = self._clean(first) if len(parts) == 1 else None
        readings = (clean,) if clean else joined(parts, known)
        text = "\t".join(parts)
        if len(parts) > 1:
            what = f"Ligne coupée en {len(parts)}, recollée : « {shown(text)} »."
            self.notes.append(Note(first.number, what))
        self._row(first.number, text, readings)

    def _clean(self, line: Line) -> Fields | None:
        """Return a row by its columns; ``None`` where its cells are not where they should be."""
        if self.columns is None or len(line.cells) < 2:
            return None
        fields = self._by_columns(line)
        dept, code = fields.departement, fields.code
        if len(code) > _LONGEST_CODE or len(dept) > 3:
            return None
        if code and sum(sign.isdigit() for sign in code) < _FEWEST_DIGITS:
            return None
        if (
            dept
            and not read_departement(dept, self.directory.departements)
            and not dept.isdecimal()
        ):
            return None
        if not code and starts_row(line.text, self.directory.departements):
            return None
        return fields if fields.name else None

    # -- a table -----------------------------------------------------------------------------------

    def _table_line(self, line: Line) -> None:
        if self.columns is None:
            text = shown(line.text)
            self.notes.append(Note(line.number, f"Ligne avant les titres, ignorée : « {text} »."))
            return
        fields = self._by_columns(line)
        if not (fields.code or fields.name):
            self.notes.append(
                Note(line.number, f"Ni code ni nom, ignorée : « {shown(line.text)} ».")
            )
            return
        self._named_zone(line)
        self._row(line.number, line.text, (fields,))

    def _by_columns(self, line: Line) -> Fields:
        cells = {
            name: line.cells[rank].strip()
            for name, rank in (self.columns or {}).items()
            if rank < len(line.cells)
        }
        found = Fields(
            **{name: value for name, value in cells.items() if name not in {"zone", "sector"}}
        )
        # the national directory writes 053
        if not self.is_text and _LONG_DEPARTEMENT.fullmatch(found.departement):
            found = replace(found, departement=found.departement[1:])
        return found

    def _named_zone(self, line: Line) -> None:
        """Follow the columns of sectors and zones; an empty cell, merged, says what is above it."""
        names = {
            name: line.cells[rank].strip()
            for name, rank in (self.columns or {}).items()
            if name in {"zone", "sector"} and rank < len(line.cells)
        }
        sector = names.get("sector", "")
        zone = names.get("zone", "")
        if sector:
            above = self.sector
            self._enter_sector(sector, line.number)
            if self.sector is not above and not zone and "zone" in (self.columns or {}):
                self.notes.append(Note(line.number, _NO_ZONE.format(shown(sector))))
        if zone:
            owner = "" if self.sector is None else folded(self.sector.name)
            key = (owner, folded(zone))
            if key not in self.by_name:
                self.by_name[key] = self._add_zone(zone, line.number)
            self.current = self.by_name[key]

    def _row(self, number: int, text: str, readings: tuple[Fields, ...]) -> None:
        self.rows.append(Row(number, text[:MAX_TEXT], readings, self.current))

    def listing(self) -> Listing:
        return Listing(
            tuple(self.rows),
            tuple(self.zones),
            tuple(self.sectors),
            tuple(self.cut),
            (*self.document.notes, *self.notes),
            dict(self.columns or {}),
            self.sure,
            leaders(self.document.lines) if self.is_text else (),
            calendar(self.document.lines) if self.is_text else (),
            self.titles,
        )


def shown(text: str) -> str:
    """Return a line short enough to quote."""
    line = " ".join(text.split())
    return line if len(line) <= 80 else f"{line[:79]}…"
