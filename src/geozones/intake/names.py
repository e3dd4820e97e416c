"""How alike two names of lycées are, whatever a hurried hand or an optical reader did to them."""

import re
from functools import lru_cache

from rapidfuzz import fuzz

from geozones.domain.folding import folded, lookalike

type Words = tuple[str, ...]

#: Words that say what kind of lycée it is, or nothing.
_STOP = frozenset(
    lookalike(word)
    for word in (
        "lycee", "lycees", "polyvalent", "professionnel", "general", "technologique",
        "enseignement", "etablissement", "regional", "adapte", "agricole", "cite", "scolaire",
        "metiers", "agriculture", "annexe", "section", "public", "lp", "lpo", "lgt", "lg", "lpa",
        "lpm", "lma", "legta", "legtpa", "erea", "sep", "segt", "et", "de", "du", "des", "d", "l",
        "la", "le", "les", "a", "au", "aux", "en", "site",
    )
)  # fmt: skip
_BRACKETS = re.compile(r"\s*\([^)]*\)")
#: From here on two names are taken as the same.
SAME = 86.0
#: The same for communes.
SAME_TOWN = 86.0
_TOKEN = 85.0
_EXACT = 97.0
_PART, _WHOLE = 0.92, 0.90
_SHORT = 6
_SHORTEST_TOWN = 4


@lru_cache(maxsize=20_000)
def words(text: str) -> Words:
    """Return the words that make a name, as lookalikes; nothing where it says only the kind.

    What is in brackets only tells namesakes apart: « Léonard de Vinci (Mayenne) ».
    """
    bare = _BRACKETS.sub("", text).replace("|", "l")
    found = [lookalike(word) for word in folded(bare).split()]
    return tuple(word for word in found if word not in _STOP)


def likeness(read: Words, known: Words) -> float:
    """Return from 0 to 100 how alike a name read and a known name are.

    A name cut short (« Renaudeau » for Fernand Renaudeau) or with more around it (« Raphaël Élizé
    Estournelles de Constant ») is nearly as good as the whole name.
    """
    one, other = "".join(read), "".join(known)
    if not one or not other:
        return 0.0
    found = fuzz.ratio(one, other)
    if found >= _EXACT:
        return found
    if len(one) >= 4 and all(_among(word, known) for word in read):
        found = max(found, 100 * _PART)
    if len(other) >= _SHORT and len(one) > len(other):
        found = max(found, fuzz.partial_ratio(other, one) * _WHOLE)
    elif _follows(known, read):
        found = max(found, 100 * _WHOLE)
    return found


def _among(word: str, known: Words) -> bool:
    return any(fuzz.ratio(word, other) >= _TOKEN for other in known)


def _follows(part: Words, whole: Words) -> bool:
    """Tell whether words stand one after the other in others."""
    return any(whole[start : start + len(part)] == part for start in range(len(whole)))


@lru_cache(maxsize=50_000)
def same_town(read: str, known: str) -> float:
    """Return from 0 to 100 how alike two communes are, written as lookalikes."""
    found: float = fuzz.ratio(read, known)
    if found >= SAME_TOWN or len(read) < _SHORTEST_TOWN:
        return found
    if len(read) >= 6 and known.startswith(read):
        return max(found, 90.0)
    # what follows a commune on a line cut badly: « CHEMILLE 4 »
    if len(known) >= _SHORTEST_TOWN and read.startswith(known):
        return max(found, 90.0)
    return found
