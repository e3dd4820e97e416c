"""Rows of a list of sites: ids, fields, duplicates, rows left out."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from geozones.common.french import folded, shortlist
from geozones.domain.identifiers import MAX_ID_LENGTH, Scheme, departement_named, is_free_id, is_uai
from geozones.domain.terms import terms
from geozones.intake.columns import TableColumns, recognise
from geozones.intake.document_reader import read_document
from geozones.intake.documents import DocumentLine, ListError, SourceDocument
from geozones.intake.listing import is_total
from geozones.intake.site_fields import (
    FRANCE,
    SITE_FIELDS,
    Bounds,
    WrittenPosition,
    names_sites,
    read_positions,
)

#: Lines searched for titles.
_SEARCHED = 40
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
    columns: TableColumns
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
    """Read a list of sites; see `recognise` and `read_positions`."""
    document = read_document(content)
    columns = recognise(
        document.lines, SITE_FIELDS, corrections, among=_SEARCHED, is_titles=names_sites
    )
    lines = [line for line in document.lines[columns.first :] if not line.is_blank]
    if not lines:
        raise ListError("elle n'a que des titres, ou aucune ligne.")
    positions = read_positions([_written(line, columns) for line in lines], lands)
    found: list[SiteRow] = []
    reasons: dict[int, str] = {}
    for line in lines:
        row = _row(line, columns, positions.points.get(line.number))
        # why a row is no site; empty if it is one
        fault = positions.faults.get(line.number, "")
        if is_total(line):
            reason = "c'est une ligne de total"
        elif not row.name:
            reason = "la ligne n'a ni nom ni code"
        elif row.has_position or row.has_place:
            reason = ""
        else:
            reason = fault or "la ligne n'a ni coordonnées, ni adresse, ni commune"
        if reason:
            reasons[line.number] = reason
        else:
            found.append(row)
    remarks = (*(note.what for note in document.notes), *positions.remarks, *_unused(columns))
    rows = SiteList((*found,), (), columns, remarks, document).without(reasons)
    return rows.without(_duplicates(rows.sites))


def _unused(columns: TableColumns) -> tuple[str, ...]:
    """Name the columns that are not used: one of them may be a size, or a zone."""
    if not columns.unused:
        return ()
    one = len(columns.unused) == 1
    what = "Colonne non utilisée" if one else "Colonnes non utilisées"
    return (f"{what} : {shortlist([f'« {title} »' for title in columns.unused], _SHOWN)}.",)


def _written(line: DocumentLine, columns: TableColumns) -> WrittenPosition:
    lat, lon, point = (columns.cell(line, field) for field in ("lat", "lon", "point"))
    return WrittenPosition(line.number, lat, lon, "" if lat and lon else point)


def _row(line: DocumentLine, columns: TableColumns, point: tuple[float, float] | None) -> SiteRow:
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
    widths = {"postcode": 5, "insee": 5}
    texts |= {
        field: texts[field].zfill(width)
        for field, width in widths.items()
        if len(texts[field]) == width - 1 and texts[field].isdecimal()
    }
    lat, lon = point or (None, None)
    # a count; None if the cell is no whole number
    cell = columns.cell(line, "size")
    plain = re.sub(r"\s", "", cell).replace(",", ".").removesuffix(".0")
    size = int(plain) if _COUNT.fullmatch(plain) else None
    return SiteRow(line.number, lat=lat, lon=lon, size=size, **texts)


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
