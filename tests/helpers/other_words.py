"""Words that only Pays de la Loire has: no screen, file or answer of another territory has them.

Nor has it words of who runs its sectors, where it does not say who does.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from helpers.frozen_plan import SHIPPED

#: What the shipped documents and their dates are called, and where places come from.
_SAID = (
    "Pays de la Loire", "webinaire du", "11 juin", "2025", "Annuaire de l'éducation",
    "Licence Ouverte", "Éducation nationale", "Cellule Expertise", "rentrée scolaire",
    "règle du document", "e document ne", "e document demande", "d'après le document",
    "Du document", "avec l'outil,", "limite de département", "pas encore déployé",
    "make data", "build_", "preview.png",
    # all its minutes are estimates
    "estimation partielle",
)  # fmt: skip
#: Nouns of lycées, as a sentence of another network may not write them.
_NOUNS = re.compile(
    r"lycée|élève|\bUAI\b|centres? support|\brégions?\b|T\.I\.[PS]\b", re.IGNORECASE
)
_UAI = r"\b[0-9]{7}[A-Z]\b"
#: Names that are common words too.
_COMMON = {"Europe", "La Mode", "Nature"}
#: Who runs the sectors, from where and when, as a document would say.
_ORGANISED = re.compile(
    r"(?-i:\bRNS\b)|techniciens? de secteur|de rattachement|non publié|pas publié|"
    r"publié(?:e|s|es)? par|"
    r"décision de l.organisation|Organisation et calendrier|[Cc]alendrier d[eu] (?:dép|sect)|"
    r"selon le calendrier|prévu\w* par le calendrier|secteurs? expérimenta|centre_support|\bATI\b",
    re.IGNORECASE,
)
#: What the tool says anywhere: of itself, and of the areas of France.
_OWN = ("make data-france", "Partir d'une région")


def foreign(text: str) -> list[str]:
    """Return the words of Pays de la Loire in a text, each marked, with what is around it."""
    for own in _OWN:
        text = text.replace(own, "")
    patterns = (_names(), _NOUNS, _ORGANISED)
    found = (match for pattern in patterns for match in pattern.finditer(text))
    return [
        f"{text[max(0, match.start() - 40) : match.start()]}>>{match[0]}<<"
        f"{text[match.end() : match.end() + 40]}"
        for match in found
    ]


@cache
def _names() -> re.Pattern[str]:
    names = sorted({*_shipped_names()} - _COMMON, key=len, reverse=True)
    words = "|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in names)
    return re.compile(f"{words}|{'|'.join(map(re.escape, _SAID))}|{_UAI}")


def _shipped_names() -> Iterator[str]:
    for row in (feature["properties"] for feature in _read("lycees.geojson")["features"]):
        yield from (row["nom"], row["commune"], row["id"])
    for sector in _read("secteurs.json")["secteurs"]:
        yield from filter(None, (sector["nom"], sector["rns"], sector["centre_support"]))
        yield from (zone["nom"] for zone in sector["zones"])
    for file in (SHIPPED / "departements").glob("*.geojson"):
        yield json.loads(file.read_text(encoding="utf-8"))["properties"]["nom"]


def _read(name: str) -> Any:
    return json.loads((SHIPPED / name).read_text(encoding="utf-8"))
