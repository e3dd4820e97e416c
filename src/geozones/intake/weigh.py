"""Weigh one row: which lycée it is, by evidence that agrees; what is in doubt is left to the user.

A lycée is taken only where two of its code, its name and its commune agree and the third does not
point at another one. Nothing else decides: no score is high enough alone.
"""

from dataclasses import dataclass

from geozones.domain.folding import lookalike
from geozones.domain.french import listing as enumeration
from geozones.domain.uai import is_uai
from geozones.intake.codes import Reading
from geozones.intake.directory import Commune, Directory, Entry
from geozones.intake.evidence import Evidence, Fit
from geozones.intake.listing import Fields, Row
from geozones.intake.report import Candidate

#: A name at least this close to a neighbour's is not taken for a new lycée's without asking.
_CLOSE = 70.0
#: With a code that says otherwise, a name that is this far from the code's lycée is another's.
_FAR, _CLEAR = 60.0, 95.0
_CANDIDATES = 5
#: What a code nearly right, or a rival, is worth in the ranking of candidates.
_LIKELY = 15.0


@dataclass(frozen=True, slots=True)
class Match:
    """The row is this entry; ``how`` says what bears it out where its code does not."""

    fields: Fields
    evidence: Evidence
    entry: Entry
    how: str = ""


@dataclass(frozen=True, slots=True)
class Fresh:
    """The row is a lycée that the directory has not, in this commune; ``uai`` may be empty."""

    fields: Fields
    uai: str
    commune: Commune


@dataclass(frozen=True, slots=True)
class Doubt:
    """The evidence does not agree, or there is too little of it."""

    evidence: Evidence
    why: str
    likely: tuple[Entry, ...] = ()
    may_be_new: bool = False


@dataclass(frozen=True, slots=True)
class Outside:
    """The row is no place to serve: why."""

    why: str


type Weighed = Match | Fresh | Doubt | Outside


def weigh(row: Row, directory: Directory) -> Weighed:
    """Say which lycée a row is; its readings must not disagree."""
    found = [_weigh(fields, directory) for fields in row.readings]
    taken = [entry for entry in found if isinstance(entry, Match)]
    if taken:
        if len({entry.entry.id for entry in taken}) == 1:
            return taken[0]
        likely = tuple(dict.fromkeys(entry.entry for entry in taken))
        return Doubt(taken[0].evidence, "La ligne est coupée et se lit de deux façons.", likely)
    doubts = [entry for entry in found if isinstance(entry, Doubt)]
    if doubts and len(found) > 1:
        return max(doubts, key=lambda doubt: _top(doubt, directory))
    return found[0]


def _top(doubt: Doubt, directory: Directory) -> float:
    ranked = doubt.evidence.ranked(directory.entries)
    return ranked[0].score if ranked else 0.0


def candidates(doubt: Doubt, directory: Directory) -> tuple[Candidate, ...]:
    """Return the lycées that a row in doubt may be, the likeliest first."""
    fits = [
        fit
        for fit in doubt.evidence.ranked(entry for entry in directory.entries if entry.served)
        if fit.name >= 50 or fit.is_there or fit.entry in doubt.likely
    ]
    fits.sort(key=lambda fit: -fit.score - _LIKELY * (fit.entry in doubt.likely))
    return tuple(
        Candidate(fit.entry.id, fit.entry.name, fit.entry.commune.name, round(fit.score, 1))
        for fit in fits[:_CANDIDATES]
    )


def _weigh(fields: Fields, directory: Directory) -> Weighed:
    evidence = Evidence.of(fields, directory)
    outside = _outside(evidence, directory)
    if outside is not None:
        return outside
    if evidence.code.star and evidence.coded:
        found = _second_site(evidence, directory)
    elif evidence.coded:
        found = _by_code(evidence, directory)
    elif evidence.code.reading is Reading.UNKNOWN:
        found = _unknown_code(evidence, directory)
    else:
        found = _by_name(evidence, directory)
    if isinstance(found, Match) and not found.entry.served:
        return Outside(f"{found.entry.name} n'est pas un lieu à desservir : {found.entry.remark}.")
    return found


def _outside(evidence: Evidence, directory: Directory) -> Outside | Doubt | None:
    """Refuse what is in no département of the territory."""
    known = enumeration(sorted(directory.departements))
    code = evidence.code
    if code.reading is Reading.UNKNOWN and code.uai[1:3] not in directory.departements:
        where = code.uai[:3].removeprefix("0")
        return Outside(
            f"Le code {code.uai} est du département {where}, hors du territoire ({known})."
        )
    printed = evidence.fields.departement
    if evidence.coded or not printed.isdecimal() or printed.zfill(2) in directory.departements:
        return None
    best = evidence.best(directory)
    why = f"Département {printed} inconnu : le territoire est {known}."
    return Outside(why) if best is None else Doubt(evidence, why, (best.entry,))


def _second_site(evidence: Evidence, directory: Directory) -> Weighed:
    """Find the second site that a starred code means, by its own name in the commune."""
    main = directory.by_code[evidence.code.uai]
    fit = evidence.best(directory)
    if fit is None or fit.entry is main or fit.entry.commune != main.commune:
        why = f"Second site {_of(main)} (code marqué d'une étoile) : lequel ?"
        return Doubt(evidence, why, (main,), may_be_new=True)
    how = (
        f"le code marqué d'une étoile désigne un second site {_of(main)} ; le nom et la commune "
        f"sont ceux de {fit.entry.name}"
    )
    return Match(evidence.fields, evidence, fit.entry, how)


def _by_code(evidence: Evidence, directory: Directory) -> Weighed:
    entry = directory.by_code[evidence.code.uai]
    elsewhere = {directory.by_code[c.uai].id for c in evidence.others if c.uai in directory.by_code}
    if elsewhere - {entry.id}:
        return Doubt(evidence, "La ligne porte les codes de plusieurs lycées.", (entry,))
    fit = evidence.fit(entry)
    rival = None if fit.is_named else _rival(evidence, entry, fit, directory)
    if rival is not None:
        why = f"Le code est celui de {entry.name}, le nom celui de {rival.name}."
        return Doubt(evidence, why, (entry, rival))
    alone = not evidence.named and not evidence.town
    printed_right = evidence.code.reading is Reading.EXACT
    if fit.is_named and fit.town is not None and fit.town < TOWN_FAR and not printed_right:
        return Doubt(
            evidence, f"Le code se lit comme celui de {entry.name}, d'une autre commune.", (entry,)
        )
    if fit.is_named or fit.is_there or (alone and printed_right):
        return Match(evidence.fields, evidence, entry, _borne_out(fit))
    why = f"Le code est celui de {entry.name} ; ni le nom ni la commune ne le confirment."
    return Doubt(evidence, why, (entry,))


#: A commune this far from the lycée's own is another one.
TOWN_FAR = 60.0


def _borne_out(fit: Fit) -> str:
    if fit.is_named and fit.is_there:
        return "le nom et la commune"
    return "le nom" if fit.is_named else "la commune"


def _rival(evidence: Evidence, entry: Entry, fit: Fit, directory: Directory) -> Entry | None:
    """Return another entry that the name points at, the code's own not being named."""
    for other in directory.entries:
        if other is entry:
            continue
        found = evidence.fit(other)
        if found.is_named and (found.is_there or (fit.name < _FAR and found.name >= _CLEAR)):
            return other
    return None


def _unknown_code(evidence: Evidence, directory: Directory) -> Weighed:
    """Take a code that the directory has not, its key letter right, for a new lycée's."""
    code, fields = evidence.code.uai, evidence.fields
    commune = _commune(fields, directory, code[1:3])
    same = [fit for fit in evidence.there(directory) if fit.name >= _CLOSE]
    if same:
        likely = tuple(fit.entry for fit in sorted(same, key=lambda fit: -fit.score))
        why = f"Le code {code} n'est pas dans l'annuaire ; le nom et la commune y sont."
        return Doubt(evidence, why, likely, may_be_new=commune is not None)
    if commune is None or not evidence.named:
        why = f"Le code {code} n'est pas dans l'annuaire, et la commune n'est pas reconnue."
        return Doubt(evidence, why)
    return Fresh(fields, code, commune)


def _by_name(evidence: Evidence, directory: Directory) -> Weighed:
    """Know a row by its name and commune, or by its name and a code nearly right."""
    departement = evidence.fields.departement.zfill(2)
    departement = departement if is_known(departement, directory) else ""
    best = evidence.best(directory, departement)
    if best is not None:
        return Match(evidence.fields, evidence, best.entry, "le nom et la commune")
    near = [
        evidence.fit(entry)
        for entry in evidence.near(directory)
        if departement in {"", entry.commune.departement}
    ]
    sure = [fit for fit in near if fit.is_named and (fit.town is None or fit.is_there)]
    if len(sure) == 1:
        how = "le nom et un code à deux signes près"
        return Match(evidence.fields, evidence, sure[0].entry, how)
    likely = tuple(fit.entry for fit in near)
    if evidence.code.reading is not Reading.NONE:
        return Doubt(evidence, _unreadable(evidence), likely)
    return _without_code(evidence, directory, departement)


def _without_code(evidence: Evidence, directory: Directory, departement: str) -> Weighed:
    """Take a row without code that is like no lycée known for a new one."""
    commune = _commune(evidence.fields, directory, departement)
    if commune is None:
        return Doubt(evidence, "Sans code, et la commune n'est pas reconnue.")
    if "".join(evidence.named) in lookalike(commune.name):
        why = "Ni code ni nom qui distingue ce lycée d'un autre de la commune."
        return Doubt(evidence, why, may_be_new=True)
    close = [fit for fit in evidence.there(directory, departement) if fit.name >= _CLOSE]
    if close:
        likely = tuple(fit.entry for fit in close)
        return Doubt(
            evidence, "Sans code, et plusieurs lycées ou noms proches.", likely, may_be_new=True
        )
    return Fresh(evidence.fields, "", commune)


def _unreadable(evidence: Evidence) -> str:
    if evidence.code.date:
        return f"La case du code contient une date ({evidence.code.printed})."
    return (
        f"Le code « {evidence.code.printed} » est illisible ou sa lettre-clé est fausse, et le nom "
        "et la commune ne suffisent pas."
    )


def _commune(fields: Fields, directory: Directory, departement: str) -> Commune | None:
    if fields.insee in directory.by_insee:
        return directory.by_insee[fields.insee]
    return directory.commune(
        fields.commune, departement if is_known(departement, directory) else ""
    )


def is_known(departement: str, directory: Directory) -> bool:
    """Tell whether a département is one of the territory's."""
    return departement in directory.departements


def fresh_by_choice(evidence: Evidence, directory: Directory) -> Fresh | None:
    """Return the new lycée that the user says a row is; ``None`` where its commune is not known."""
    code = evidence.code.uai if is_uai(evidence.code.uai) else ""
    where = code[1:3] if code else evidence.fields.departement.zfill(2)
    commune = _commune(evidence.fields, directory, where)
    return None if commune is None else Fresh(evidence.fields, code, commune)


def _of(entry: Entry) -> str:
    return f"de {entry.name}"
