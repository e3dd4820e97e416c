"""What was changed of a row that is recognised: was, now, why."""

from collections.abc import Iterable

from geozones.domain.folding import folded
from geozones.intake.codes import Reading
from geozones.intake.directory import Entry
from geozones.intake.evidence import Evidence
from geozones.intake.names import SAME, SAME_TOWN, likeness, words
from geozones.intake.report import Repair
from geozones.intake.weigh import Match


def repairs_of(line: int, match: Match, neighbours: Iterable[tuple[int, Entry]]) -> list[Repair]:
    """Return the repairs of a row.

    Parameters
    ----------
    neighbours
        The other rows recognised, with their lines: whose names may have run into this one.
    """
    found = [
        _departement(line, match),
        _code(line, match),
        _joined(line, match),
        _name(line, match, neighbours),
        _town(line, match),
    ]
    return [repair for repair in found if repair is not None]


def _code(line: int, match: Match) -> Repair | None:
    code, entry = match.evidence.code, match.entry
    if code.reading is Reading.EXACT and not code.star:
        return None
    if code.star:
        why = match.how
    elif code.reading is Reading.REPAIRED:
        why = (
            f"une seule lecture a la bonne lettre-clé et existe dans l'annuaire ; confirmée par "
            f"{match.how}"
        )
    elif code.date:
        why = f"la case contient une date ; reconnu par {match.how}"
    elif code.reading is Reading.UNREADABLE:
        why = f"code illisible ou lettre-clé fausse ; reconnu par {match.how}"
    elif entry.codes:
        why = f"ligne sans code ; reconnu par {match.how}"
    else:
        why = "ligne sans code, aucun code UAI publié : clé provisoire, à remplacer dès que connue"
    now = entry.codes[0] if entry.codes else entry.id
    if code.reading is Reading.REPAIRED and not code.star:
        now = code.uai
    if code.printed == now and not code.star:  # the key of a lycée without a code
        return None
    return Repair(line, "code", code.printed, now, _sentence(why))


def _joined(line: int, match: Match) -> Repair | None:
    """Keep both codes of a row that joins two establishments."""
    entry, named = match.entry, match.evidence.named
    if len(entry.codes) < 2:
        return None
    each = [
        any(likeness(known, named) >= SAME for name in names if (known := words(name)))
        for names in entry.names
    ]
    whole = likeness(named, entry.variants[0]) >= SAME
    if not (all(each) or whole):
        return None
    names = " et ".join(name[0] for name in entry.names)
    why = f"la ligne réunit deux établissements, {names} : les deux codes sont gardés"
    return Repair(line, "uai_associes", entry.codes[0], " + ".join(entry.codes), _sentence(why))


def _name(line: int, match: Match, neighbours: Iterable[tuple[int, Entry]]) -> Repair | None:
    evidence, entry = match.evidence, match.entry
    if not evidence.own_words(entry):
        return None
    inside = [
        (row, other)
        for row, other in (neighbours if _holds(evidence, entry) else ())
        if row != line and other is not entry and _holds(evidence, other)
    ]
    if inside:
        others = ", ".join(f"{other.name} (ligne {row})" for row, other in inside)
        why = f"plusieurs noms réunis sur une ligne : {others} ; le code est celui de {entry.name}"
        return Repair(line, "nom", evidence.fields.name, entry.name, _sentence(why))
    if evidence.fit(entry).is_named:
        return None
    why = (
        f"le code est celui de {entry.name}, confirmé par {match.how} : lycée renommé, "
        "ou nom mal lu"
    )
    return Repair(line, "nom", evidence.fields.name, entry.name, _sentence(why))


def _holds(evidence: Evidence, entry: Entry) -> bool:
    """Tell whether a long name holds the whole of an entry's."""
    whole = "".join(evidence.named)
    return any(
        len(whole) > len("".join(known)) + 4 and likeness(evidence.named, known) >= SAME
        for known in entry.variants
        if len("".join(known)) >= 6
    )


def _town(line: int, match: Match) -> Repair | None:
    """Give the commune its name of today; case, accents, hyphens and CEDEX are nothing."""
    evidence, commune = match.evidence, match.entry.commune
    printed = evidence.fields.commune
    if folded(printed) == folded(commune.name):
        return None
    if not folded(printed):
        if folded(commune.name) in folded(evidence.fields.name):
            return None
        return Repair(
            line, "commune", printed, commune.name, _sentence("commune absente ; celle du lycée")
        )
    former = [name for name in commune.former if folded(name) == folded(printed)]
    if former:
        why = "ancien nom, ou commune déléguée"
    elif (evidence.fit(match.entry).town or 0.0) >= SAME_TOWN:
        why = "la même à quelques lettres près"
    else:
        why = f"le code et le nom sont ceux de {match.entry.name}, qui est dans cette commune"
    return Repair(line, "commune", printed, commune.name, _sentence(why))


def _departement(line: int, match: Match) -> Repair | None:
    printed, right = match.evidence.fields.departement, match.entry.commune.departement
    if not printed or printed.zfill(2) == right:
        return None
    why = f"{match.entry.name} est dans ce département"
    return Repair(line, "departement", printed, right, _sentence(why))


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
