"""Similarity of two names of lycées or of communes, tolerant of typing and scanning errors."""

import re
from functools import lru_cache

from rapidfuzz import fuzz

from geozones.common.folding import folded, lookalike

type Words = tuple[str, ...]

#: Words for the kind of lycée, and articles.
_STOP_WORDS = frozenset(
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
#: Least similarity, from 0 to 100, at which two names of lycées count as the same.
SAME_NAME = 86.0
#: Least similarity at which two names of communes count as the same.
SAME_COMMUNE = 86.0
#: Least similarity of equal words, and similarity at which the search stops.
_SAME_WORD, _EXACT = 85.0, 97.0
#: Similarity of a name whose words are all in the other, and of a name contained whole in the
#: other.
_ALL_WORDS, _CONTAINED = 92.0, 0.90
_SHORTEST_CONTAINED = 6
_SHORTEST_SUBSET = 4
#: Similarity of a commune of which only the beginning is written.
_BEGINNING = 90.0
_SHORTEST_BEGINNING = 6
SHORTEST_COMMUNE = 4


@lru_cache(maxsize=20_000)
def name_words(text: str) -> Words:
    """Return the words that identify a lycée, as lookalikes; empty if the name is only its kind.

    Brackets are dropped: they only tell namesakes apart, as in « Léonard de Vinci (Mayenne) ».
    """
    bare = _BRACKETS.sub("", text).replace("|", "l")
    words = [lookalike(word) for word in folded(bare).split()]
    return tuple(word for word in words if word not in _STOP_WORDS)


def name_similarity(read: Words, known: Words) -> float:
    """Return the similarity, from 0 to 100, of a name as read and a known name.

    A name cut short (« Renaudeau » for Fernand Renaudeau) or with more around it (« Raphaël Élizé
    Estournelles de Constant ») scores nearly as high as the whole name.
    """
    read_text, known_text = "".join(read), "".join(known)
    if not read_text or not known_text:
        return 0.0
    similarity = fuzz.ratio(read_text, known_text)
    if similarity >= _EXACT:
        return similarity
    if len(read_text) >= _SHORTEST_SUBSET and all(_is_word_of(word, known) for word in read):
        similarity = max(similarity, _ALL_WORDS)
    if len(known_text) >= _SHORTEST_CONTAINED and len(read_text) > len(known_text):
        similarity = max(similarity, fuzz.partial_ratio(known_text, read_text) * _CONTAINED)
    elif _is_sequence_of(known, read):
        similarity = max(similarity, 100 * _CONTAINED)
    return similarity


def _is_word_of(word: str, words: Words) -> bool:
    return any(fuzz.ratio(word, other) >= _SAME_WORD for other in words)


def _is_sequence_of(part: Words, whole: Words) -> bool:
    """Return whether the words of ``part`` follow one another in ``whole``."""
    return any(whole[start : start + len(part)] == part for start in range(len(whole)))


@lru_cache(maxsize=50_000)
def commune_similarity(read: str, known: str) -> float:
    """Return the similarity, from 0 to 100, of two names of communes written as lookalikes."""
    similarity: float = fuzz.ratio(read, known)
    if similarity >= SAME_COMMUNE or len(read) < SHORTEST_COMMUNE:
        return similarity
    if len(read) >= _SHORTEST_BEGINNING and known.startswith(read):
        return max(similarity, _BEGINNING)
    # text after a commune on a badly cut line: « CHEMILLE 4 »
    if len(known) >= SHORTEST_COMMUNE and read.startswith(known):
        return max(similarity, _BEGINNING)
    return similarity
