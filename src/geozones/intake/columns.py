"""Which column holds what: by its title under the usual variants, else by what is in it."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache

from rapidfuzz import fuzz, process

from geozones.domain.folding import folded, lookalike
from geozones.domain.uai import is_uai
from geozones.intake.codes import Reading, read_code
from geozones.intake.directory import Directory
from geozones.intake.documents import Line

type Columns = Mapping[str, int]

#: What a column may hold: the field, how the user calls it, and its usual titles.
FIELDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "departement": (
        "Département",
        ("dpt", "dept", "dep", "departement", "code departement", "n departement"),
    ),
    "code": (
        "Code UAI (RNE)",
        (
            "uai", "rne", "code uai", "code rne", "numero uai", "n uai", "n rne", "uai rne", "id",
            "code etablissement", "numero etablissement", "identifiant de l etablissement",
            "identifiant", "code uai rne", "uai etablissement", "code",
        ),
    ),
    "name": (
        "Nom du lycée",
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
_TITLES = {lookalike(title): field for field, (_, titles) in FIELDS.items() for title in titles}
_LONG_TITLES = [title for title in _TITLES if len(title) > 3]
#: Titles that give way to others of the same field: « id » is a code where no « uai » is.
_VAGUE = {lookalike(title) for title in ("id", "code", "identifiant", "lycee", "lycees", "x", "y")}
_ALIKE = 85.0
#: So many titles as they are usually written are enough, among columns of anything.
_ENOUGH = 4
_LOOKED_AT = 60
_POSTCODE = re.compile(r"\d{5}")


@lru_cache(maxsize=4096)
def field_of(title: str) -> str | None:
    """Return what a column's title announces."""
    plain = lookalike(title)
    if not plain or len(plain) > 40:
        return None
    if plain in _TITLES:
        return _TITLES[plain]
    # « Lycée 12 » is no title badly written
    if len(plain) < 4 or any(sign.isdigit() for sign in title):
        return None
    best = process.extractOne(plain, _LONG_TITLES, scorer=fuzz.ratio, score_cutoff=_ALIKE)
    return None if best is None else _TITLES[best[0]]


def header(line: Line) -> Columns | None:
    """Return the columns that a line of titles names; ``None`` if it is none.

    Two titles at least, one of which is the code or the name; a lycée named « Nature » is none.
    Half of what is written too, unless enough titles are exact.
    """
    filled = [cell for cell in line.cells if cell.strip()]
    if any(is_uai(cell.strip().upper()) for cell in filled):
        return None
    fields = {rank: field for rank, cell in enumerate(line.cells) if (field := field_of(cell))}
    exact = {fields[rank] for rank in fields if lookalike(line.cells[rank]) in _TITLES}
    found: dict[str, int] = {}
    for rank in sorted(fields, key=lambda rank: _doubtful(line.cells[rank])):
        found.setdefault(fields[rank], rank)
    if len(found) < 2 or not {"code", "name"} & found.keys():
        return None
    sure = len(exact) >= _ENOUGH or {"code", "name"} <= exact
    return found if sure or len(found) * 2 >= len(filled) else None


def _doubtful(title: str) -> int:
    """Rank a title: as it is usually written, vague, badly written."""
    plain = lookalike(title)
    return 2 if plain not in _TITLES else int(plain in _VAGUE)


def looks_like_header(line: Line) -> bool:
    """Tell whether a line is titles once more, however badly read (« DFI Code RIVE Noill… »)."""
    cells = [folded(cell) for cell in line.cells if cell.strip()]
    wanted = ("dpt", "code rne", "nom du lycee", "ville")
    close = sum(any(fuzz.ratio(cell, title) >= 60 for title in wanted) for cell in cells)
    return len(cells) >= 3 and close >= len(cells) - 1


def guess(lines: Sequence[Line], directory: Directory) -> Columns:
    """Return the columns of a list without titles, by what most of their cells hold."""
    sample = [line for line in lines if sum(bool(cell) for cell in line.cells) >= 2][:_LOOKED_AT]
    width = max((len(line.cells) for line in sample), default=0)
    columns = {rank: _column(sample, rank) for rank in range(width)}
    found: dict[str, int] = {}
    for field, test in _tests(directory).items():
        shares = {
            rank: sum(map(test, cells)) / len(cells)
            for rank, cells in columns.items()
            if cells and rank not in found.values()
        }
        best = max(shares, key=lambda rank: shares[rank], default=None)
        if best is not None and shares[best] >= 0.5:
            found[field] = best
    letters = {
        rank: sum(len(cell) for cell in cells if not cell.isdecimal())
        for rank, cells in columns.items()
        if rank not in found.values()
    }
    if any(letters.values()):
        found["name"] = max(letters, key=lambda rank: letters[rank])
    return found


def _tests(directory: Directory) -> dict[str, Callable[[str], bool]]:
    unread = {Reading.NONE, Reading.UNREADABLE}
    return {
        "code": lambda cell: read_code(cell, directory.by_code).reading not in unread,
        "departement": lambda cell: cell in directory.departements,
        "postcode": lambda cell: _POSTCODE.fullmatch(cell) is not None,
        "commune": lambda cell: folded(cell) in directory.communes_by_name,
    }


def _column(lines: Iterable[Line], rank: int) -> list[str]:
    """Return the cells of a column that hold something."""
    return [line.cells[rank] for line in lines if rank < len(line.cells) and line.cells[rank]]
