"""Faults of a French text that a reader would notice: English, names of settings, agreement."""

import re
from collections.abc import Iterator

#: English words that no French sentence of the tool has.
ENGLISH = re.compile(
    r"\b(the|and|with|without|this|that|from|your|you|is|are|was|were|not|been|has|have|will|"
    r"should|browse|drag|drop|choose|loading|running|error|warning|upload|download|password|"
    r"settings?|submit|cancel|next|previous|deploy|traceback|missing|failed|unknown|found|"
    r"please|required|default|shown?|commands?|parameters?)\b",
    re.IGNORECASE,
)
#: Names that only a settings file or the code has.
SETTINGS = re.compile(
    r"\b(GEOZONES_[A-Z_]+|shipped|roadgraph|[a-z_]+\.(toml|py|json)|[a-z]+_[a-z_]+)\b"
)
_SPACE = "[ \u00a0\u202f]"
#: A plural after one; words that end in s or x anyway are left out.
_PLURAL = re.compile(
    rf"(?<![\d,.:/×−–-])(?<![\d]{_SPACE})\b1{_SPACE}(?!(?:fois|mois|avis|accès|pas|temps|plus|sur|dans|"
    rf"sous|moins|bis|T\.I\.[PS]\.)\b)([a-zàâéèêîôûç]{{2,}}[sx])\b"
)
_NOUNS = (
    "lycée", "zone", "secteur", "déplacement", "poste", "élève", "trajet", "point", "autre",
    "scénario", "commentaire", "ligne", "jour", "heure", "minute", "demi-journée", "tirage",
)  # fmt: skip
#: A singular after two or more.
_SINGULAR = re.compile(
    rf"(?<![\d,.])(?:[2-9]|[1-9]\d+){_SPACE}({'|'.join(_NOUNS)})\b(?!s|-)", re.IGNORECASE
)
#: Products whose name is English, and words of a page's own address.
_NAMES = re.compile(r"OpenStreetMap|openrouteservice|[Pp]ower ?[Pp]oint|https?://\S+|[\w.]+@[\w.]+")


def faults(text: str, *, typed: bool = False) -> tuple[str, ...]:
    """Return each fault of a text, with the words around it.

    ``typed``: the text has words to type, such as the name of a rule; names of settings pass.
    """
    return tuple(_faults(_NAMES.sub("…", text), typed=typed))


def _faults(text: str, *, typed: bool) -> Iterator[str]:
    for pattern in (ENGLISH, *(() if typed else (SETTINGS,)), _PLURAL, _SINGULAR):
        for match in pattern.finditer(text):
            start, end = match.span()
            yield f"{match[0]} in « {text[max(0, start - 30) : end + 30]} »"
