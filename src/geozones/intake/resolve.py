"""Resolution of a listing into a report: rows matched, repaired, left to the user, rejected.

A row is matched only if two of its code, its name and its commune agree on one lycée and the third
does not point at another lycée. A high score alone never makes a match: the user settles ambiguous
rows.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import itemgetter

from geozones.common.french import capital, folded, lookalike
from geozones.common.french import listing as enumeration
from geozones.domain.identifiers import (
    Scheme,
    departement_code,
    departement_of_uai,
    is_code,
    scheme,
)
from geozones.domain.terms import terms, worded
from geozones.intake import listing
from geozones.intake.directory import (
    SAME_COMMUNE,
    SAME_NAME,
    Directory,
    DirectoryCommune,
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
    MatchCandidate,
    NormalizedRecord,
    RecordComparison,
    RejectedRow,
    Repair,
    Report,
)
from geozones.intake.listing import Fields, ListedRow, ListedSector, Listing
from geozones.intake.site_fields import CodeReading, provisional_key


@dataclass(frozen=True, slots=True)
class Match:
    """Row that is an entry of the directory.

    ``confirmed_by`` names in French what confirms the code: « le nom et la commune ».
    """

    record: NormalizedRecord
    entry: DirectoryEntry
    confirmed_by: str


@dataclass(frozen=True, slots=True)
class NewLycee:
    """Row that is a lycée missing from the directory; ``uai`` is empty without a code."""

    fields: Fields
    uai: str
    commune: DirectoryCommune


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """Row whose code, name and commune are contradictory or insufficient: the user decides."""

    record: NormalizedRecord
    why: str  # The reason, a French sentence.
    #: Entries suggested by the code, the name or the commune.
    likely: tuple[DirectoryEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class Excluded:
    """Row that is no lycée to serve; ``why`` is a French sentence."""

    why: str


type MatchResult = Match | NewLycee | Ambiguous | Excluded


#: Least similarity of a name at which a row may be that lycée, instead of a new one.
_SIMILAR_NAME = 70.0
#: Against a code, a name points at another lycée if it is this dissimilar from the name of the
#: code, and this similar to the other name.
_UNLIKE_NAME, _NEARLY_EQUAL_NAME = 60.0, 95.0
#: Similarity below which two communes differ.
_OTHER_COMMUNE = 60.0
_MAX_CANDIDATES = 5
#: Least similarity of a candidate's name, and bonus of a likely candidate.
_CANDIDATE_NAME, _LIKELY_BONUS = 50.0, 15.0


def match_row(row: ListedRow, directory: Directory) -> MatchResult:
    """Match a row; the result is ambiguous if two of its readings match different lycées."""
    results = [_match_fields(fields, directory) for fields in row.readings]
    matches = [result for result in results if isinstance(result, Match)]
    if matches:
        if len({match.entry.id for match in matches}) == 1:
            return matches[0]
        likely = tuple(dict.fromkeys(match.entry for match in matches))
        why = "La ligne est coupée et se lit de deux façons."
        return Ambiguous(matches[0].record, why, likely)
    ambiguous = [result for result in results if isinstance(result, Ambiguous)]
    if ambiguous and len(results) > 1:
        return max(ambiguous, key=lambda result: _best_score(result.record, directory))
    return results[0]


def _best_score(record: NormalizedRecord, directory: Directory) -> float:
    ranked = record.ranked(directory.entries)
    return ranked[0].score if ranked else 0.0


def ranked_candidates(
    ambiguous: Ambiguous, directory: Directory, taken: Mapping[str, int]
) -> tuple[MatchCandidate, ...]:
    """Return the lycées that an ambiguous row may be, the likeliest first, five at most.

    ``taken`` are the lines of the lycées (ids) that other rows are: these come last, since they
    would be twice in the list.
    """
    comparisons = [
        comparison
        for comparison in ambiguous.record.ranked(e for e in directory.entries if e.served)
        if comparison.name >= _CANDIDATE_NAME
        or comparison.same_commune
        or comparison.entry in ambiguous.likely
    ]
    candidates = [
        MatchCandidate(
            c.entry.id,
            c.entry.name,
            c.entry.commune.name,
            min(100.0, round(c.score + _LIKELY_BONUS * (c.entry in ambiguous.likely), 1)),
            taken.get(c.entry.id),
        )
        for c in comparisons
    ]
    nearest = sorted(candidates, key=lambda c: -c.score)[:_MAX_CANDIDATES]
    return tuple(sorted(nearest, key=lambda c: c.taken is not None))


def new_lycee_by_choice(
    record: NormalizedRecord, directory: Directory, insee: str = ""
) -> NewLycee | None:
    """Return the new lycée that the user declared; ``None`` if its commune is unknown.

    ``insee`` is the code of the commune that the user chose; by default, the row's own. The code
    of a lycée of the directory is not the new one's.
    """
    code = record.code.uai if is_code(record.code.uai) and not record.has_known_code else ""
    departement = departement_code(record.fields.departement)
    if code and scheme() is Scheme.UAI:
        departement = departement_of_uai(code)
    fields = replace(record.fields, insee=insee) if insee else record.fields
    commune = _commune_in_list(fields, directory, departement)
    return None if commune is None else NewLycee(fields, code, commune)


def _match_fields(fields: Fields, directory: Directory) -> MatchResult:
    record = NormalizedRecord.of(fields, directory)
    result = _outside_territory(record, directory) or _match_record(record, directory)
    if isinstance(result, Match) and not result.entry.served:
        entry = result.entry
        return Excluded(f"{entry.name} n'est pas un lieu à desservir : {entry.remark}.")
    return result


def _match_record(record: NormalizedRecord, directory: Directory) -> MatchResult:
    if record.has_known_code:
        if record.code.star:
            main = directory.by_code[record.code.uai]
            site = record.only_match(directory)
            if site is None or site.entry is main or site.entry.commune != main.commune:
                why = f"Second site de {main.name} (code marqué d'une étoile) : lequel ?"
                return Ambiguous(record, why, (main,))
            confirmed_by = (
                f"le code marqué d'une étoile désigne un second site de {main.name} ; le nom et la "
                f"commune sont ceux de {site.entry.name}"
            )
            return Match(record, site.entry, confirmed_by)
        return _match_by_code(record, directory)
    if record.code.reading is CodeReading.UNKNOWN:
        return _match_unknown_code(record, directory)
    return _match_by_name(record, directory)


def _outside_territory(
    record: NormalizedRecord, directory: Directory
) -> Excluded | Ambiguous | None:
    """Exclude a row whose code or département is outside the territory."""
    territory = enumeration(sorted(directory.departements))
    code = record.code
    if (
        code.reading is CodeReading.UNKNOWN
        and scheme() is Scheme.UAI
        and departement_of_uai(code.uai) not in directory.departements
    ):
        departement = code.uai[:3].removeprefix("0")
        return Excluded(
            f"Le code {code.uai} est du département {departement}, hors du territoire "
            f"({territory})."
        )
    printed = record.fields.departement
    if record.has_known_code or not printed.isdecimal() or _departement(record, directory):
        return None
    match = record.only_match(directory)
    why = f"Département {printed} inconnu : le territoire est {territory}."
    return Excluded(why) if match is None else Ambiguous(record, why, (match.entry,))


def _match_by_code(record: NormalizedRecord, directory: Directory) -> Match | Ambiguous:
    """Match a known code with its lycée, unless the rest of the row contradicts it."""
    entry = directory.by_code[record.code.uai]
    coded = [directory.by_code.get(code.uai, entry) for code in record.other_codes]
    if any(other.id != entry.id for other in coded):
        return Ambiguous(record, worded("La ligne porte les codes de plusieurs {sites}."), (entry,))
    comparison = record.compare(entry)
    rival = None if comparison.same_name else _rival(record, comparison, directory)
    if rival is not None:
        why = f"Le code est celui de {entry.name}, le nom celui de {rival.name}."
        return Ambiguous(record, why, (entry, rival))
    exact = record.code.reading is CodeReading.EXACT
    commune = comparison.commune
    if comparison.same_name and not exact and commune is not None and commune < _OTHER_COMMUNE:
        why = f"Le code se lit comme celui de {entry.name}, d'une autre commune."
        return Ambiguous(record, why, (entry,))
    only_code = not record.words and not record.commune
    if comparison.same_name or comparison.same_commune or (only_code and exact):
        if comparison.same_name and comparison.same_commune:
            confirmation = "le nom et la commune"
        else:
            confirmation = "le nom" if comparison.same_name else "la commune"
        return Match(record, entry, confirmation)
    why = f"Le code est celui de {entry.name} ; ni le nom ni la commune ne le confirment."
    return Ambiguous(record, why, (entry,))


def _rival(
    record: NormalizedRecord, coded: RecordComparison, directory: Directory
) -> DirectoryEntry | None:
    """Return the entry at which the name points, other than the entry of the code."""
    unlike = coded.name < _UNLIKE_NAME
    for entry in directory.entries:
        if entry is coded.entry:
            continue
        other = record.compare(entry)
        nearly_equal = unlike and other.name >= _NEARLY_EQUAL_NAME
        if other.same_name and (other.same_commune or nearly_equal):
            return entry
    return None


def _match_unknown_code(record: NormalizedRecord, directory: Directory) -> NewLycee | Ambiguous:
    """Accept a code with a correct key letter that the directory lacks as a new lycée's."""
    code, fields = record.code.uai, record.fields
    uai = scheme() is Scheme.UAI
    commune = _commune_in_list(fields, directory, departement_of_uai(code) if uai else "")
    similar = [c for c in record.compare_in_commune(directory) if c.name >= _SIMILAR_NAME]
    if similar:
        likely = tuple(c.entry for c in sorted(similar, key=lambda c: -c.score))
        why = f"Le code {code} n'est pas dans {directory.title} ; le nom et la commune y sont."
        return Ambiguous(record, why, likely)
    if commune is None or not record.words:
        why = f"Le code {code} n'est pas dans {directory.title}, et la commune n'est pas reconnue."
        return Ambiguous(record, why)
    return NewLycee(fields, code, commune)


def _match_by_name(record: NormalizedRecord, directory: Directory) -> MatchResult:
    """Match a row without a readable code by its name and its commune, or by a near code."""
    departement = _departement(record, directory)
    match = record.only_match(directory, departement)
    if match is not None:
        return Match(record, match.entry, "le nom et la commune")
    near = [
        record.compare(entry)
        for entry in record.entries_with_near_code(directory)
        if departement in {"", entry.commune.departement}
    ]
    confirmed = [c for c in near if c.same_name and (c.commune is None or c.same_commune)]
    if len(confirmed) == 1:
        return Match(record, confirmed[0].entry, "le nom et un code à deux signes près")
    if record.code.reading is not CodeReading.NONE:
        likely = tuple(comparison.entry for comparison in near)
        if record.code.date:
            unreadable = f"La case du code contient une date ({record.code.printed})."
        else:
            unreadable = (
                f"{worded('{Code}')} « {record.code.printed} » invalide ; le nom et la commune ne "
                f"suffisent pas à reconnaître {terms().site.the}."
            )
        return Ambiguous(record, unreadable, likely)
    return _without_code(record, directory, departement)


def _without_code(
    record: NormalizedRecord, directory: Directory, departement: str
) -> NewLycee | Ambiguous:
    """Accept a row without a code as a new lycée if no known lycée of its commune is similar."""
    commune = _commune_in_list(record.fields, directory, departement)
    if commune is None:
        return Ambiguous(record, "Ligne sans code, commune non reconnue.")
    if "".join(record.words) in lookalike(commune.name):
        why = worded("Ni le code ni le nom ne distinguent ce {site} d'un autre de la commune.")
        return Ambiguous(record, why)
    comparisons = record.compare_in_commune(directory, departement)
    likely = tuple(c.entry for c in comparisons if c.name >= _SIMILAR_NAME)
    if likely:
        why = worded("Ligne sans code, plusieurs {sites} ou noms proches.")
        return Ambiguous(record, why, likely)
    return NewLycee(record.fields, "", commune)


def _departement(record: NormalizedRecord, directory: Directory) -> str:
    """Return the département of the row; empty if it is outside the territory."""
    code = departement_code(record.fields.departement)
    return code if code in directory.departements else ""


def _commune_in_list(
    fields: Fields, directory: Directory, departement: str
) -> DirectoryCommune | None:
    """Return the commune of a row, by its INSEE code or by its name in a département."""
    if fields.insee in directory.by_insee:
        return directory.by_insee[fields.insee]
    if not directory.communes:  # none is known: the row's point says where it is
        return DirectoryCommune("", fields.commune.strip(), "") if fields.point else None
    known = departement if departement in directory.departements else ""
    return directory.commune(fields.commune, known)


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
