"""Rows of a list of sites: columns recognised, ids, fields, duplicates, rows left out.

Titles of a list of lycées are those of `intake.documents`; a list of any sites has others.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from geozones.common.french import folded, lookalike, shortlist
from geozones.domain.identifiers import MAX_ID_LENGTH, Scheme, departement_named, is_free_id, is_uai
from geozones.domain.terms import terms, worded
from geozones.intake.columns import TableField, chosen_columns
from geozones.intake.document_reader import read_document
from geozones.intake.documents import FIELDS, DocumentLine, ListError, SourceDocument, field_of
from geozones.intake.listing import is_total
from geozones.intake.site_positions import (
    FRANCE,
    Bounds,
    WrittenPosition,
    is_coordinate,
    is_point,
    read_positions,
)

#: Fields of a site, by their key. The titles of `FIELDS` are added to those of the same key.
SITE_FIELDS: dict[str, TableField] = {
    "name": TableField("nom", (
        "site", "agence", "bureau", "service", "college", "nom du site", "nom de l agence",
        "nom du bureau", "nom du college", "nom du service", "intitule", "enseigne", "name",
        "raison sociale", "lieu", "nom complet",
    ), label="Nom {of_the_site}"),
    "code": TableField("code", (
        "reference", "ref", "numero", "code agence", "code site", "code bureau", "code service",
        "id site", "identifiant unique", "siret", "matricule",
    ), label="Code {of_the_site}"),
    "lat": TableField("latitude", (
        "latitude wgs84", "lat wgs84", "coord y", "coordonnee y", "coordy", "y wgs84",
        "y lambert 93", "lambert y", "y l93", "coordy origine", "northing", "latitude y",
    ), label="Latitude"),
    "lon": TableField("longitude", (
        "longitude wgs84", "lon wgs84", "coord x", "coordonnee x", "coordx", "x wgs84",
        "x lambert 93", "lambert x", "x l93", "coordx origine", "easting", "longitude x",
    ), label="Longitude"),
    "point": TableField("point", (
        "position", "coordonnees", "geo point 2d", "geo point", "geopoint", "coordonnees gps",
        "gps", "latlon", "lat lon", "latitude longitude", "geolocalisation", "localisation gps",
    ), label="Latitude et longitude, dans une même colonne"),
    "address": TableField(
        "adresse", ("adresse complete", "address", "adresse ligne 1"), label="Adresse"
    ),
    "postcode": TableField("code_postal", ("codepostal", "postcode", "zip"), label="Code postal"),
    "commune": TableField("commune", ("city", "municipalite", "town", "kunta"), label="Commune"),
    "insee": TableField("insee", (
        "com", "insee com", "codgeo", "code geographique", "code commune insee",
        "codecommune",
    ), label="Code INSEE de la commune"),
    "departement": TableField("departement", (), label="Département"),
    "zone": TableField("zone", ("nom zone", "code zone"), label="Zone"),
    "sector": TableField("secteur", ("nom secteur", "code secteur", "sector"), label="Secteur"),
    "size": TableField("taille", (
        "eleves", "nombre d eleves", "nb eleves", "effectif", "effectifs", "postes",
        "nombre de postes", "nb postes", "tickets", "agents", "nombre d agents", "nb agents",
        "taille", "size",
    ), label="Taille ({sizes})"),
    "kind": TableField("type", (
        "type", "categorie", "nature", "type etablissement", "type d etablissement",
        "type de site", "kind", "type de lycee",
    ), label="Type"),
}  # fmt: skip
_FIELD_BY_TITLE = {
    lookalike(title): field for field, (_, titles) in FIELDS.items() for title in titles
} | {lookalike(title): key for key, field in SITE_FIELDS.items() for title in field.titles}
#: Titles that name their column only where no other does: « id » beside « code UAI ».
_VAGUE = {
    lookalike(title)
    for title in (
        "id", "code", "identifiant", "reference", "ref", "numero", "siret", "x", "y", "site",
        "lieu", "position", "service", "com", "agents", "nature", "coord x", "coord y", "coordx",
        "coordy", "coordx origine", "coordy origine", "easting", "northing",
    )
}  # fmt: skip
#: Confidence in a column by how its title was recognised, and in one found by its cells at most.
_USUAL, _VAGUELY, _MISSPELT, _BY_WORD, _BY_CELLS = 1.0, 0.8, 0.7, 0.6, 0.6
#: Words at the head of a longer title, and the field that they announce.
_HEADS = (
    ("code postal", "postcode"), ("code insee", "insee"), ("nom de la commune", "commune"),
    ("nom commune", "commune"), ("adresse", "address"), ("latitude", "lat"), ("longitude", "lon"),
    ("zone", "zone"), ("secteur", "sector"), ("nombre d", "size"), ("nb ", "size"),
    ("effectif", "size"), ("eleves ", "size"), ("total eleves", "size"), ("nom", "name"),
    ("type", "kind"), ("commune", "commune"), ("ville", "commune"),
)  # fmt: skip
#: Lines searched for titles, and lines whose cells are looked at.
_SEARCHED, _SAMPLED = 40, 200
_LONGEST_TITLE = 60
#: Share of its cells that must hold a field for a column to be found by its cells.
_MOST_CELLS = 0.6
_NUMBER = re.compile(r"[+-]?[\d\s\u00a0\u202f.,]+")


@dataclass(frozen=True, slots=True)
class ColumnGuess:
    """Column of a field."""

    #: Key of the field in `SITE_FIELDS`, and its name on screen, in the words of the territory.
    field: str
    label: str
    column: int  # Rank of the column, from 0, and its title.
    title: str
    confidence: float  # From 0 to 1.
    origin: str  # ``titre``, ``contenu`` or ``choisie``.


@dataclass(frozen=True, slots=True)
class SiteColumns:
    """Columns of a list of sites."""

    #: Title of each column, in order: its cell in the line of titles, else « colonne 3 ».
    titles: tuple[str, ...]
    first: int  # Rank, among the lines of the document, of the first row below the titles.
    #: The column of each field that the list has, in the order of `SITE_FIELDS`.
    guesses: tuple[ColumnGuess, ...]

    def cell(self, line: DocumentLine, field: str) -> str:
        """Return the cell of a field in a row; empty if the list has no such column."""
        rank = next((guess.column for guess in self.guesses if guess.field == field), None)
        return "" if rank is None else line.cell(rank)

    @property
    def unused(self) -> tuple[str, ...]:
        """Titles of the columns that no field takes."""
        used = {guess.column for guess in self.guesses}
        rows = enumerate(self.titles)
        return tuple(
            title for rank, title in rows if rank not in used and title != f"colonne {rank + 1}"
        )

    def has(self, *fields: str) -> bool:
        """Return whether the list has a column for one of some fields."""
        return any(guess.field in fields for guess in self.guesses)


def site_columns(lines: Sequence[DocumentLine], corrections: Mapping[str, str]) -> SiteColumns:
    """Return the columns of a list, first those that the user chose: see `chosen_columns`."""
    at = _titles_at(lines)
    width = max((len(line.cells) for line in lines[:_SAMPLED]), default=0)
    named = lines[at] if at is not None else DocumentLine(0, ())
    titles = tuple(named.cell(rank) or f"colonne {rank + 1}" for rank in range(width))
    first = 0 if at is None else at + 1
    chosen, without = _chosen(titles, corrections)
    sample = [line for line in lines[first : first + _SAMPLED] if not line.is_blank]
    guesses = _by_title(named, sample, chosen, without)
    guesses |= _by_cells(titles, sample, guesses, without)
    return SiteColumns(titles, first, tuple(guesses[key] for key in SITE_FIELDS if key in guesses))


def _guess(field: str, column: int, title: str, confidence: float, origin: str) -> ColumnGuess:
    label = worded(SITE_FIELDS[field].label)
    return ColumnGuess(field, label, column, title, round(confidence, 2), origin)


def _chosen(
    titles: Sequence[str], corrections: Mapping[str, str]
) -> tuple[dict[str, ColumnGuess], set[str]]:
    """Return the columns of the corrections, and the fields that have none."""
    ranks = chosen_columns(titles, SITE_FIELDS, corrections)
    chosen = {
        key: _guess(key, rank, titles[rank], 1.0, "choisie")
        for key, rank in ranks.items()
        if rank is not None
    }
    return chosen, ranks.keys() - chosen.keys()


def _titles_at(lines: Sequence[DocumentLine]) -> int | None:
    """Return the rank of the line of titles; ``None`` without one.

    It is the line with the most titles that are recognised, the first of equals. It holds no
    number, and a row with one cell that is also a title (a site named « Le Bureau ») is none.
    """
    best, at = 0, None
    for rank, line in enumerate(lines[:_SEARCHED]):
        if any(_NUMBER.fullmatch(cell) for cell in line.filled):
            continue
        found = Counter(match[0] for cell in line.cells if (match := _field_of_title(cell)))
        enough = 1 if len(line.filled) == 1 else 2
        usual = any(lookalike(cell) in _FIELD_BY_TITLE for cell in line.filled)
        if usual and len(found) >= enough and len(found) > best:
            best, at = len(found), rank
    return at


def _field_of_title(title: str) -> tuple[str, float] | None:
    """Return the field that a title names, and the confidence in it; ``None`` if it names none."""
    plain = lookalike(title)
    if not plain or len(title) > _LONGEST_TITLE:
        return None
    if plain in _FIELD_BY_TITLE:
        return _FIELD_BY_TITLE[plain], _VAGUELY if plain in _VAGUE else _USUAL
    close = field_of(title)
    if close is not None:
        return close, _MISSPELT
    words = f"{folded(title)} "
    return next(((field, _BY_WORD) for head, field in _HEADS if words.startswith(head)), None)


def _by_title(
    titles: DocumentLine,
    sample: Sequence[DocumentLine],
    chosen: Mapping[str, ColumnGuess],
    without: set[str],
) -> dict[str, ColumnGuess]:
    """Return the chosen columns, then those that a title names, the surest first."""
    guesses = dict(chosen)
    found = [
        (match[1] * _fit(match[0], _cells(sample, rank)), -rank, match[0], title)
        for rank, title in enumerate(titles.cells)
        if (match := _field_of_title(title))
    ]
    taken = {guess.column for guess in guesses.values()}
    for confidence, place, field, title in sorted(found, reverse=True):
        if field in guesses or field in without or -place in taken or confidence < _MOST_CELLS / 2:
            continue
        guesses[field] = _guess(field, -place, title.strip(), confidence, "titre")
        taken.add(-place)
    return guesses


def _cells(sample: Sequence[DocumentLine], rank: int) -> list[str]:
    return [cell for line in sample if (cell := line.cell(rank))]


def _fit(field: str, cells: Sequence[str]) -> float:
    """Return the share of filled cells that may hold a field; 1 if any text may."""
    test = _TESTS.get(field)
    if test is None or not cells:
        return 1.0
    return sum(map(test, cells)) / len(cells)


def _is_count(cell: str) -> bool:
    return bool(_NUMBER.fullmatch(cell))


def _is_postcode(cell: str) -> bool:
    return cell.isdecimal() and len(cell) in {4, 5}


#: Tests of the cells of a field, of fields that not any text may hold.
_TESTS: dict[str, Callable[[str], bool]] = {
    "lat": is_coordinate,
    "lon": is_coordinate,
    "point": is_point,
    "size": _is_count,
}


def _by_cells(
    titles: Sequence[str],
    sample: Sequence[DocumentLine],
    known: Mapping[str, ColumnGuess],
    without: set[str],
) -> dict[str, ColumnGuess]:
    """Return the columns of fields that no title names, found by their cells."""
    taken = {guess.column for guess in known.values()}
    left = {rank: _cells(sample, rank) for rank in range(len(titles)) if rank not in taken}
    left = {rank: cells for rank, cells in left.items() if cells}
    found: dict[str, ColumnGuess] = {}

    def take(field: str, rank: int, share: float) -> None:
        found[field] = _guess(field, rank, titles[rank], _BY_CELLS * share, "contenu")
        del left[rank]

    def best(test: Callable[[str], bool]) -> tuple[int, float] | None:
        shares = [(sum(map(test, cells)) / len(cells), -rank) for rank, cells in left.items()]
        share, rank = max(shares, default=(0.0, 0))
        return (-rank, share) if share >= _MOST_CELLS else None

    wanted = without | known.keys()
    if not {"lat", "lon", "point"} & wanted:
        if match := best(is_point):
            take("point", *match)
        else:
            decimal = [rank for rank, cells in left.items() if _share_of_degrees(cells) >= 0.9]
            if len(decimal) == 2:
                for field, rank in zip(("lat", "lon"), decimal, strict=True):
                    take(field, rank, _share_of_degrees(left[rank]))
    # a column with a title that nobody knows may hold other numbers of five digits
    untitled = not any(guess.origin == "titre" for guess in known.values())
    if untitled and "postcode" not in wanted and (match := best(_is_postcode)):
        take("postcode", *match)
    named = None if "name" in wanted else _most_different_letters(left)
    if named is not None:
        take("name", named, len(set(left[named])) / len(left[named]))
    return found


def _share_of_degrees(cells: Sequence[str]) -> float:
    """Return the share of cells that are numbers with decimals, as degrees are."""
    with_decimals = [cell for cell in cells if re.search(r"\d[.,]\d{2,}", cell)]
    return sum(map(is_coordinate, with_decimals)) / len(cells)


def _most_different_letters(left: Mapping[int, Sequence[str]]) -> int | None:
    """Return the column with the most different texts that are no numbers: that of names."""
    texts = {
        rank: len({cell for cell in cells if not _NUMBER.fullmatch(cell)})
        for rank, cells in left.items()
    }
    best = max(texts, key=lambda rank: (texts[rank], -rank), default=None)
    return best if best is not None and texts[best] else None


#: Columns that are not used and are named; more are counted.
_SHOWN = 6
_COUNT = re.compile(r"\d{1,7}")


@dataclass(frozen=True, slots=True)
class SiteRow:
    """Site of a list: each text is empty, each figure ``None``, where the list does not give it.

    ``code`` is the identifier of the list; ``lat`` and ``lon`` are WGS84 degrees.
    """

    line: int
    name: str
    code: str = ""
    address: str = ""
    postcode: str = ""
    commune: str = ""
    insee: str = ""
    departement: str = ""
    lat: float | None = None
    lon: float | None = None
    zone: str = ""
    sector: str = ""
    size: int | None = None
    kind: str = ""

    @property
    def has_position(self) -> bool:
        """Whether the list gives its coordinates."""
        return self.lat is not None

    @property
    def has_place(self) -> bool:
        """Whether it may be placed by its address, its commune or its code."""
        return bool(self.address or self.commune or self.insee or self.postcode or self.code)


@dataclass(frozen=True, slots=True)
class LeftOutRow:
    """Row that is no site: its line in the document, the reason in French, its cells."""

    line: int
    reason: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class SiteList:
    """Sites of a list, in its order, with its columns and the rows left out.

    ``remarks`` are French sentences on how the list as a whole was read.
    """

    sites: tuple[SiteRow, ...]
    left_out: tuple[LeftOutRow, ...]
    columns: SiteColumns
    remarks: tuple[str, ...]
    document: SourceDocument

    def without(self, reasons: Mapping[int, str]) -> "SiteList":
        """Return the list with more rows left out: the reason by line."""
        cells = {line.number: line.cells for line in self.document.lines}
        rows = [LeftOutRow(line, reason, cells[line]) for line, reason in reasons.items()]
        return replace(
            self,
            sites=tuple(site for site in self.sites if site.line not in reasons),
            left_out=tuple(sorted((*self.left_out, *rows), key=lambda row: row.line)),
        )


def read_site_list(
    content: bytes | str, corrections: Mapping[str, str], lands: Sequence[Bounds] = FRANCE
) -> SiteList:
    """Read a list of sites; see `site_columns` and `read_positions`."""
    document = read_document(content)
    columns = site_columns(document.lines, corrections)
    lines = [line for line in document.lines[columns.first :] if not line.is_blank]
    if not lines:
        raise ListError("elle n'a que des titres, ou aucune ligne.")
    positions = read_positions([_written(line, columns) for line in lines], lands)
    found: list[SiteRow] = []
    reasons: dict[int, str] = {}
    for line in lines:
        row = _row(line, columns, positions.points.get(line.number))
        reason = _no_site(line, row, positions.faults.get(line.number, ""))
        if reason:
            reasons[line.number] = reason
        else:
            found.append(row)
    remarks = (*(note.what for note in document.notes), *positions.remarks, *_unused(columns))
    rows = SiteList((*found,), (), columns, remarks, document).without(reasons)
    return rows.without(_duplicates(rows.sites))


def _unused(columns: SiteColumns) -> tuple[str, ...]:
    """Name the columns that are not used: one of them may be a size, or a zone."""
    if not columns.unused:
        return ()
    one = len(columns.unused) == 1
    what = "Colonne non utilisée" if one else "Colonnes non utilisées"
    return (f"{what} : {shortlist([f'« {title} »' for title in columns.unused], _SHOWN)}.",)


def _written(line: DocumentLine, columns: SiteColumns) -> WrittenPosition:
    lat, lon, point = (columns.cell(line, field) for field in ("lat", "lon", "point"))
    return WrittenPosition(line.number, lat, lon, "" if lat and lon else point)


def _row(line: DocumentLine, columns: SiteColumns, point: tuple[float, float] | None) -> SiteRow:
    texts = {
        field: columns.cell(line, field)
        for field in (
            "name", "code", "address", "postcode", "commune", "insee", "departement", "zone",
            "sector", "kind",
        )
    }  # fmt: skip
    if not texts["name"]:
        texts["name"] = texts["commune"] or texts["address"] or texts["code"]
    # an id stands in addresses: « node/12 » of OpenStreetMap is node-12
    texts["code"] = re.sub(r"[/\\]+", "-", texts["code"]).strip("- ")
    texts["departement"] = departement_named(texts["departement"])
    texts |= _padded(texts)
    lat, lon = point or (None, None)
    size = _count(columns.cell(line, "size"))
    return SiteRow(line.number, lat=lat, lon=lon, size=size, **texts)


def _padded(texts: Mapping[str, str]) -> dict[str, str]:
    """Return the codes that a spreadsheet took for numbers, with the zero that it dropped."""
    widths = {"postcode": 5, "insee": 5}
    return {
        field: texts[field].zfill(width)
        for field, width in widths.items()
        if len(texts[field]) == width - 1 and texts[field].isdecimal()
    }


def _count(cell: str) -> int | None:
    """Return a count; ``None`` if the cell is no whole number."""
    plain = re.sub(r"\s", "", cell).replace(",", ".").removesuffix(".0")
    return int(plain) if _COUNT.fullmatch(plain) else None


def _no_site(line: DocumentLine, row: SiteRow, fault: str) -> str:
    """Return why a row is no site; empty if it is one."""
    if is_total(line):
        return "c'est une ligne de total"
    if not row.name:
        return "la ligne n'a ni nom ni code"
    if row.has_position or row.has_place:
        return ""
    return fault or "la ligne n'a ni coordonnées, ni adresse, ni commune"


def _duplicates(sites: Iterable[SiteRow]) -> dict[int, str]:
    """Return why rows repeat a row above: the same code, or the same name at the same place."""
    reasons: dict[int, str] = {}
    by_code: dict[str, SiteRow] = {}
    by_place: dict[tuple[object, ...], SiteRow] = {}
    for site in sites:
        name = folded(site.name)
        place = (name, site.lat, site.lon, folded(site.address), folded(site.commune), site.insee)
        same = by_code.get(folded(site.code)) if site.code else by_place.get(place)
        if same is not None:
            what = "même code" if site.code else "même nom au même endroit"
            reasons[site.line] = f"doublon : {what} que la ligne {same.line} ({same.name})"
            continue
        by_place.setdefault(place, site)
        if site.code:
            by_code[folded(site.code)] = site
    return reasons


def no_sites(rows: SiteList) -> ListError:
    """Return the error of a list of which no row is left."""
    why = rows.left_out[0].reason if rows.left_out else "elle est vide"
    return ListError(f"aucune de ses lignes n'est {terms().site.a} (la première : {why}).")


def scheme_of(sites: Sequence[SiteRow]) -> Scheme:
    """Return the scheme of ids of a list: UAI if each site has a valid one, else free."""
    return Scheme.UAI if all(is_uai(site.code.upper()) for site in sites) else Scheme.FREE


def bad_codes(sites: Sequence[SiteRow]) -> dict[int, str]:
    """Return why codes cannot be ids, by line."""
    return {
        site.line: (
            f"le code « {site.code[:40]} » ne peut pas servir d'identifiant "
            f"(1 à {MAX_ID_LENGTH} caractères, sans barre oblique)"
        )
        for site in sites
        if site.code and not is_free_id(site.code)
    }


def ids_of(sites: Sequence[SiteRow]) -> dict[int, str]:
    """Return the id of each site, by line.

    It is its code; without one, its name in small letters, with the commune where several sites
    have the name, then a number if that id is taken.
    """
    codes = {site.line: site.code for site in sites if site.code}
    if scheme_of(sites) is Scheme.UAI:
        return {line: code.upper() for line, code in codes.items()}
    taken = set(codes.values())
    named = Counter(id_of_name(site.name) for site in sites if not site.code)
    ids = {}
    for site in sites:
        if site.code:
            ids[site.line] = site.code
            continue
        plain = id_of_name(site.name)
        if named[plain] > 1 and site.commune:
            plain = id_of_name(f"{site.name} {site.commune}")
        ids[site.line] = unused(plain, taken)
        taken.add(ids[site.line])
    return ids


def id_of_name(text: str) -> str:
    """Return a name as an id: small letters without accents, hyphens between words."""
    return folded(text).replace(" ", "-")[:MAX_ID_LENGTH].strip("-") or "site"


def unused(plain: str, taken: set[str]) -> str:
    """Return an id, with the first number that makes it different from others."""
    made, rank = plain, 1
    while made in taken:
        rank += 1
        made = f"{plain[: MAX_ID_LENGTH - 5]}-{rank}"
    return made
