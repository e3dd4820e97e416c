"""Codes of lycées, zones, sectors and communes from the names that people type.

A name is found whatever its case, accents and apostrophes, and with one wrong letter.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from rapidfuzz.distance import Levenshtein

from geozones.common.errors import InputError, shortened
from geozones.common.french import folded, listing
from geozones.domain import Plan
from geozones.workspace.folder.territory import Territory

#: Fewest letters of a name in which one letter may be wrong.
_LONG_ENOUGH = 4
#: Likeness, from 0 to 1, above which a name is suggested; most names suggested.
_LIKELY, _SHOWN = 0.7, 4
#: First words that say what is named.
_KINDS = ("lycee ", "zone ", "secteur ", "commune ")


@dataclass(frozen=True, slots=True)
class NamedCode:
    """Code of a thing, its name, and the other ways of writing it."""

    code: str
    name: str
    others: tuple[str, ...] = ()

    @property
    def spellings(self) -> set[str]:
        """Every folded way of writing it."""
        return {_bare(text) for text in (self.code, self.name, *self.others)}


def lycee_named(territory: Territory, text: str) -> str:
    """Return the id of the lycée that a text names; the text itself if none is like it.

    Raise ``InputError`` with the likeliest names where none, or several, are meant.
    """
    return _resolved(text, _lycees(territory))


def zone_named(territory: Territory, plan: Plan, text: str) -> str:
    """Return the id of the zone that a text names, as `lycee_named`.

    The whole name of a lycée stands for its zone, unless it is the name of another zone.
    """
    zones, asked = [NamedCode(zone.id, zone.name) for zone in plan.zones], _bare(text)
    if not any(asked in zone.spellings for zone in zones):
        lycees = [lycee.code for lycee in _lycees(territory) if asked in lycee.spellings]
        if len(lycees) == 1 and lycees[0] in plan.zone_by_lycee:
            return plan.zone_by_lycee[lycees[0]]
    return _resolved(text, zones)


def sector_named(plan: Plan, text: str) -> str:
    """Return the id of the sector that a text names, as `lycee_named`."""
    return _resolved(text, [NamedCode(sector.id, sector.name) for sector in plan.sectors])


def place_named(territory: Territory, text: str) -> str:
    """Return the lycée or the commune (``commune:CODE``) that a text names, as `lycee_named`.

    A position stays as it is written.
    """
    if not any(sign.isalpha() for sign in text):
        return text
    communes = (
        NamedCode(entry.place, entry.name, (f"{entry.name} ({entry.departement})",))
        for entry in territory.atlas.communes
    )
    return _resolved(text, [*_lycees(territory), *communes])


def _lycees(territory: Territory) -> Iterator[NamedCode]:
    for lycee in territory.lycees.values():
        others = (lycee.name, lycee.published_name, *lycee.associated_uais)
        yield NamedCode(lycee.id, territory.name(lycee.id), others)


def _resolved(text: str, named: Iterable[NamedCode]) -> str:
    """Return the code that a text names; raise ``InputError`` where names are near.

    The very name comes first, then the name with one wrong letter, then names that hold each word,
    then those that hold each word with one wrong letter.
    """
    known = list(named)
    if any(each.code == text for each in known):
        return text
    asked = _bare(text)
    spelled = [(each, each.spellings) for each in known]
    for fits in (str.__eq__, _one_letter_apart, _holds, _nearly_holds):
        found = [each for each, ways in spelled if any(fits(asked, way) for way in ways)]
        if len(found) == 1:
            return found[0].code
        if found:
            raise InputError(f"« {shortened(text)} » désigne plusieurs lieux : {_or(found)}")
    # the names that a text is like, the likeliest first
    matcher = SequenceMatcher()
    matcher.set_seq2(asked)
    scored = []
    for rank, (each, ways) in enumerate(spelled):
        best = 0.0
        for way in ways:
            matcher.set_seq1(way)
            if matcher.real_quick_ratio() >= _LIKELY and matcher.quick_ratio() >= _LIKELY:
                best = max(best, matcher.ratio())
        if best >= _LIKELY:
            scored.append((-best, rank, each))
    near = [each for *_, each in sorted(scored, key=lambda entry: entry[:2])[:_SHOWN]]
    if near:
        raise InputError(f"« {shortened(text)} » n'est pas connu : {_or(near)}")
    return text


def _bare(text: str) -> str:
    """Fold a text, without the word that says its kind."""
    plain = folded(text)
    for kind in _KINDS:
        plain = plain.removeprefix(kind)
    return plain


def _one_letter_apart(one: str, other: str) -> bool:
    """Tell whether a letter is wrong, missing or too many; never where a digit is: it is a code."""
    if len(one) < _LONG_ENOUGH or any(sign.isdecimal() for sign in one):
        return False
    return Levenshtein.distance(one, other, score_cutoff=1) <= 1


def _holds(asked: str, spelling: str) -> bool:
    return bool(asked) and {*asked.split()} <= {*spelling.split()}


def _nearly_holds(asked: str, spelling: str) -> bool:
    """Tell whether a name contains each word, with at most one wrong letter."""
    there = spelling.split()
    return bool(asked) and all(
        any(word == each or _one_letter_apart(word, each) for each in there)
        for word in asked.split()
    )


def _or(named: list[NamedCode]) -> str:
    names = [f"{each.name} ({each.code})" for each in named[:_SHOWN]]
    return f"vouliez-vous dire {listing(names, 'ou')} ?"
