"""Repairs of a matched row: printed text, replacement, and reason."""

from collections.abc import Iterable

from geozones.common.french import capital, folded
from geozones.domain.identifiers import departement_code
from geozones.domain.terms import terms, worded
from geozones.intake.directory import (
    SAME_COMMUNE,
    SAME_NAME,
    DirectoryEntry,
    name_similarity,
    name_words,
)
from geozones.intake.import_report import Repair
from geozones.intake.match import Match
from geozones.intake.record_comparison import NormalizedRecord
from geozones.intake.uai_codes import CodeReading

#: Least number of letters of a name inside a longer name, and largest ratio of their lengths.
_SHORTEST_INSIDE, _FEWEST_MORE = 6, 4


def repairs_of(
    line: int, match: Match, neighbours: Iterable[tuple[int, DirectoryEntry]]
) -> list[Repair]:
    """Return the repairs of a row: département, code, second code, name, commune.

    Parameters
    ----------
    line
        Line of the row.
    neighbours
        Lines and entries of the matched rows near it: a bad cut may have put their names in it.
    """
    repairs = (
        _departement(line, match),
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
    none = worded("{no_code} publié{e_code}")
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
            f"{worded('{site} renommé{e_site}')}, ou nom mal lu"
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


def _departement(line: int, match: Match) -> Repair | None:
    printed, right = match.record.fields.departement, match.entry.commune.departement
    if not printed or departement_code(printed) == right:
        return None
    why = f"{match.entry.name} est dans ce département"
    return Repair(line, "departement", printed, right, _sentence(why))


def _sentence(text: str) -> str:
    return f"{capital(text)}."
