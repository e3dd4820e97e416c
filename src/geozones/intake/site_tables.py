"""Tables with a lycée on each line: its zone, or its needs and size."""

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from geozones.common.errors import InputError
from geozones.common.french import folded, shortlist
from geozones.domain import Lycee, Plan, PlanFileError, Zone
from geozones.domain.places import LocationOverrides
from geozones.domain.plan import plan_of
from geozones.domain.teams import SIZE_TITLES, Basis, checked_need, checked_size
from geozones.domain.terms import terms, worded
from geozones.intake.columns import TableColumns, TableField, TableFields, recognise
from geozones.intake.document_reader import read_document
from geozones.intake.documents import DocumentLine
from geozones.intake.plan_file import PlanFile
from geozones.intake.site_list import id_of_name, unused

#: Titles that the file is written with.
TITLES = ("site", "zone")
ASSIGNMENT_FIELDS = TableFields(
    site=TableField(
        "site",
        ("site", "id", "identifiant", "code", "uai", "rne", "code uai", "lycee"),
        required=True,
    ),
    zone=TableField(
        "zone",
        ("zone", "zone de continuite", "nom de la zone", "code zone", "code de la zone"),
        required=True,
    ),
)


def assignment_csv(plan: Plan, sites: Iterable[str]) -> str:
    """Return the zone (id) of each site (id) as CSV, empty for sites left out of the plan."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(TITLES)
    writer.writerows((site, plan.zone_by_lycee.get(site, "")) for site in sites)
    return text.getvalue().rstrip("\n")


def read_assignment(
    content: bytes | str, reference: Plan, corrections: Mapping[str, str] | None = None
) -> PlanFile | None:
    """Read an assignment of the sites of a plan; ``None`` if the file is no such table.

    A zone is named by its id or its name; one that the plan lacks is a new zone of the sector of
    most of its sites. Sites that the file lacks keep their zone; sites without a zone, and zones
    without sites, are left out. ``corrections`` are the columns that the user chose.
    """
    try:
        lines = [line for line in read_document(content).lines if not line.is_blank]
    except InputError:
        if corrections:
            raise
        return None
    columns = recognise(lines, ASSIGNMENT_FIELDS, corrections)
    if not all(map(columns.has, ASSIGNMENT_FIELDS)):
        if corrections:
            raise PlanFileError("Ce plan n'a pas les deux colonnes « site » et « zone ».")
        return None
    rows = [
        (columns.cell(line, "site"), columns.cell(line, "zone")) for line in lines[columns.first :]
    ]
    _check([site for site, _ in rows], reference)
    known = {folded(zone.name): zone.id for zone in reversed(reference.zones)}
    known |= {folded(zone.id): zone.id for zone in reference.zones}
    wanted = dict(rows)
    new = _new_zones(wanted, known, reference)
    known |= {folded(zone.name): zone.id for zone in new}
    left_out = {site for site, zone in wanted.items() if not zone}
    zone_by_site = dict(reference.zone_by_lycee) | {
        site: known[folded(zone)] for site, zone in wanted.items() if zone
    }
    zone_by_site = {site: zone for site, zone in zone_by_site.items() if site not in left_out}
    centres = sorted(
        sector.support_centre for sector in reference.sectors if sector.support_centre in left_out
    )
    if centres:
        raise PlanFileError(
            f"Cette affectation laisse de côté {terms().support_centre.a} : {shortlist(centres)}. "
            "Donnez-lui une zone."
        )
    used = {*zone_by_site.values()}
    zones = [zone for zone in (*reference.zones, *new) if zone.id in used]
    plan = plan_of(reference.sectors, zones, zone_by_site)
    return PlanFile(plan, LocationOverrides(excluded=frozenset(left_out)))


def _check(sites: list[str], reference: Plan) -> None:
    """Raise ``PlanFileError`` for sites that the plan lacks, or that are there twice."""
    noun = terms().site
    unknown = [site for site in sites if site not in reference.zone_by_lycee]
    twice = sorted(site for site, count in Counter(sites).items() if count > 1)
    faults = [
        f"{noun.plural} {word}s{rest} : {shortlist(found)}"
        for word, rest, found in (("inconnu", "", unknown), ("présent", " deux fois", twice))
        if found
    ]
    if faults:
        raise PlanFileError(f"Cette affectation ne peut pas être ouverte : {' ; '.join(faults)}.")


def _new_zones(wanted: Mapping[str, str], known: Mapping[str, str], reference: Plan) -> list[Zone]:
    """Return the zones that the plan lacks, each in the sector of most of its sites."""
    taken = {zone.id for zone in reference.zones} | {sector.id for sector in reference.sectors}
    sites: dict[str, list[str]] = {}
    names: dict[str, str] = {}
    for site, zone in wanted.items():
        if zone and folded(zone) not in known:
            sites.setdefault(folded(zone), []).append(site)
            names.setdefault(folded(zone), zone)
    made = []
    for key, members in sites.items():
        sectors = Counter(reference.sector_of(site).id for site in members)
        code = unused(id_of_name(names[key]), taken)
        taken.add(code)
        made.append(Zone(code, names[key], sectors.most_common(1)[0][0]))
    return made


#: Parts of titles of sizes. The titles of needs are in `needs_fields`.
_SIZE_PARTS: Mapping[Basis, tuple[str, ...]] = {
    Basis.PUPILS: ("eleve", "effectif"),
    Basis.WORKSTATIONS: ("poste", "ordinateur"),
    Basis.TICKETS: ("ticket", "incident"),
}
#: Lines that may hold the titles.
_LOOKED_AT = 20
#: Formats of a number: thousands separated by any space.
_SPACES = dict.fromkeys(map(ord, " \u00a0\u202f\u2009"))


@dataclass(frozen=True, slots=True)
class RejectedCell:
    """Cell that was rejected: its line in the file, its column, a French sentence why."""

    line: int
    column: str
    why: str

    @property
    def text(self) -> str:
        """Return the place of the cell and the reason."""
        return f"Ligne {self.line}, colonne « {self.column} » : {self.why}"


@dataclass(frozen=True)
class NeedsFile:
    """Needs or sizes in a file."""

    needs: dict[str, int] = field(default_factory=dict)  # Half-days a week, by lycée id.
    #: Basis of the sizes, and sizes by lycée id; ``None`` and empty without such a column.
    basis: Basis | None = None
    sizes: dict[str, int] = field(default_factory=dict)
    rejected: tuple[RejectedCell, ...] = ()  # The rejected cells.
    notes: tuple[str, ...] = ()  # Repairs during the reading, in French.


def read_needs_file(
    content: bytes, lycees: Mapping[str, Lycee], corrections: Mapping[str, str] | None = None
) -> NeedsFile:
    """Read a table whose titles name a column of codes, and one of needs, of sizes, or both.

    A lycée may be named by its id or by the UAI of an establishment joined with it: the numbers of
    establishments at one place add up. ``corrections`` are the columns that the user chose: see
    `chosen_columns`.
    """
    document = read_document(content)
    columns = _checked_columns(needs_columns(document.lines, corrections or {}))
    basis = next((basis for basis in Basis if basis.value in columns.ranks), None)
    id_by_code = {code: lycee.id for lycee in lycees.values() for code in lycee.associated_uais}
    id_by_code |= {key.upper(): key for key in lycees}
    rank, title = columns.ranks["code"], columns.title("code")[:40]
    rows: list[_Row] = []
    rejected: list[RejectedCell] = []
    seen: dict[str, int] = {}
    for line in document.lines[columns.first :]:
        if line.is_blank:
            continue
        code = line.cell(rank).upper()
        lycee = id_by_code.get(code)
        if lycee is None:
            why = f"{terms().site.no} du plan n'a le code « {code[:20]} »."
            rejected.append(RejectedCell(line.number, title, why))
        elif code in seen:
            why = f"{code} est déjà à la ligne {seen[code]}."
            rejected.append(RejectedCell(line.number, title, why))
        else:
            seen[code] = line.number
            cells = tuple(line.cell(place) for place in range(len(line.cells)))
            rows.append((line.number, lycee, code, cells))
    needs, bad = _numbers(rows, columns, "besoin", checked_need)
    sizes, worse = _numbers(
        rows,
        columns,
        "" if basis is None else basis.value,
        lambda value, what: checked_size(value, basis or Basis.PUPILS, what),
    )
    faults = sorted([*rejected, *bad, *worse], key=lambda fault: fault.line)
    notes = tuple(note.what for note in document.notes)
    return NeedsFile(needs, basis, sizes, tuple(faults), notes)


#: Number of a line, id and code of its lycée, its cells.
type _Row = tuple[int, str, str, tuple[str, ...]]
#: Function that parses a number, given its name for messages; raises ``InputError``.
type _Check = Callable[[object, str], int]


def _numbers(
    rows: Sequence[_Row], columns: TableColumns, field: str, check: _Check
) -> tuple[dict[str, int], list[RejectedCell]]:
    """Return the numbers of a column by lycée, and the cells that are not numbers."""
    if field not in columns.ranks:
        return {}, []
    rank, title = columns.ranks[field], columns.title(field)[:40]
    totals: dict[str, int] = {}
    rejected: list[RejectedCell] = []
    spoilt: dict[str, int] = {}
    first: dict[str, tuple[int, str]] = {}
    for line, lycee, code, cells in rows:
        typed = cells[rank] if rank < len(cells) else ""
        first.setdefault(lycee, (line, code))
        try:
            number = check(_number(typed), f"de {code}")
            totals[lycee] = check(totals.get(lycee, 0) + number, f"de {code}")
        except InputError as error:
            why = str(error) if typed else "la case est vide."
            rejected.append(RejectedCell(line, title, why))
            spoilt[lycee] = line
    for lycee, line in spoilt.items():
        if totals.pop(lycee, None) is not None:
            where, code = first[lycee]
            why = f"{code} n'est pas pris seul : la ligne {line} est du même lieu."
            rejected.append(RejectedCell(where, title, why))
    return totals, rejected


def needs_fields() -> TableFields:
    """Return the fields of a table of needs or sizes, in the words of the territory."""
    of_network = (folded(terms().size.singular), folded(terms().size.plural))
    fields = TableFields(
        code=TableField(
            "code",
            parts=("uai", "rne", "code", folded(terms().code.short)),
            label="Code {of_the_site}",
        ),
        besoin=TableField(
            "besoin",
            parts=("besoin", "demi journee", "presence"),
            label="Besoin",
        ),
    )
    for basis, parts in _SIZE_PARTS.items():
        names = parts + (of_network if basis is Basis.PUPILS else ())
        fields[basis.value] = TableField(basis.value, parts=names, label=basis.label.capitalize())
    return fields


def needs_columns(lines: Sequence[DocumentLine], corrections: Mapping[str, str]) -> TableColumns:
    """Return the columns of a table of needs or sizes."""
    return recognise(
        lines,
        needs_fields(),
        corrections,
        among=_LOOKED_AT,
        is_titles=lambda _, named: "code" in named and len(named) > 1,
    )


def _checked_columns(table: TableColumns) -> TableColumns:
    """Return the columns of a table of needs; raise ``InputError`` without those that it needs."""
    if not table.has("code") or len(table.ranks) < 2:
        raise InputError(
            "Ce fichier n'a pas les deux colonnes attendues, nommées sur une même ligne. Il en "
            f"faut une de codes (« {terms().code.short} »), et une de besoins (« besoin » ou "
            f"« demi-journées ») ou de tailles ({worded(SIZE_TITLES)})."
        )
    sizes = [f"« {table.title(field)[:40]} »" for field in table.ranks if field in [*Basis]]
    if len(sizes) > 1:
        raise InputError(
            f"Ce fichier a plusieurs colonnes de nombres, {' et '.join(sizes)} : gardez-en une."
        )
    return table


def _number(text: str) -> object:
    """Return the number in a cell; the text itself if it is none."""
    try:
        return float(text.translate(_SPACES).replace(",", "."))
    except ValueError:
        return text
