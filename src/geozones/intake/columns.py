"""Recognition of the column of each field, by its title, else by the content of its cells."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from rapidfuzz import fuzz, process

from geozones.common.french import folded, lookalike
from geozones.domain.identifiers import is_uai
from geozones.intake.directory import Directory
from geozones.intake.documents import DocumentLine
from geozones.intake.uai_codes import CodeReading, read_code

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
