"""Build data/lycees.geojson (the 119 places to serve) and data/secteurs.json (the plan)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from _common import DATA, TABLES, arguments, check, report, write_json

from geozones.domain.identifiers import is_uai
from geozones.domain.places import LocationOverrides
from geozones.intake.data_folder import read_data_folder
from geozones.intake.plan_file import plan_to_json

#: id -> name, status, RNS, support centre; the names of drafts are this tool's
SECTORS = {
    "maine-et-loire": ("Maine-et-Loire", "publie", "Kevin Barbier", "0490003M"),
    "mayenne": ("Mayenne", "publie", "Lucien Druault", "0530012A"),
    "sud-loire-cholet": ("Sud Loire – Cholet", "publie", "Corentin Louatron", "0490018D"),
    "nantes": ("Nantes", "brouillon", None, None),
    "nord-loire": ("Saint-Nazaire – Châteaubriant", "brouillon", None, None),
    "sarthe": ("Sarthe", "brouillon", None, None),
    "vendee": ("Vendée", "brouillon", None, None),
}
AT_START = [
    "1 RNS par secteur",
    "Transformation des postes d'ATI en Techniciens Informatiques de Proximité",
    "Rattachement fonctionnel et hiérarchique des T.I.P aux RNS",
]
#: (id, date, label, what is not sure of the date, whole region, experimental sectors, others), in
#: the words of the source document; an action that is not sure has the reason beside it
CALENDAR = [
    (
        "rentree-2025",
        "2025-09-01",
        "Rentrée scolaire 25/26",
        "",
        [
            {
                "texte": "Découpage territorial passant de 4 à 7 secteurs",
                "doute": "Le document ne date pas le passage de 4 à 7 secteurs ; il annonce 7 RNS "
                "à la rentrée 25/26.",
            },
            "7 RNS (+3 par rapport à l'existant)",
            "Pôle Expertise composé de 4 C.O",
            "Règlement du temps de travail T.I.P au 1er septembre 2025",
        ],
        AT_START,
        AT_START,
    ),
    (
        "novembre-2025",
        "2025-11-01",
        "1er novembre 2025",
        "",
        [],
        [
            "Nomination de 2 T.I.S par secteur",
            "Lancement de l'expérimentation (novembre 25 – juillet 26)",
            {
                "texte": "Mise en œuvre de la nouvelle organisation",
                "doute": "Un « novembre » isolé suit « Mise en œuvre de la nouvelle organisation » "
                "dans le texte reçu : elle est peut-être datée autrement dans ce mois.",
            },
        ],
        [],
    ),
    (
        "janvier-2026",
        "2026-01-05",
        "5 janvier 2026",
        "Le texte reçu porte « novembre 5 janvier 2026 » : le 5 peut être de l'un ou de l'autre.",
        [],
        [],
        ["Nomination de 1 T.I.S par secteur"],
    ),
    (
        "juillet-2026",
        "2026-07-31",
        "Juillet 2026",
        "",
        [],
        [
            "Fin de l'expérimentation (novembre 25 – juillet 26)",
            {
                "texte": "Bilans de l'expérimentation attendus",
                "doute": "Le document place les bilans de l'expérimentation entre janvier et la "
                "rentrée 26/27, sans date : ils sont mis ici à sa fin.",
            },
        ],
        [],
    ),
    (
        "rentree-2026",
        "2026-09-01",
        "Rentrée scolaire 26/27",
        "",
        [],
        ["Généralisation de la nouvelle organisation"],
        ["Généralisation de la nouvelle organisation"],
    ),
]
ANNUAIRE = (
    "Annuaire de l'éducation, ministère de l'Éducation nationale (Licence Ouverte 2.0), "
    "janvier 2026"
)
#: who counted pupils, when and what, and the table that it is read through
PUPILS = (
    "DEPP, rentrée 2024, hors STS et CPGE, par black-born/prix-eleve-ecole (Licence Ouverte 2.0, "
    "CC BY 4.0)"
)
#: how far outside its commune a lycée may be, the borders being simplified
TOLERANCE_M = 150.0
#: what the source cannot say of a position, added to the field "source"
REMARKS = {
    "0490054T": "les deux sites Renaudeau de Cholet y portent la même position",
    "0490020F": "les deux sites Renaudeau de Cholet y portent la même position",
    "0440062D": "position du lycée Jean Perrin, le lycée Goussier étant à 60 m",
    "0530012A": "position du lycée Réaumur, le lycée Buron étant à 50 m",
}
#: what is not sure of a lycée itself, in the field "remarque"
DOUBTS = {
    "0490020F": "Second site du lycée Fernand Renaudeau d'après l'annuaire, qui lui donne ce "
    "code ; le document l'imprime avec le code de Renaudeau suivi d'un astérisque. "
    "Ses élèves sont sans doute comptés avec ceux de Renaudeau.",
    "0721680K": "Annexe pédagogique du lycée Raphaël Élizé dans une clinique, d'après "
    "l'annuaire ; le document l'imprime comme un lycée.",
}
NO_ADDRESS = (
    "Document du webinaire du 11 juin 2025 : ni code UAI ni adresse publiés ; "
    "placé au centre de la commune, à préciser"
)
CENTRE_COMMUNES = {"X44-saint-philbert": ("44188", "44310")}


def read_csv(path: Path) -> pd.DataFrame:
    """Read a table as text, empty cells as empty strings, one row an ``id``."""
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    table = table.rename(columns={"uai": "id"}).set_index("id")
    check(bool(table.index.is_unique), f"{path.name}: an id is there twice")
    return table


def pupils_by_lycee() -> tuple[dict[str, int], dict[str, str]]:
    """Return pupils by lycée, a cité scolaire's establishments added up, and remarks on counts."""
    table = pd.read_csv(TABLES / "effectifs.csv", dtype=str, keep_default_na=False)
    check(bool(table["uai"].is_unique), "effectifs.csv: a UAI is there twice")
    counts = table[["eleves_gt", "eleves_pro", "eleves_college"]].astype(int).sum(axis=1)
    totals = counts.groupby(table["id"]).sum()
    doubts = {str(key): str(said) for key, said in zip(table["id"], table["remarque"], strict=True)}
    return {str(key): int(total) for key, total in totals.items()}, doubts


def lycee_features(
    plan: pd.DataFrame, reference: pd.DataFrame, communes: gpd.GeoDataFrame
) -> list[dict[str, Any]]:
    """Return one GeoJSON Feature for each lycée, in the order of the plan."""
    names, addresses = read_csv(TABLES / "noms.csv"), read_csv(TABLES / "adresses.csv")
    check(set(names.index) == set(plan.index), "noms.csv does not name exactly the plan's lycées")
    check(bool(names["nom"].is_unique), "two lycées have the same name in noms.csv")
    by_code = communes.set_index("code").to_dict("index")
    located = reference.to_dict("index")
    pupils, doubts = pupils_by_lycee()
    check(set(pupils) <= set(plan.index), "effectifs.csv has a lycée that the plan has not")
    labels, corrected = names.to_dict("index"), addresses.to_dict("index")
    features = []
    for key, row in plan.iterrows():
        lycee = str(key)
        if lycee in CENTRE_COMMUNES:
            code, postal = CENTRE_COMMUNES[lycee]
            lat, lon = by_code[code]["lat"], by_code[code]["lon"]
            precision, source, address = "commune", NO_ADDRESS, ""
        else:
            place = located[lycee]
            code, postal = str(place["code_insee"]), str(place["code_postal"])
            address = str(place["adresse"])
            lat, lon, precision = float(place["lat"]), float(place["lon"]), "adresse"
            source = " ; ".join(filter(None, [ANNUAIRE, REMARKS.get(lycee)]))
        if lycee in corrected:
            address = str(corrected[lycee]["adresse"])
        remark = " ".join(filter(None, [DOUBTS.get(lycee), doubts.get(lycee)]))
        properties = {
            "id": lycee,
            "uai_associes": [code for code in row["uai_associes"].split(";") if code],
            "nom": labels[lycee]["nom"],
            "nom_publie": row["nom_publie"],
            "type": labels[lycee]["type"],
            "adresse": address,
            "code_postal": postal,
            "commune": by_code[code]["nom"],
            "code_insee": code,
            "departement": by_code[code]["departement"],
            "secteur": row["secteur"],
            "zone": row["zone"],
            "statut": row["statut"],
            "precision": precision,
            "source": source,
        }
        if lycee in pupils:
            properties |= {"eleves": pupils[lycee], "eleves_source": PUPILS}
        if remark:
            properties["remarque"] = remark
        geometry = {"type": "Point", "coordinates": [round(lon, 6), round(lat, 6)]}
        features.append({"type": "Feature", "properties": properties, "geometry": geometry})
    return features


def check_lycees(features: list[dict[str, Any]], communes: gpd.GeoDataFrame) -> str:
    """Check counts, keys and places; return a line about the distances to the communes."""
    check(len(features) == 119, f"{len(features)} lycées, expected 119")
    known = sum("eleves" in feature["properties"] for feature in features)
    check(known == 105, f"{known} lycées with their pupils, expected 105")
    borders = communes.set_index("code").geometry
    outside = []
    for feature in features:
        own = feature["properties"]
        codes = [own["id"], *own["uai_associes"]]
        for code in codes:
            check(code in CENTRE_COMMUNES or is_uai(code), f"{code} is not a UAI: wrong key letter")
        point = shapely.Point(feature["geometry"]["coordinates"])
        metres = shapely.distance(borders[own["code_insee"]], point) * 111_195
        check(metres <= TOLERANCE_M, f"{own['id']} is {metres:.0f} m outside {own['commune']}")
        if metres > 0:
            outside.append(f"{own['nom']} {metres:.0f} m")
    return f"{len(outside)} just outside their commune {outside}" if outside else "all inside"


def sectors(features: list[dict[str, Any]], date: str) -> dict[str, Any]:
    """Return the content of secteurs.json, checked against the lycées."""
    zones = read_csv(TABLES / "zones.csv")
    used = {(f["properties"]["zone"], f["properties"]["secteur"]) for f in features}
    check(used == set(zones["secteur"].items()), "zones.csv and the plan do not agree")
    check(bool(zones["nom"].is_unique), "two zones have the same name")
    check(bool((zones["nom"].str.len() <= 40).all()), "a zone name is over 40 characters")
    statuses = {(f["properties"]["secteur"], f["properties"]["statut"]) for f in features}
    check(
        statuses == {(key, status) for key, (_, status, _, _) in SECTORS.items()},
        "a sector mixes published and draft lycées",
    )
    return {
        "version": 1,
        "source": {
            "titre": "Organisation de l'assistance informatique dans les établissements publics "
            "d'enseignement – présentation de la nouvelle organisation (webinaire)",
            "auteur": "Région Pays de la Loire",
            "date": "2025-06-11",
            "presentation": "au webinaire",
            "zones": "noms des zones donnés par l'outil",
            "calendrier": "Le tableau du document nous est parvenu à plat : la répartition entre "
            "secteurs expérimentaux et autres secteurs est une lecture.",
        },
        "brouillons": {
            "auteur": "l'outil",
            "date": date,
            "note": "Les secteurs d'origine « outil » ne sont pas détaillés par le document : leur "
            "nom, leur périmètre et leurs zones sont une proposition de l'outil, pas une décision "
            "de la Région.",
        },
        "secteurs": [
            {
                "id": key,
                "nom": name,
                "statut": status,
                "origine": "region" if status == "publie" else "outil",
                "experimental": status == "publie",
                "rns": rns,
                "centre_support": centre,
                "zones": [
                    {"id": str(zone), "nom": row["nom"]}
                    for zone, row in zones[zones["secteur"] == key].iterrows()
                ],
            }
            for key, (name, status, rns, centre) in SECTORS.items()
        ],
        "calendrier": [
            {
                "id": key,
                "date": date,
                "libelle": label,
                "doute": doubt,
                "ensemble": region,
                "secteurs_experimentaux": experimental,
                "autres_secteurs": others,
            }
            for key, date, label, doubt, region, experimental, others in CALENDAR
        ],
    }


def build(source: Path, date: str) -> None:
    """Write both files, after checking them."""
    communes = gpd.read_parquet(DATA / "communes.parquet")
    plan = read_csv(source / "plan_initial.csv")
    features = lycee_features(plan, read_csv(source / "lycees_reference.csv"), communes)
    places = check_lycees(features, communes)
    plan_file = sectors(features, date)
    lines = {"type": "FeatureCollection", "features": features}
    write_json(DATA / "lycees.geojson", lines, indent=1)
    report(DATA / "lycees.geojson", f"{len(features)} lycées, {places}")
    write_json(DATA / "secteurs.json", plan_file, indent=1)
    zones = sum(len(sector["zones"]) for sector in plan_file["secteurs"])
    report(DATA / "secteurs.json", f"{len(plan_file['secteurs'])} sectors, {zones} zones")
    keep_starting_plan(date)


def keep_starting_plan(date: str) -> None:
    """Write the plan to ``plans_de_depart/``: older scenarios start from it even after a redraw."""
    folder = read_data_folder(DATA)
    document = plan_to_json(folder.plan, LocationOverrides(), folder.lycees)
    write_json(DATA / "plans_de_depart" / f"{date}.json", document, indent=1)


if __name__ == "__main__":
    options = arguments(__doc__)
    build(options.source, options.date)
