"""Matching of a row of a list with the directory, and its results.

A row is matched only if two of its code, its name and its commune agree on one lycée and the third
does not point at another lycée. A high score alone never makes a match: the user settles ambiguous
rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from geozones.common.french import listing as enumeration
from geozones.common.french import lookalike
from geozones.domain.identifiers import (
    Scheme,
    departement_code,
    departement_of_uai,
    is_code,
    scheme,
)
from geozones.domain.terms import terms, worded
from geozones.intake.directory import Directory, DirectoryCommune, DirectoryEntry
from geozones.intake.import_report import MatchCandidate, NormalizedRecord, RecordComparison
from geozones.intake.listing import Fields, ListedRow
from geozones.intake.uai_codes import CodeReading


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
    commune = _commune(fields, directory, departement)
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
    commune = _commune(fields, directory, departement_of_uai(code) if uai else "")
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
    commune = _commune(record.fields, directory, departement)
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


def _commune(fields: Fields, directory: Directory, departement: str) -> DirectoryCommune | None:
    """Return the commune of a row, by its INSEE code or by its name in a département."""
    if fields.insee in directory.by_insee:
        return directory.by_insee[fields.insee]
    if not directory.communes:  # none is known: the row's point says where it is
        return DirectoryCommune("", fields.commune.strip(), "") if fields.point else None
    known = departement if departement in directory.departements else ""
    return directory.commune(fields.commune, known)
