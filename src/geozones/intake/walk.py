"""Walk down a document: find the tables, leave the prose, know which zone each row is in."""

from collections.abc import Collection
from dataclasses import dataclass, field

from geozones.domain.folding import folded
from geozones.intake import headings
from geozones.intake.columns import Columns, guess, header, looks_like_header
from geozones.intake.directory import Directory
from geozones.intake.documents import Document, Line, Note
from geozones.intake.listing import CutHeading, Fields, Listing, ListedSector, ListedZone, Row
from geozones.intake.loose import joined, loose, read_departement, starts_row
from geozones.intake.prose import calendar, leaders

_MOST_PARTS = 3
_LONGEST_CODE = 11


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
    after_heading: str = ""
    titles: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        lines = self.document.lines
        self.is_text = self.document.form == "texte"
        if self.given is not None:
            self.columns = self.given
        elif not any(header(line) for line in lines):
            self.columns = guess(lines, self.directory)
            self.sure = False

    # -- line by line ------------------------------------------------------------------------------

    def take(self, rank: int, line: Line) -> None:
        if rank == self.skip:
            return
        if line.is_blank:
            self.flush()
            self.in_table = self.in_table and not self.is_text
            self.after_heading = ""
            return
        if self._takes_heading(rank, line) or self._takes_titles(line):
            return
        if self.is_text:
            self._text_line(line)
        else:
            self._table_line(line)

    def _takes_heading(self, rank: int, line: Line) -> bool:
        whole = line
        if self.is_text and self._is_start_of_cut(rank, line):
            below = self.document.lines[rank + 1]
            whole = Line(line.number, (line.text + below.text,))
            self.skip = rank + 1
        zone = headings.zone_heading(whole)
        if zone is not None:
            self.flush()
            self._zone(whole, zone)
            self.in_table, self.after_heading = True, "zone"
            return True
        sector = headings.sector_heading(whole)
        if sector is not None:
            self.flush()
            self._enter_sector(sector, line.number)
            self.after_heading = "secteur"
            return True
        return self.is_text and self._is_rest_of_heading(line)

    def _is_start_of_cut(self, rank: int, line: Line) -> bool:
        """Tell whether this line and the next are one heading that was cut early (« Zo », « ne »)."""
        if rank + 1 >= len(self.document.lines) or len(line.text) > 12:
            return False
        below = self.document.lines[rank + 1]
        both = Line(line.number, (line.text + below.text,))
        if below.is_blank or starts_row(line.text, self.directory.departements):
            return False

        def is_heading(entry: Line) -> bool:
            return (headings.zone_heading(entry) or headings.sector_heading(entry)) is not None

        return is_heading(both) and not is_heading(line) and not is_heading(below)

    def _is_rest_of_heading(self, line: Line) -> bool:
        if self.after_heading == "zone" and headings.is_piece_of_zone(line):
            return True
        if self.after_heading == "secteur" and not self._is_row(line):
            last = self.sectors[-1]
            self.sector = ListedSector(last.rank, f"{last.name}{line.text}", last.line)
            self.sectors[-1] = self.sector
            self.after_heading = ""
            return True
        return False

    def _zone(self, line: Line, printed: str) -> None:
        if not headings.is_whole(printed):
            if line.number in self.ignored:
                return
            self.cut.append(CutHeading(line.number, printed))
        self._add_zone(headings.label(printed), line.number)

    def _add_zone(self, name: str, line: int) -> int:
        sector = None if self.sector is None else self.sector.rank
        self.zones.append(ListedZone(len(self.zones), name, sector, line))
        return len(self.zones) - 1

    def _enter_sector(self, name: str, line: int) -> None:
        known = {folded(entry.name): entry for entry in self.sectors}.get(folded(name))
        if known is None:
            known = ListedSector(len(self.sectors), name, line)
            self.sectors.append(known)
        self.sector = known

    def _takes_titles(self, line: Line) -> bool:
        found = header(line)
        if found is not None:
            self.flush()
            if self.given is None and (self.columns is None or self.is_text):
                self.columns = found
                self.titles = dict(enumerate(line.cells))
            self.in_table, self.after_heading = True, ""
            return True
        if self.columns is not None and looks_like_header(line):
            self.flush()
            self.notes.append(
                Note(line.number, f"En-tête répété, mal lu, ignoré : « {shown(line.text)} ».")
            )
            return True
        return False

    # -- a text with tables in it ------------------------------------------------------------------

    def _text_line(self, line: Line) -> None:
        if self._is_row(line):
            self.flush()
            self.first, self.parts, self.in_table = line, [line.text], True
        elif self.first is not None and len(self.parts) < _MOST_PARTS:
            self.parts.append(line.text)
        self.after_heading = ""

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
        self._row(first.number, "\t".join(parts), readings)

    def _clean(self, line: Line) -> Fields | None:
        """Return a row by its columns; ``None`` where its cells are not where they should be."""
        if self.columns is None or len(line.cells) < 2:
            return None
        fields = self._by_columns(line)
        dept = fields.departement
        if len(fields.code) > _LONGEST_CODE or len(dept) > 3:
            return None
        if dept and not read_departement(dept, self.directory.departements) and not dept.isdecimal():
            return None
        if not fields.code and starts_row(fields.name, self.directory.departements):
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
            self.notes.append(Note(line.number, f"Ni code ni nom, ignorée : « {shown(line.text)} »."))
            return
        self._named_zone(line)
        self._row(line.number, line.text, (fields,))

    def _by_columns(self, line: Line) -> Fields:
        cells = {
            name: line.cells[rank].strip()
            for name, rank in (self.columns or {}).items()
            if rank < len(line.cells)
        }
        return Fields(
            **{name: value for name, value in cells.items() if name not in {"zone", "sector"}}
        )

    def _named_zone(self, line: Line) -> None:
        """Follow the columns of sectors and zones; an empty cell, merged, says what is above it."""
        names = {
            name: line.cells[rank].strip()
            for name, rank in (self.columns or {}).items()
            if name in {"zone", "sector"} and rank < len(line.cells)
        }
        sector = names.get("sector", "")
        if sector:
            self._enter_sector(sector, line.number)
        zone = names.get("zone", "")
        if zone:
            owner = "" if self.sector is None else folded(self.sector.name)
            key = (owner, folded(zone))
            if key not in self.by_name:
                self.by_name[key] = self._add_zone(zone, line.number)
            self.current = self.by_name[key]

    def _row(self, number: int, text: str, readings: tuple[Fields, ...]) -> None:
        by_column = self.current if not self.is_text else None
        zone = by_column if by_column is not None else (len(self.zones) - 1 if self.zones else None)
        self.rows.append(Row(number, text, readings, zone))

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
