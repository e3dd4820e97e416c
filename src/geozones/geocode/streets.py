"""Comparison of street names in addresses, since a good score does not prove the same street.

Geocoders answer « Rue de la Perverie » for « Rue de la Perrière », 7 km off, with a good score.
"""

import re

from geozones.common.folding import folded

_KINDS = {
    "allee": ("all", "allees"),
    "avenue": ("av", "ave"),
    "boulevard": ("bd", "bld", "boul", "blvd"),
    "chemin": ("ch", "che", "chem"),
    "cours": ("crs",),
    "esplanade": ("esp",),
    "impasse": ("imp",),
    "mail": (),
    "passage": ("pas",),
    "place": ("pl",),
    "promenade": ("prom",),
    "quai": ("q",),
    "route": ("rte",),
    "rue": ("r",),
    "square": ("sq",),
    "voie": (),
}
_TITLES = {
    "general": ("gal", "gen"),
    "marechal": ("mal",),
    "docteur": ("dr",),
    "professeur": ("pr", "prof"),
    "president": ("pdt", "pres"),
    "commandant": ("cdt",),
    "colonel": ("col",),
}
_LONG = {
    short: word for words in (_KINDS, _TITLES) for word, shorts in words.items() for short in shorts
}
#: words ignored in comparisons
_SMALL = frozenset(
    ("de", "du", "des", "la", "le", "les", "l", "d", "a", "au", "aux", "et", "en", "sur", "sous")
)
_NUMBER = re.compile(
    r"^\s*\d+\s*(?:[-/,]\s*\d+\s*)*(?:(?:bis|ter|quater|[a-f])\b)?[\s,]*", re.IGNORECASE
)
_AFTER = re.compile(r"\b(?:bp|cs|tsa)\s*\d+.*$", re.IGNORECASE)


def without_box(address: str) -> str:
    """Return an address without its post-office box and the text after it."""
    return _AFTER.sub("", address).strip(" ,-")


def without_number(address: str) -> str:
    """Return an address without its house number, nor a post-office box."""
    return _NUMBER.sub("", without_box(address), count=1).strip(" ,-")


def house_number(address: str) -> str:
    """Return the house number that an address begins with; empty for none."""
    match = re.match(r"\s*(\d+)", address)
    return match[1] if match else ""


def same_street(asked: str, proposed: str) -> bool:
    """Return whether the proposed street may be the street asked for.

    It has the same words once abbreviations are expanded; a first name or a title may be missing on
    one side (« rue Pasteur », « rue Louis Pasteur »), the kind of street too, but not differ.
    """
    kind_a, words_a = _parts(asked)
    kind_b, words_b = _parts(proposed)
    if kind_a and kind_b and kind_a != kind_b:
        return False
    if not words_a or not words_b:
        return words_a == words_b and bool(kind_a or kind_b)
    few, many = sorted((words_a, words_b), key=len)
    return few[-1] == many[-1] and set(few) <= set(many)


def _parts(address: str) -> tuple[str, list[str]]:
    """Return the kind of street, and the words of its name."""
    words = [_LONG.get(word, word) for word in folded(without_number(address)).split()]
    kind = words[0] if words and words[0] in _KINDS else ""
    return kind, [word for word in words[1 if kind else 0 :] if word not in _SMALL]
