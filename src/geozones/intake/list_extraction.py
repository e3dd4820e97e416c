"""Extraction of the rows of a document's tables, each with its fields, its sector and its zone."""

import re
from collections.abc import Collection, Container, Sequence
from dataclasses import dataclass, field, replace

from rapidfuzz import fuzz

from geozones.common.french import folded
from geozones.domain.identifiers import departement_code
from geozones.domain.terms import terms
from geozones.intake import listing
from geozones.intake.columns import recognise
from geozones.intake.directory import Directory
from geozones.intake.documents import (
    MAX_TEXT,
    Columns,
    DocumentLine,
    Note,
    SourceDocument,
    excerpt,
)
from geozones.intake.listing import (
    ZONE,
    CutHeading,
    Fields,
    ListedRow,
    ListedSector,
    ListedZone,
    Listing,
    read_calendar,
    read_leaders,
)
from geozones.intake.site_fields import LYCEE_FIELDS, fields_in, is_header, names_lycees

#: Digits, and characters that an optical reader confuses with digits.
_DIGIT = "0-9OoIl|SsBZ"
_DEPARTEMENT = re.compile(
    rf"\W*(97[1-8]|2[ABab]|[{_DIGIT}]{{2}})(?=[\t ]|[{_DIGIT}]{{7}}|[{_DIGIT}]{{0,6}}\s*\Z)"
)
_CODE = re.compile(rf"[\t ]*([{_DIGIT}]{{7}}[A-Za-z0-9|])(\*?)(?![a-z])")
#: A code with the name behind it, without any space.
_GLUED_CODE = re.compile(rf"[\t ]*([{_DIGIT}]{{7}}[A-Z0-9|])(\*?)")
#: Any word of 5 to 12 characters with three digits.
_BROKEN_CODE = re.compile(r"[\t ]*((?=[^\t ]*\d[^\t ]*\d[^\t ]*\d)[^\t ]{5,12})")
#: Text after the département in a row cut inside its code (« 04921 », if the next line begins with
#: « 48U »), or cut before its code.
_CUT_CODE = re.compile(rf"[\t ]*[{_DIGIT}]{{0,7}}[\t ]*")
_ODD_START = re.compile(r"\W*\d?[\t ]+")
_TO_DIGITS = str.maketrans("OoIl|SsBZ", "001115582")
#: Least digits and characters of an apparent code at the start of a row.
_FEWEST_DIGITS, _SHORTEST_CODE = 4, 7


def read_departement(text: str, known: Container[str]) -> str:
    """Return a known département's code, repairing misread digits; empty if it is none."""
    code = text.strip().upper()
    if code in known:
        return code
    repaired = text.strip().translate(_TO_DIGITS)
    return repaired if repaired in known else ""


def parse_leniently(text: str, departements: Container[str]) -> Fields:
    """Parse a row as a département, a code, a name and a commune, in this order.

    The first two are recognised by their characters; the rest at tabs. Each may be missing.
    """
    rest, departement = text, ""
    start = _DEPARTEMENT.match(rest)
    if start and (departement := read_departement(start[1], departements)):
        rest = rest[start.end() :]
    code = ""
    match = _CODE.match(rest) or _GLUED_CODE.match(rest) or _BROKEN_CODE.match(rest)
    if match:
        code = "".join(match.groups())
        rest = rest[match.end() :]
    cells = [cell.strip() for cell in rest.split("\t") if cell.strip()]
    name = cells[0] if cells else ""
    return Fields(code, name, " ".join(cells[1:]), departement)


def parse_joined(parts: Sequence[str], departements: Container[str]) -> tuple[Fields, ...]:
    """Return the readings of a row cut into parts: inside a word, at a tab, or at a space."""
    readings = [parse_leniently(between.join(parts), departements) for between in ("", "\t", " ")]
    return tuple(dict.fromkeys(readings))


def starts_row(text: str, departements: Container[str]) -> bool:
    """Return whether a line begins like a row: with a code, or cut inside its code."""
    start = _DEPARTEMENT.match(text)
    after_departement = start.end() if start and read_departement(start[1], departements) else None
    if after_departement is not None and _CUT_CODE.fullmatch(text, after_departement):
        return True
    code = (
        parse_leniently(text, departements).code
        or parse_leniently(_ODD_START.sub("", text, count=1), departements).code
    )
    digits = sum(sign.isdigit() for sign in code)
    return digits >= _FEWEST_DIGITS and len(code) >= _SHORTEST_CODE


#: The columns that name a zone or a sector, and do not describe the lycée.
_GROUPS = frozenset({"zone", "sector"})
_LONGEST_CODE, _FEWEST_DIGITS_OF_CODE = 11, 3
_LONGEST_DEPARTEMENT = 3
#: Spelling of the national directory.
_LONG_DEPARTEMENT = re.compile(r"0(?:\d{2}|2[AaBb]|97\d)")


def parse_columns(line: DocumentLine, columns: Columns) -> Fields:
    """Return the fields of a row; those without a column are empty."""
    return Fields(
        **{name: line.cell(rank) for name, rank in columns.items() if name not in _GROUPS}
    )


def with_short_departement(fields: Fields) -> Fields:
    """Return the fields with « 053 » read as the département 53, « 02A » as 2A."""
    if _LONG_DEPARTEMENT.fullmatch(fields.departement):
        return replace(fields, departement=departement_code(fields.departement))
    return fields


def parse_strictly(
    line: DocumentLine, columns: Columns | None, departements: Container[str]
) -> Fields | None:
    """Return the fields of a row of a text; ``None`` if its cells do not match their titles.

    There must be a name; the code and the département may be empty or misread, but nothing else.
    """
    if columns is None or len(line.cells) < 2:
        return None
    fields = parse_columns(line, columns)
    if not fields.name or not _may_be_departement(fields.departement, departements):
        return None
    if not fields.code:
        return None if starts_row(line.text, departements) else fields
    digits = sum(sign.isdigit() for sign in fields.code)
    return (
        fields if digits >= _FEWEST_DIGITS_OF_CODE and len(fields.code) <= _LONGEST_CODE else None
    )


def _may_be_departement(text: str, known: Container[str]) -> bool:
    if len(text) > _LONGEST_DEPARTEMENT:
        return False
    return not text or text.isdecimal() or bool(read_departement(text, known))


@dataclass
class ZoneTracker:
    """Sectors and zones in the order of the document.

    ``sector`` and ``zone`` (its rank) are the current ones; ``None`` before any.
    """

    sectors: list[ListedSector] = field(default_factory=list)
    zones: list[ListedZone] = field(default_factory=list)
    sector: ListedSector | None = None
    zone: int | None = None
    _rank_by_name: dict[tuple[str, str], int] = field(default_factory=dict)

    def start_zone(self, name: str, line: int) -> None:
        """Enter a new zone of the current sector; most have no name."""
        sector = None if self.sector is None else self.sector.rank
        self.zone = len(self.zones)
        self.zones.append(ListedZone(self.zone, name, sector, line))

    def enter_zone(self, name: str, line: int) -> None:
        """Enter the zone of this name in the current sector, a new one if there is none."""
        key = ("" if self.sector is None else folded(self.sector.name), folded(name))
        if key not in self._rank_by_name:
            self.start_zone(name, line)
            self._rank_by_name[key] = len(self.zones) - 1
        self.zone = self._rank_by_name[key]

    def enter_sector(self, name: str, line: int) -> bool:
        """Enter the sector of this name, a new one if there is none; return whether it changed."""
        above = self.sector
        same = (sector for sector in self.sectors if folded(sector.name) == folded(name))
        self.sector = next(same, None)
        if self.sector is None:
            self.sector = ListedSector(len(self.sectors), name, line)
            self.sectors.append(self.sector)
        return self.sector is not above

    def leave_zone(self) -> None:
        """Leave the zone until the next one starts."""
        self.zone = None


#: Most lines into which a row may be cut.
_MOST_PARTS = 3
_LONGEST_HEADING = 40


def extract(
    document: SourceDocument,
    directory: Directory,
    columns: Columns | None = None,
    ignored: Collection[int] = (),
) -> Listing:
    """Return the rows of a document, with their zones and sectors.

    The user may choose the ``columns``, and the lines of cut headings that start no zone
    (``ignored``).
    """
    extraction = _Extraction(document, directory, columns, ignored)
    for rank, line in enumerate(document.lines):
        extraction.read_line(rank, line)
    extraction.end_row()
    return extraction.listing()


def _looks_like_header(line: DocumentLine) -> bool:
    """Return whether a line is a repeated and badly read header: « DFI Code RIVE Noill… »."""
    cells = [folded(cell) for cell in line.filled]
    usual = ("dpt", "code rne", "nom du lycee", "ville")
    close = sum(any(fuzz.ratio(cell, title) >= 60 for title in usual) for cell in cells)
    return len(cells) >= 3 and close >= len(cells) - 1


@dataclass
class _Extraction:
    """Listing under construction, and the state after the lines read so far."""

    document: SourceDocument
    directory: Directory
    chosen: Columns | None  # The columns chosen by the user.
    ignored: Collection[int]
    columns: Columns | None = None
    sure: bool = True  # Whether the columns were chosen or named by titles, not guessed.
    in_table: bool = False  # Whether the line above belongs to a table.
    #: The lines of the current row of a text: it ends where another line begins a row, and may be
    #: cut.
    parts: list[DocumentLine] = field(default_factory=list)
    heading: str = ""  # The zone's heading read in the lines just above; empty if there is none.
    skipped: int = -1  # Rank of a line that was read with the line above.
    groups: ZoneTracker = field(default_factory=ZoneTracker)
    rows: list[ListedRow] = field(default_factory=list)
    cut: list[CutHeading] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    titles: dict[int, str] = field(default_factory=dict)
    totals: list[Note] = field(default_factory=list)

    def __post_init__(self) -> None:
        lines = self.document.lines
        headers = (rank for rank, line in enumerate(lines) if is_header(line))
        self.headers = {
            rank: recognise(lines[rank:], LYCEE_FIELDS, is_titles=names_lycees).ranks
            for rank in headers
        }
        # a table pasted with its own columns of zones has no headings, no prose, no cut rows
        has_groups = any({"zone", "sector"} & columns.keys() for columns in self.headers.values())
        self.is_text = self.document.form == "texte" and not has_groups
        if self.chosen is not None:
            self.columns = self.chosen
        elif not self.headers:
            self.columns = recognise(lines, fields_in(self.directory), is_titles=names_lycees).ranks
            self.sure = False

    def listing(self) -> Listing:
        return Listing(
            rows=tuple(self.rows),
            zones=tuple(self.groups.zones),
            sectors=tuple(self.groups.sectors),
            cut=tuple(self.cut),
            notes=(*self.document.notes, *self.notes),
            columns=dict(self.columns or {}),
            sure=self.sure,
            leaders=read_leaders(self.document.lines) if self.is_text else (),
            calendar=read_calendar(self.document.lines) if self.is_text else (),
            titles=self.titles,
            totals=tuple(self.totals),
        )

    def read_line(self, rank: int, line: DocumentLine) -> None:
        if rank == self.skipped:
            return
        if line.is_blank:
            self.end_row()
            self.in_table = self.in_table and not self.is_text
            self.heading = ""
            return
        if listing.is_total(line):
            self.end_row()
            self.totals.append(Note(line.number, excerpt(line.text)))
            return
        # whether a line may be a heading: in a table, it has two filled cells at most
        if (self.is_text or len(line.filled) <= 2) and self._read_heading(rank, line):
            return
        if self._read_titles(rank, line):
            return
        if self.is_text:
            if self._begins_row(line):
                self.end_row()
                self.parts, self.in_table = [line], True
            elif 0 < len(self.parts) < _MOST_PARTS:
                self.parts.append(line)
        else:
            self._read_table_line(line)

    # -- headings and titles: each method returns whether the line is one --------------------------

    def _read_heading(self, rank: int, line: DocumentLine) -> bool:
        name = listing.zone_name(line)
        if name is None:
            read_named_zone = False
        else:
            self.end_row()
            self.groups.start_zone(name, line.number)
            self.heading, self.in_table = ZONE, True
            read_named_zone = True
        if read_named_zone or self._read_zone(line):
            return True
        self.heading = ""
        name = self._sector_name(rank, line)
        if name is None:
            return False
        self.end_row()
        self._enter_sector(name, line.number)
        return True

    def _read_zone(self, line: DocumentLine) -> bool:
        """Start one zone for a heading, in however many lines it was cut."""
        starts = listing.starts_zone(line)
        starts_another = starts and listing.is_finished(self.heading)
        if self.heading and not starts_another and listing.is_part(line):
            self.heading += line.text
            return True
        if not starts and not (self.in_table and listing.is_long_part(line)):
            return False
        self.end_row()
        self.heading, self.in_table = line.text, True
        printed = line.filled[0]
        if not listing.is_whole(printed):
            if line.number in self.ignored:
                return True
            self.cut.append(CutHeading(line.number, printed))
        self.groups.start_zone("", line.number)
        return True

    def _sector_name(self, rank: int, line: DocumentLine) -> str | None:
        """Return the name in a sector's heading, whole or cut into two lines."""
        lines = self.document.lines
        short = self.is_text and not self.in_table and len(line.text) < _LONGEST_HEADING
        if not short or rank + 1 >= len(lines) or rank + 1 in self.headers:
            may_be_cut = False
        else:
            below = lines[rank + 1]
            may_be_cut = not (below.is_blank or listing.is_part(below) or self._begins_row(below))
        if may_be_cut:
            name = listing.sector_name_of_two(line, self.document.lines[rank + 1])
            if name is not None:
                self.skipped = rank + 1
                return name
        return listing.sector_name(line)

    def _enter_sector(self, name: str, line: int) -> bool:
        """Enter a sector; return whether it differs from the sector above."""
        changed = self.groups.enter_sector(name, line)
        # a zone belongs to one sector: in a table, none is carried below another one's name
        if changed and not self.is_text:
            self.groups.leave_zone()
        return changed

    def _read_titles(self, rank: int, line: DocumentLine) -> bool:
        columns = self.headers.get(rank)
        if columns is not None:
            self.end_row()
            if self.chosen is None and self._is_other_table(columns):
                self.columns = columns
                self.titles = dict(enumerate(line.cells))
            self.in_table = True
            return True
        if self.is_text and self.columns is not None and _looks_like_header(line):
            self.end_row()
            self._note(line, "En-tête répété, mal lu, ignoré")
            return True
        return False

    def _is_other_table(self, columns: Columns) -> bool:
        """Return whether titles start another table; if not, they repeat some titles above."""
        if self.columns is None:
            return True
        return self.is_text and not columns.items() <= self.columns.items()

    # -- rows of a text with tables in it ----------------------------------------------------------

    def _begins_row(self, line: DocumentLine) -> bool:
        departements = self.directory.departements
        # whether a line begins a row: with a code or, in a table, a département and a name
        if starts_row(line.text, departements):
            return True
        if not self.in_table:
            return False
        strict = parse_strictly(line, self.columns, departements)
        if strict is not None and strict.departement:
            return True
        lenient = parse_leniently(line.text, departements)
        return bool(lenient.departement and lenient.name)

    def end_row(self) -> None:
        """Add the row of a text whose lines were read, if any."""
        if not self.parts:
            return
        parts, self.parts = self.parts, []
        first, text = parts[0], "\t".join(part.text for part in parts)
        if len(parts) > 1:
            self._note(first, f"Ligne coupée en {len(parts)}, recollée", text)
        # the possible readings of a row, from the lines into which it was cut
        departements = self.directory.departements
        strict = parse_strictly(parts[0], self.columns, departements) if len(parts) == 1 else None
        readings = (
            (strict,) if strict else parse_joined([part.text for part in parts], departements)
        )
        self._add_row(first.number, text, readings)

    # -- rows of a table ---------------------------------------------------------------------------

    def _read_table_line(self, line: DocumentLine) -> None:
        if self.columns is None:
            self._note(line, "Ligne avant les titres, ignorée")
            return
        fields = with_short_departement(parse_columns(line, self.columns))
        if not (fields.code or fields.name):
            self._note(line, "Ni code ni nom, ignorée")
            return
        # enter the sector and the zone of a row; an empty (merged) cell repeats those above
        # the values of the columns zone and sector, if there are any
        names = {name: line.cell(rank) for name, rank in self.columns.items() if name in _GROUPS}
        sector, zone = names.get("sector", ""), names.get("zone", "")
        if sector:
            changed = self._enter_sector(sector, line.number)
            if changed and not zone and "zone" in self.columns:
                note = (
                    f"Secteur « {excerpt(sector)} » : case Zone vide, ces {terms().site.plural} "
                    "n'ont pas de zone dans la liste. Remplissez la colonne, puis importez à "
                    "nouveau."
                )
                self.notes.append(Note(line.number, note))
        if zone:
            self.groups.enter_zone(zone, line.number)
        self._add_row(line.number, line.text, (fields,))

    def _add_row(self, number: int, text: str, readings: tuple[Fields, ...]) -> None:
        self.rows.append(ListedRow(number, text[:MAX_TEXT], readings, self.groups.zone))

    def _note(self, line: DocumentLine, what: str, text: str = "") -> None:
        """Add a note that quotes a line, or the text of several."""
        self.notes.append(Note(line.number, f"{what} : « {excerpt(text or line.text)} »."))
