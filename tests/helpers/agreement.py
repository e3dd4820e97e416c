"""Faults of agreement with the nouns of a network: articles, adjectives and participles."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import fields

from geozones.domain.terms import NetworkTerms, Noun

#: Words that go before a masculine noun only, or a feminine one.
_MASCULINE = r"un|aucun|seul|quel|nouveau|premier|dernier|meilleur|tout|ce"
_FEMININE = r"une|aucune|seule|quelle|nouvelle|première|dernière|meilleure|toute|cette"
#: Participles and adjectives that are said of a site, in the masculine.
_SAID = (
    r"verrouillé|déverrouillé|déplacé|ajouté|retiré|placé|ouvert|fermé|choisi|connu|inconnu|seul|"
    r"absent|présent|retenu|trouvé|resté|éloigné|interrogé|relié|concerné|publié|nommé|laissé|"
    r"reconnu|renommé|compté|réuni|dédié|prévu|différent|séparé|gardé|permis|importé|manquant|"
    r"dessiné|attendu"
)
#: Words that may stand between an article and its noun.
_BETWEEN = "(?:autre|même|seule?)"
_VERB = (
    r"(?:n'est|n'était|ne sont|est|sont|sera|seront|serait|seraient|était|étaient|reste|restent|"
    r"a été|ont été)(?: pas| plus| déjà| encore)? "
)


def disagreements(text: str, used: NetworkTerms, sites: Iterable[str] = ()) -> list[str]:
    """Return each fault of a text with the words around it; ``sites`` are names of sites."""
    text = text.replace("’", "'").replace("\u00a0", " ").replace("\u202f", " ")
    nouns: list[Noun] = [getattr(used, field.name) for field in fields(used)]
    patterns = [pattern for noun in nouns for pattern in (_before(noun), _after(noun))]
    patterns += [_of_name(name, used.site) for name in sites]
    spans = {match.span() for pattern in patterns for match in pattern.finditer(text)}
    return [text[max(0, start - 40) : end + 40] for start, end in sorted(spans)]


def _before(noun: Noun) -> re.Pattern[str]:
    """Return the pattern of a wrong word before a noun."""
    words, elided = "|".join(_wrong(noun)), noun.the.startswith("l'")
    article = "(?!)" if elided else "[ld]'"
    return re.compile(
        rf"\b(?:(?:{words}) (?:{_BETWEEN} )?|{article}){re.escape(noun.singular)}\b", re.IGNORECASE
    )


def _wrong(noun: Noun) -> Iterator[str]:
    """Yield the words that may not go before a noun."""
    yield _MASCULINE if noun.feminine else _FEMININE
    if noun.the.startswith("l'"):
        yield from ("le", "la", "du", "au", "de", "que")
    else:
        yield from ("le", "du", "au") if noun.feminine else ("la",)
    if noun.feminine or not noun.the.startswith("l'"):
        yield "cet"


def _after(noun: Noun) -> re.Pattern[str]:
    """Return the pattern of an adjective after a noun, of the other gender.

    A noun may end another one (« code région publié »: the code is), or be the second of two
    (« RNS et région publiés »).
    """
    return re.compile(
        rf"(?<!code )(?<!codes )(?<!et )\b{_either(noun)} (?:(?:[A-ZÉ]\w* )?{_VERB})?"
        rf"(?:{_SAID}){_other(noun)}s?\b"
    )


def _of_name(name: str, site: Noun) -> re.Pattern[str]:
    """Return the pattern of an adjective or a participle said of a site by its name."""
    called = re.escape(name)
    said = rf"\b{called}(?: \([^)]*\))? (?:{_VERB}|: )(?:{_SAID}){_other(site)}\b"
    return re.compile(rf"{said}|\bseul{_other(site)} {called}\b")


def _either(noun: Noun) -> str:
    return f"(?:{re.escape(noun.singular)}|{re.escape(noun.plural)})"


def _other(noun: Noun) -> str:
    return "" if noun.feminine else "e"
