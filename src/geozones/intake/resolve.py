"""Resolution of a listing into a report: rows matched, repaired, left to the user, rejected."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from operator import itemgetter

from geozones.common.french import capital, folded
from geozones.domain.identifiers import departement_code
from geozones.domain.terms import terms, worded
from geozones.intake import listing
from geozones.intake.directory import (
    SAME_COMMUNE,
    SAME_NAME,
    Directory,
    DirectoryEntry,
    name_similarity,
    name_words,
)
from geozones.intake.documents import Note, excerpt
from geozones.intake.import_report import (
    LEAVE,
    NEW,
    Accepted,
    AmbiguousRow,
    ImportDecisions,
    NormalizedRecord,
    RejectedRow,
    Repair,
    Report,
)
from geozones.intake.listing import ListedRow, ListedSector, Listing
from geozones.intake.match import (
    Ambiguous,
    Excluded,
    Match,
    MatchResult,
    NewLycee,
    match_row,
    new_lycee_by_choice,
    ranked_candidates,
)
from geozones.intake.uai_codes import CodeReading, provisional_key

#: Least number of letters of a name inside a longer name, and largest ratio of their lengths.
_SHORTEST_INSIDE, _FEWEST_MORE = 6, 4


def repairs_of(
    line: int, match: Match, neighbours: Iterable[tuple[int, DirectoryEntry]]
) -> list[Repair]:
    """Return the repairs of a row: département, code, second code, name, commune.

    ``neighbours`` are the matched rows near it: a bad cut may have put their names in it.
    """
    printed, right = match.record.fields.departement, match.entry.commune.departement
    if not printed or departement_code(printed) == right:
        departement = None
    else:
        why = f"{match.entry.name} est dans ce département"
        departement = Repair(line, "departement", printed, right, _sentence(why))
    repairs = (
        departement,
        _code(line, match),
        _second_code(line, match),
        _name(line, match, neighbours),
        _commune(line, match),
    )
    return [repair for repair in repairs if repair is not None]


def _code(line: int, match: Match) -> Repair | None:
    code, entry = match.record.code, match.entry
    if code.reading is CodeReading.EXACT and not code.star:
        return None
    now = entry.codes[0] if entry.codes else entry.id
    if code.reading is CodeReading.REPAIRED and not code.star:
        now = code.uai
    if code.printed == now and not code.star:  # the key of a lycée without a code
        return None
    return Repair(line, "code", code.printed, now, _sentence(_why_code(match)))


def _why_code(match: Match) -> str:
    code = match.record.code
    if code.star:
        return match.confirmed_by
    if code.reading is CodeReading.REPAIRED:
        return (
            "une seule lecture a la bonne lettre-clé et existe dans l'annuaire ; confirmée par "
            f"{match.confirmed_by}"
        )
    if code.date:
        return f"la case contient une date ; reconnu par {match.confirmed_by}"
    if code.reading is CodeReading.UNREADABLE:
        return f"code illisible ou lettre-clé fausse ; reconnu par {match.confirmed_by}"
    if match.entry.codes:
        return f"ligne sans code ; reconnu par {match.confirmed_by}"
    none = worded("{no_code} publié")
    return f"ligne sans code, {none} : clé provisoire, à remplacer dès que connue"


def _second_code(line: int, match: Match) -> Repair | None:
    """Add the other codes of a row that names several establishments joined as one lycée."""
    entry, words = match.entry, match.record.words
    if len(entry.codes) < 2:
        return None
    names_each = all(
        any(
            name_similarity(known, words) >= SAME_NAME
            for name in names
            if (known := name_words(name))
        )
        for names in entry.names
    )
    names_whole = name_similarity(words, entry.variants[0]) >= SAME_NAME
    if not (names_each or names_whole):
        return None
    names = " et ".join(name[0] for name in entry.names)
    why = f"la ligne réunit deux établissements, {names} : les deux codes sont gardés"
    return Repair(line, "uai_associes", entry.codes[0], " + ".join(entry.codes), _sentence(why))


def _name(
    line: int, match: Match, neighbours: Iterable[tuple[int, DirectoryEntry]]
) -> Repair | None:
    record, entry = match.record, match.entry
    if not record.identifying_words(entry):
        return None
    others = [
        f"{other.name} (ligne {row})"
        for row, other in (neighbours if _contains_name(record, entry) else ())
        if row != line and other is not entry and _contains_name(record, other)
    ]
    if others:
        why = (
            f"plusieurs noms réunis sur une ligne : {', '.join(others)} ; le code est celui de "
            f"{entry.name}"
        )
    elif record.compare(entry).same_name:
        return None
    else:
        why = (
            f"le code est celui de {entry.name}, confirmé par {match.confirmed_by} : "
            f"{worded('{site} renommé')}, ou nom mal lu"
        )
    return Repair(line, "nom", record.fields.name, entry.name, _sentence(why))


def _contains_name(record: NormalizedRecord, entry: DirectoryEntry) -> bool:
    """Return whether the printed name is longer than one of an entry's names and contains it."""
    length = len("".join(record.words))
    return any(
        length > len("".join(known)) + _FEWEST_MORE
        and name_similarity(record.words, known) >= SAME_NAME
        for known in entry.variants
        if len("".join(known)) >= _SHORTEST_INSIDE
    )


def _commune(line: int, match: Match) -> Repair | None:
    """Replace the commune by its current name; case, accents, hyphens and CEDEX are ignored."""
    record, commune = match.record, match.entry.commune
    printed = folded(record.fields.commune)
    if not commune.name or printed == folded(commune.name):
        return None
    if not printed and folded(commune.name) in folded(record.fields.name):
        return None
    if not printed:
        why = f"commune absente ; celle {terms().site.of_the}"
    elif any(folded(name) == printed for name in commune.former):
        why = "ancien nom, ou commune déléguée"
    elif (record.compare(match.entry).commune or 0.0) >= SAME_COMMUNE:
        why = "faute de frappe probable"
    else:
        why = f"le code et le nom sont ceux de {match.entry.name}, qui est dans cette commune"
    return Repair(line, "commune", record.fields.commune, commune.name, _sentence(why))


def _sentence(text: str) -> str:
    return f"{capital(text)}."


#: Least similarity of a lycée's name with the name of the support centre.
_SAME_CENTRE = 80.0


@dataclass
class SectorLeaders:
    """Support centre (lycée id) and RNS of the sectors, by rank; remarks on unknown names."""

    centres: dict[int, str] = field(default_factory=dict)
    rns: dict[int, str] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)


def sector_leaders(
    listing: Listing, directory: Directory, accepted: Sequence[Accepted]
) -> SectorLeaders:
    """Match the leaders in a list with its sectors, by the names of the sectors.

    A support centre is searched among the lycées of its sector.
    """
    result = SectorLeaders()
    for leader in listing.leaders:
        sector = _sector(leader.sector, listing.sectors)
        if sector is None:
            continue
        result.rns[sector.rank] = leader.rns
        zones = {zone.rank for zone in listing.zones if zone.sector == sector.rank}
        members = (directory.by_id[row.id] for row in accepted if row.zone in zones and row.known)
        # the id of the lycée of the sector with the most similar name, if similar enough
        words = name_words(leader.centre)
        similarity, lycee = max(
            (
                (max(name_similarity(words, known) for known in entry.variants), entry.id)
                for entry in members
            ),
            default=(0.0, ""),
        )
        centre = lycee if similarity >= _SAME_CENTRE else None
        if centre is not None:
            result.centres[sector.rank] = centre
        elif leader.centre:
            what = (
                f"{worded('{Support_centre}')} « {leader.centre} » : {terms().site.no} du secteur "
                "n'a ce nom."
            )
            result.notes.append(Note(leader.row, what))
    return result


def _sector(name: str, sectors: Iterable[ListedSector]) -> ListedSector | None:
    """Return the sector with the most similar name; ``None`` if there is no sector."""
    words = name_words(name)
    return max(
        sectors,
        key=lambda sector: name_similarity(words, name_words(sector.name)),
        default=None,
    )


#: Essential repairs: if one is refused, the row is left to the user.
_ESSENTIAL = frozenset({"code", "commune", "departement"})
#: Ambiguous rows beyond this number have no candidates, since ranking takes time.
_MOST_RANKED = 400
#: Lines above and below a row whose names a bad cut may have put in it.
_NEIGHBOURHOOD = 10

type MatchedLines = Sequence[tuple[int, DirectoryEntry]]


def resolve(
    listing: Listing, directory: Directory, decisions: ImportDecisions | None = None
) -> Report:
    """Match every row of a list with the directory, under the user's decisions.

    Pure: the same list, directory and decisions give the same report.
    """
    return _Resolution(listing, directory, decisions or ImportDecisions()).report()


class _Resolution:
    """Report under construction."""

    def __init__(self, listing: Listing, directory: Directory, decisions: ImportDecisions) -> None:
        self.listing, self.directory, self.decisions = listing, directory, decisions
        self.accepted: dict[str, Accepted] = {}
        self.repairs: list[Repair] = []
        self.refused: list[Repair] = []
        self.ambiguous: list[AmbiguousRow] = []
        self.rejected: list[RejectedRow] = []
        self.notes: list[Note] = list(listing.notes)
        self.taken: dict[str, int] = {}

    def report(self) -> Report:
        results = [(row, self._match(row)) for row in self.listing.rows]
        matched = [(row.line, result.entry) for row, result in results if isinstance(result, Match)]
        self.taken = {entry.id: line for line, entry in reversed(matched)}
        for total in self.listing.totals:
            why = "Ligne de total ou de moyenne : mise de côté d'office."
            self.rejected.append(RejectedRow(total.row, why, total.what))
        for row, result in results:
            if isinstance(result, Excluded):
                self.rejected.append(RejectedRow(row.line, result.why, excerpt(row.text)))
            elif isinstance(result, Ambiguous):
                self._leave_to_user(row, result)
            elif isinstance(result, Match):
                self._add_match(row, result, matched)
            else:
                self._add_new_lycee(row, result)
        for cut in self.listing.cut:
            why = "Titre coupé : il commence quand même une zone."
            self.repairs.append(Repair(cut.line, "zone", cut.printed, listing.ZONE, why))
        used = {row.zone for row in self.listing.rows}
        for zone in self.listing.zones:
            if zone.rank not in used:
                name = f" « {zone.name} »" if zone.name else ""
                self.notes.append(
                    Note(zone.line, f"Zone{name} sans {terms().site} : elle n'est pas créée.")
                )
        accepted = tuple(self.accepted.values())
        leaders = sector_leaders(self.listing, self.directory, accepted)
        notes = [*self.notes, *leaders.notes]
        return Report(
            listing=self.listing,
            accepted=accepted,
            repairs=tuple(sorted(self.repairs, key=lambda repair: repair.row)),
            ambiguous=tuple(sorted(self.ambiguous, key=lambda row: row.row)),
            rejected=tuple(sorted(self.rejected, key=lambda row: row.row)),
            notes=tuple(sorted(notes, key=lambda note: note.row)),
            refused=tuple(self.refused),
            centres=leaders.centres,
            rns=leaders.rns,
        )

    # -- rows --------------------------------------------------------------------------------------

    def _match(self, row: ListedRow) -> MatchResult:
        """Match a row as the user chose, else by its code, name and commune."""
        choice = self.decisions.chosen.get(row.line)
        record = NormalizedRecord.of(row.readings[0], self.directory)
        if choice == LEAVE:
            return Excluded("Laissée de côté à votre demande.")
        if choice is not None and choice.partition(":")[0] == NEW:
            new = new_lycee_by_choice(record, self.directory, choice.partition(":")[2])
            created = f"Nouveau {terms().site}"
            return new or Ambiguous(record, f"{created} : dites dans quelle commune.")
        entry = self.directory.by_id.get(choice or "")
        if entry is not None:
            return Match(record, entry, "votre choix")
        return match_row(row, self.directory)

    def _leave_to_user(self, row: ListedRow, result: Ambiguous) -> None:
        few = len(self.ambiguous) < _MOST_RANKED
        taken = {key: line for key, line in self.taken.items() if line != row.line}
        candidates = ranked_candidates(result, self.directory, taken) if few else ()
        self.ambiguous.append(AmbiguousRow(row.line, excerpt(row.text), result.why, candidates))

    def _add_match(self, row: ListedRow, match: Match, matched: MatchedLines) -> None:
        """Accept a matched row with its repairs, unless an essential repair was refused."""
        entry, fields = match.entry, match.record.fields
        # the matched rows in the neighbourhood of a line; matched is in order of lines
        line = row.line
        first = bisect_left(matched, line - _NEIGHBOURHOOD, key=itemgetter(0))
        last = bisect_right(matched, line + _NEIGHBOURHOOD, key=itemgetter(0))
        repairs = repairs_of(row.line, match, matched[first:last])
        refused = self._refused(row, repairs)
        self.refused += refused
        if any(repair.field in _ESSENTIAL for repair in refused):
            why = "Vous avez refusé la réparation."
            self._leave_to_user(row, Ambiguous(match.record, why, (entry,)))
            return
        as_printed = {repair.field for repair in refused}
        accepted = Accepted(
            row=row.line,
            id=entry.id,
            codes=entry.codes[:1] if "uai_associes" in as_printed else entry.codes,
            name=fields.name if "nom" in as_printed else entry.name,
            printed=fields.name,
            commune=entry.commune.name,
            insee=entry.commune.insee,
            departement=entry.commune.departement,
            zone=row.zone,
            address=fields.address,
            postcode=fields.postcode,
            point=fields.point,
        )
        self._accept(row, accepted, [repair for repair in repairs if repair not in refused])

    def _add_new_lycee(self, row: ListedRow, new: NewLycee) -> None:
        """Accept a new lycée; without a code it gets a provisional key, which may be refused."""
        fields, commune = new.fields, new.commune
        key = new.uai or provisional_key(commune.departement, fields.name, commune.name)
        repairs = []
        if not new.uai:
            where = self.directory.title
            why = f"Ligne sans code, absente de {where} : clé provisoire, à remplacer."
            repairs = [Repair(row.line, "code", fields.code, key, why)]
        refused = self._refused(row, repairs)
        if refused:
            self.refused += refused
            record = NormalizedRecord.of(fields, self.directory)
            why = "Vous avez refusé la clé provisoire."
            self._leave_to_user(row, Ambiguous(record, why))
            return
        accepted = Accepted(
            row=row.line,
            id=key,
            codes=(new.uai,) if new.uai else (),
            name=fields.name,
            printed=fields.name,
            commune=commune.name,
            insee=commune.insee,
            departement=commune.departement,
            zone=row.zone,
            known=False,
            address=fields.address,
            postcode=fields.postcode,
            point=fields.point,
        )
        self._accept(row, accepted, repairs)

    def _refused(self, row: ListedRow, repairs: Sequence[Repair]) -> list[Repair]:
        """Return the repairs that the user refused; none for a row that the user answered."""
        if row.line in self.decisions.chosen:
            return []
        return [repair for repair in repairs if repair.key in self.decisions.refused]

    def _accept(self, row: ListedRow, accepted: Accepted, repairs: Sequence[Repair]) -> None:
        """Accept a lycée once: a second row in another zone is left to the user."""
        first = self.accepted.get(accepted.id)
        if first is None:
            self.accepted[accepted.id] = accepted
            self.repairs += repairs
            return
        if first.zone == accepted.zone:
            e = terms().site.e
            what = f"{accepted.name} est déjà ligne {first.row}, même zone : compté{e} une fois."
            self.notes.append(Note(row.line, what))
            return
        where = "avant toute zone" if first.zone is None else f"dans la zone {first.zone + 1}"
        why = f"{accepted.name} est déjà ligne {first.row}, {where} : gardez une des deux lignes."
        self.ambiguous.append(AmbiguousRow(row.line, excerpt(row.text), why))

    # -- zones -------------------------------------------------------------------------------------
