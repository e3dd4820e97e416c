"""Documents: files and pasted texts as lines of cells, and the field that each column holds.

The format is recognised from the content, never from the name: a binary renamed ``.csv`` is
refused, a spreadsheet renamed ``.txt`` is read. Sizes are checked before anything is opened.

The field of a column is recognised by its title, else by the content of its cells.
"""

import codecs
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from geozones.common.errors import InputError
from geozones.common.french import folded, lookalike, number
from geozones.domain.identifiers import is_uai
from geozones.intake.directory import Directory
from geozones.intake.uai_codes import CodeReading, read_code

#: Formats of a document.
FORMS = ("texte", "csv", "classeur", "geojson", "geopackage")
#: Most bytes, lines, cells in a line, and characters in a cell, that are read.
MAX_BYTES = 30_000_000
MAX_LINES = 25_000
MAX_CELLS = 120  # the national directory has 53 columns
#: Most columns of a text: more are no table, and would fill the memory.
MAX_COLUMNS = 5_000
MAX_TEXT = 2_000
#: Most lines of any text: more would fill the memory.
MAX_TEXT_LINES = 1_000_000
#: Most characters of a line that is quoted in a message.
_EXCERPT = 80


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """Line of a document: its number in the file, from 1, and its cells as text."""

    number: int
    cells: tuple[str, ...]

    @property
    def text(self) -> str:
        """The cells, joined by tabs."""
        return "\t".join(self.cells)

    @property
    def is_blank(self) -> bool:
        """Whether every cell is empty."""
        return not any(cell.strip() for cell in self.cells)

    @property
    def filled(self) -> tuple[str, ...]:
        """The cells that are not empty, stripped."""
        return tuple(text for cell in self.cells if (text := cell.strip()))

    def cell(self, rank: int) -> str:
        """Return the cell of a column, stripped; empty beyond the end of the line."""
        return self.cells[rank].strip() if rank < len(self.cells) else ""


@dataclass(frozen=True, slots=True)
class Note:
    """Remark on a line of the document, in French; line 0 stands for the whole document."""

    row: int
    what: str


@dataclass(frozen=True)
class SourceDocument:
    """Lines of a file or of a pasted text.

    ``form`` is one of `FORMS`. Only in the format ``texte`` may prose stand around the tables, and
    rows be cut in two.
    """

    form: str
    lines: tuple[DocumentLine, ...]
    notes: tuple[Note, ...] = ()


class ListError(InputError):
    """A list cannot be read at all; the message says why, and what to do."""

    def __init__(self, what: str) -> None:
        super().__init__(f"Cette liste ne peut pas être lue : {what}")


def clipped(cell: str) -> str:
    """Return a cell on one line, without unprintable characters, at most `MAX_TEXT` long."""
    printable = "".join(sign if sign.isprintable() else " " for sign in cell)
    return " ".join(printable.split())[:MAX_TEXT]


def excerpt(text: str) -> str:
    """Return the beginning of a line, short enough to be quoted in a message."""
    line = " ".join(text.split())
    return line if len(line) <= _EXCERPT else f"{line[: _EXCERPT - 1]}…"


def too_long(total: int | None, first: int = MAX_LINES + 1) -> Note:
    """Return the note that the lines from ``first`` were not read.

    ``total`` is the number of lines of the document; ``None`` if unknown.
    """
    last = " et suivantes" if total is None else f" à {number(total)}"
    return Note(
        first,
        f"Lignes {number(first)}{last} : non lues ({number(MAX_LINES)} lignes au plus). "
        "Importez la suite à part.",
    )


_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: Share of control characters above which a file is not text.
_BINARY_SHARE = 0.01
_NO_TEXT = (
    "ce n'est ni un texte, ni un tableau CSV, ni un classeur XLSX ou ODS, ni du GeoJSON. "
    "Exportez-la dans l'un de ces formats."
)


def decode(content: bytes) -> tuple[str, tuple[Note, ...]]:
    """Return the text of a file, and a note if its lines are not all in the same encoding.

    It is read as UTF-8 or, with its byte order mark, UTF-16; a line that is not UTF-8 as
    Windows-1252.
    """
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return _checked(content[len(mark) :].decode(encoding, errors="replace")), ()
    if b"\0" in content:
        raise ListError(_NO_TEXT)
    try:
        return _checked(content.decode("utf-8")), ()
    except UnicodeDecodeError:
        return _line_by_line(content)


def _line_by_line(content: bytes) -> tuple[str, tuple[Note, ...]]:
    lines, latin, unicode_lines = [], [], 0
    for rank, raw in enumerate(content.split(b"\n"), start=1):
        try:
            lines.append(raw.decode("utf-8"))
            unicode_lines += not raw.isascii()
        except UnicodeDecodeError:
            lines.append(raw.decode("cp1252", errors="replace"))
            latin.append(rank)
    notes: tuple[Note, ...] = ()
    if unicode_lines:
        first = ", ".join(map(str, latin[:5])) + (" …" if len(latin) > 5 else "")
        what = f"Deux encodages dans le même fichier : lues en Latin-1, les lignes {first}."
        notes = (Note(latin[0], what),)
    return _checked("\n".join(lines)), notes


def _checked(text: str) -> str:
    """Return a text; raise ``ListError`` if it holds too many control characters."""
    sample = text[:200_000]
    controls = sum(sign < " " and sign not in "\t\n\r\f\v" for sign in sample)
    if controls + sample.count("\ufffd") > _BINARY_SHARE * max(len(sample), 100):
        raise ListError(_NO_TEXT)
    return text


#: Rank of the column of each field of `FIELDS` in a table.
type Columns = Mapping[str, int]

#: Kinds of columns: the field, its label in French (for `worded`), its usual titles.
FIELDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "departement": (
        "Département",
        ("dpt", "dept", "dep", "departement", "code departement", "n departement"),
    ),
    "code": (
        "{Code}",
        (
            "uai", "rne", "code uai", "code rne", "numero uai", "n uai", "n rne", "uai rne", "id",
            "code etablissement", "numero etablissement", "identifiant de l etablissement",
            "identifiant", "code uai rne", "uai etablissement", "code",
        ),
    ),
    "name": (
        "Nom {of_the_site}",
        (
            "nom du lycee", "nom", "lycee", "lycees", "etablissement", "nom etablissement",
            "nom de l etablissement", "nom lycee", "libelle", "denomination", "nom publie",
            "appellation officielle", "nom d usage",
        ),
    ),
    "commune": (
        "Commune",
        ("ville", "commune", "localite", "nom commune", "nom de la commune", "libelle commune"),
    ),
    "address": ("Adresse", ("adresse", "adresse 1", "rue", "voie", "adresse postale")),
    "postcode": ("Code postal", ("code postal", "cp", "postal")),
    "insee": ("Code INSEE", ("code insee", "insee", "code commune", "code insee commune")),
    "sector": ("Secteur", ("secteur", "secteur rns", "nom du secteur")),
    "zone": (
        "Zone de continuité",
        (
            "zone", "zone de continuite", "zone de continuite de service", "nom de la zone",
            "bassin", "bassin de continuite", "bassin de continuite de service",
        ),
    ),
    "lat": ("Latitude", ("latitude", "lat", "y")),
    "lon": ("Longitude", ("longitude", "lon", "lng", "long", "x")),
}  # fmt: skip
_FIELD_BY_TITLE = {
    lookalike(title): field for field, (_, titles) in FIELDS.items() for title in titles
}
_LONG_TITLES = [title for title in _FIELD_BY_TITLE if len(title) > 3]
#: Weak titles: « id » is the code only if there is no « uai ».
_VAGUE_TITLES = {
    lookalike(title) for title in ("id", "code", "identifiant", "lycee", "lycees", "x", "y")
}
#: Least similarity of a misspelt title with a usual title.
_SAME_TITLE = 85.0
_LONGEST_TITLE = 40
#: This number of usual titles makes a header, however many other columns there are.
_ENOUGH = 4
#: Lines examined to guess the columns, and the share of its cells that must hold a field.
_SAMPLED, _MOST_CELLS = 60, 0.5
_POSTCODE = re.compile(r"\d{5}")


@lru_cache(maxsize=4096)
def field_of(title: str) -> str | None:
    """Return the field of `FIELDS` that a column's title names; ``None`` if it names none."""
    plain = lookalike(title)
    if not plain or len(plain) > _LONGEST_TITLE:
        return None
    if plain in _FIELD_BY_TITLE:
        return _FIELD_BY_TITLE[plain]
    # « Lycée 12 » is not a misspelt title
    if len(plain) < 4 or any(sign.isdigit() for sign in title):
        return None
    best = process.extractOne(plain, _LONG_TITLES, scorer=fuzz.ratio, score_cutoff=_SAME_TITLE)
    return None if best is None else _FIELD_BY_TITLE[best[0]]


def read_header(line: DocumentLine) -> Columns | None:
    """Return the columns named by a line of titles; ``None`` if the line is no header.

    A header names two fields at least, one of them the code or the name, and these are half of
    its titles, unless enough are exactly the usual ones. A row is never a header, even for a lycée
    named « Nature », which is close to a usual title.
    """
    if any(is_uai(cell.upper()) for cell in line.filled):
        return None
    fields = {rank: field for rank, cell in enumerate(line.cells) if (field := field_of(cell))}
    columns: dict[str, int] = {}
    for rank in sorted(fields, key=lambda rank: _vagueness(line.cells[rank])):
        columns.setdefault(fields[rank], rank)
    if len(columns) < 2 or not {"code", "name"} & columns.keys():
        return None
    exact = {field for rank, field in fields.items() if _is_usual_title(line.cells[rank])}
    sure = len(exact) >= _ENOUGH or {"code", "name"} <= exact
    return columns if sure or len(columns) * 2 >= len(line.filled) else None


def _is_usual_title(title: str) -> bool:
    return lookalike(title) in _FIELD_BY_TITLE


def _vagueness(title: str) -> int:
    """Return the rank of a title: 0 for a usual title, 1 for a vague one, 2 for a misspelt one."""
    return int(lookalike(title) in _VAGUE_TITLES) if _is_usual_title(title) else 2


def looks_like_header(line: DocumentLine) -> bool:
    """Return whether a line is a repeated and badly read header: « DFI Code RIVE Noill… »."""
    cells = [folded(cell) for cell in line.filled]
    usual = ("dpt", "code rne", "nom du lycee", "ville")
    close = sum(any(fuzz.ratio(cell, title) >= 60 for title in usual) for cell in cells)
    return len(cells) >= 3 and close >= len(cells) - 1


def guess_columns(lines: Sequence[DocumentLine], directory: Directory) -> Columns:
    """Return the columns of a list without titles.

    A field is in the column with the greatest share of cells, half at least, that may hold it. Of
    the remaining columns, the one with the most letters holds the name.
    """
    sample = [line for line in lines if len(line.filled) >= 2][:_SAMPLED]
    width = max((len(line.cells) for line in sample), default=0)
    left = {rank: [text for line in sample if (text := line.cell(rank))] for rank in range(width)}
    columns: dict[str, int] = {}
    for field, test in _tests(directory).items():
        shares = {rank: sum(map(test, cells)) / len(cells) for rank, cells in left.items() if cells}
        best = max(shares, key=lambda rank: shares[rank], default=None)
        if best is not None and shares[best] >= _MOST_CELLS:
            columns[field] = best
            del left[best]
    letters = {
        rank: sum(len(cell) for cell in cells if not cell.isdecimal())
        for rank, cells in left.items()
    }
    if any(letters.values()):
        columns["name"] = max(letters, key=lambda rank: letters[rank])
    return columns


def _tests(directory: Directory) -> dict[str, Callable[[str], bool]]:
    """Return, for each field that can be recognised by its cells, the test of a cell."""
    unread = {CodeReading.NONE, CodeReading.UNREADABLE}
    return {
        "code": lambda cell: read_code(cell, directory.by_code).reading not in unread,
        "departement": lambda cell: cell in directory.departements,
        "postcode": lambda cell: _POSTCODE.fullmatch(cell) is not None,
        "commune": lambda cell: folded(cell) in directory.communes_by_name,
    }
