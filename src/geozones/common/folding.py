"""Normalisation of names for comparison: case, accents, hyphens, CEDEX, errors of readers."""

import re
import unicodedata
from functools import lru_cache

_CEDEX = re.compile(r"\bcedex\b( \d+)?")
#: Characters that an optical reader confuses; each class is replaced by one of them.
_LOOKALIKES = str.maketrans({"0": "o", "1": "l", "i": "l", "5": "s", "8": "b"})


@lru_cache(maxsize=20_000)
def folded(text: str) -> str:
    """Return words without case, accents, hyphens nor CEDEX; « St » and « Ste » in full."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe").replace("æ", "ae"))
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    words = re.sub(r"[^a-z0-9]+", " ", plain)
    words = re.sub(r"\bste\b", "sainte", re.sub(r"\bst\b", "saint", words))
    return _CEDEX.sub("", words).strip()


@lru_cache(maxsize=20_000)
def lookalike(text: str) -> str:
    """Return a text as one word in which characters that readers confuse are the same."""
    # readers take « | » for an I or an l; folding would drop it
    return folded(text.replace("|", "l")).translate(_LOOKALIKES).replace(" ", "")
