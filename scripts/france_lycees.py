"""Lycées of France: their names as one writes them, and the commune of each."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from geozones.common.french import folded
from geozones.domain.identifiers import departement_of_insee, departement_of_uai, is_uai

_RECTORAT = re.compile(r"RECTORAT|ACAD[EÉ]MIE D|DIRECTION DES SERVICES")
#: Cities in arrondissements, by département: name, code, number before that of the first
#: arrondissement, how many there are, and the one with the city hall.
_CITIES = {
    "75": ("paris", "75056", 75100, 20, 4),
    "69": ("lyon", "69123", 69380, 9, 1),
    "13": ("marseille", "13055", 13200, 16, 2),
}
#: Words of a name that begin with a small letter.
_SMALL = frozenset([
    "agricole", "annexe", "appropriées", "au", "aux", "d", "dans", "de", "des", "du", "en",
    "enseignement", "et", "général", "générale", "hors", "hôtelier", "l", "la", "le", "les",
    "lycée", "métiers", "par", "polyvalent", "privé", "privée", "professionnel",
    "professionnelle", "section", "site", "sous", "sur", "technique", "technologique", "voie",
])  # fmt: skip
#: An article begins a name, « Le Dolmen », but after one of these words: « de la Salle ».
_ARTICLES = frozenset(["le", "la", "les"])
_BEFORE_ARTICLES = frozenset(["à", "dans", "de", "en", "et", "par", "pour", "sous", "sur"])
_ACRONYMS = frozenset([
    "BTP", "CFA", "EREA", "GRETA", "LEAP", "LEGTA", "LEGTPA", "LEP", "LG", "LGT", "LP", "LPA",
    "LPH", "LPO", "LPP", "LT", "MFR", "SEP", "SEGPA", "SGT", "STS", "UFA",
])  # fmt: skip


def lycees_of(
    raw: Sequence[Mapping[str, Any]], names: pd.DataFrame
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Return the lycées with the commune of each, empty where its name is not known; counts.

    The département is that of the UAI code.
    """
    listed = [row["fields"] for row in raw if row["model"].endswith(".school")]
    french = [row for row in listed if row["country"] == "FR"]
    numbers = {
        row["pk"]: row["fields"]["number"] for row in raw if row["model"].endswith(".department")
    }
    schools = [row for row in french if not _RECTORAT.match(row["name"].upper())]
    by_name: dict[tuple[str, str], set[str]] = {}
    by_postcode: dict[str, set[str]] = {}
    for name, code, posts in zip(names["nom"], names["code"], names["codes_postaux"], strict=True):
        by_name.setdefault((departement_of_insee(code), folded(name)), set()).add(code)
        for post in posts.split():
            by_postcode.setdefault(post, set()).add(code)
    rows, contradicted = [], 0
    for row in schools:
        uai, postcode = row["uai"].strip().upper(), row["zip_code"].strip().zfill(5)
        if not is_uai(uai):
            continue
        departement = departement_of_uai(uai)
        contradicted += numbers.get(row["department"], "").zfill(2) != departement
        insee = _commune(row["city"], postcode, departement, by_name, by_postcode)
        town = row["city"].strip()
        rows.append((uai, _written(row["name"]), town, postcode, insee, departement))
    table = pd.DataFrame(
        rows, columns=["uai", "nom", "commune", "code_postal", "insee", "departement"]
    )
    current = names[names["genre"].isin(["commune-actuelle", "arrondissement-municipal"])]
    official = dict(zip(current["code"], current["nom"], strict=True))
    table["commune"] = table["insee"].map(official).fillna(table["commune"])
    table = table.drop_duplicates("uai").sort_values("uai", ignore_index=True)
    counts = {
        "rectorats": len(french) - len(schools),
        "contradicted": contradicted, "placed": int((table["insee"] != "").sum()),
    }  # fmt: skip
    return table, counts


def _commune(
    city: str,
    postcode: str,
    departement: str,
    by_name: Mapping[tuple[str, str], set[str]],
    by_postcode: Mapping[str, set[str]],
) -> str:
    """Return the code of the commune of a lycée: by its name, else its postcode; else empty."""
    plain = re.sub(r"\s+\d+.*$", "", folded(city))
    if departement in _CITIES and plain == _CITIES[departement][0]:
        return _arrondissement(city, postcode, departement)
    # the list has « Alenèon » for Alençon
    spelled = folded(city.replace("èo", "ço"))
    named = by_name.get((departement, plain)) or by_name.get((departement, spelled), set())
    if len(named) > 1:
        named = named & by_postcode.get(postcode, set()) or named
    posted = {
        code for code in by_postcode.get(postcode, ()) if departement_of_insee(code) == departement
    }
    for found in (named, posted):
        if len(found) == 1:
            return next(iter(found))
    return ""


def _arrondissement(city: str, postcode: str, departement: str) -> str:
    """Return the arrondissement of « Lyon Cedex 06 » or 75116, else the one of the city hall."""
    _, _, before, most, hall = _CITIES[departement]
    told = re.search(r"(\d+)\s*$", city)
    ordinary = postcode[2] in "01"
    rank = int(postcode[3:]) if ordinary else int(told[1]) if told else 0
    return str(before + (rank if 1 <= rank <= most else hall))


def _written(name: str) -> str:
    """Return a name in capitals as one writes it: « Lycée professionnel Jean-Baptiste Clément »."""
    text = " ".join(name.split())
    if text != text.upper():
        return text
    made: list[str] = []
    for word in re.split(r"(\W+)", text):
        low, before = word.lower(), made[-2].lower() if len(made) > 1 else ""
        article = low in _ARTICLES and before not in _BEFORE_ARTICLES
        plain = low in _SMALL and not article
        made.append(word if word in _ACRONYMS else low if plain else low.capitalize())
    text = "".join(made)
    return text[:1].upper() + text[1:]


def city_of(code: str) -> str:
    """Return the code of the city of an arrondissement; another commune is its own."""
    _, city, before, most, _ = _CITIES.get(code[:2], ("", "", 0, 0, 0))
    return city if code.isdigit() and 1 <= int(code) - before <= most else code
