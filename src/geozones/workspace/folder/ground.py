"""Map background and land of a data folder."""

import hashlib
import logging
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geozones.common.errors import DataFileError, InputError
from geozones.common.files import home_folder, write_atomically
from geozones.common.french import folded
from geozones.domain.terms import terms
from geozones.domain.times import FloatArray
from geozones.render import CloseGround, Label, MapGround, Outline, River, Road
from geozones.render.map_ground import (
    CITY_RANK,
    CLOSE_ZOOM,
    FAR,
    FIRST_RANK,
    RIVER_ZOOM,
    SCHEMATIC_ZOOMS,
    zooms_of_town,
)
from geozones.territory.land import Land, land_of
from geozones.territory.territory_files import (
    Town,
    land_bytes,
    names_of,
    read_ground,
    read_land,
    read_towns,
    towns_of,
)
from geozones.travel.engine import Positions
from geozones.travel.matrix_file import positions_hash

_log = logging.getLogger(__name__)
GROUND = "ground.parquet"
CLOSE_GROUND = "close_ground.parquet"
_NONE_NAMED: Mapping[str, str] = MappingProxyType({})
#: Colours of the ground's names, quieter than the names of sectors, zones and lycées.
_TOWN = "#2f3a43"
_INKS = {"river": "#28658a", "departement": "#5e6568", "motorway": "#5f6b73"}
#: Names of communes rank after all others.
_LAST_RANK = 1000
#: Names of motorways rank after the names of all rivers.
_AFTER = {"motorway": 9}
_ZOOMS = {"river": (RIVER_ZOOM, FAR), "departement": (0.0, FAR), "motorway": SCHEMATIC_ZOOMS}


def open_ground(
    folder: Path,
    communes: Path,
    departements: Mapping[str, tuple[str, BaseGeometry]],
    named: Mapping[str, str] = _NONE_NAMED,
) -> MapGround:
    """Return the map background of a data folder; raise ``DataFileError``.

    Without ``ground.parquet``, the background has the region's départements and the names of its
    most populated communes.
    ``named`` are the communes (INSEE code) that texts name: a town there has the same name on maps.
    """
    file = read_ground(folder / GROUND)
    outlines = tuple(Outline(code, *entry) for code, entry in departements.items())
    towns = towns_of(file) or read_towns(communes)
    places = [(_name_of(town, named), town.lat, town.lon) for town in towns]
    names = [
        Label("town", *place, FIRST_RANK + order, _TOWN, zooms=zooms_of_town(order))
        if town.rank
        else Label("city", *place, CITY_RANK, _TOWN)
        for order, (town, place) in enumerate(zip(towns, places, strict=True))
    ]
    names = [
        label if label.text == town.name else replace(label, known_as=town.name)
        for label, town in zip(names, towns, strict=True)
    ]
    last = FIRST_RANK + len(towns)
    for each in names_of(file):
        ink, zooms = _INKS[each.kind], _ZOOMS[each.kind]
        rank = last + each.rank + _AFTER.get(each.kind, 0)
        names.append(Label(each.kind, each.name, each.lat, each.lon, rank, ink, zooms=zooms))
    ground = MapGround(
        departements=outlines,
        land=next((feature.geometry for feature in file.of("land")), None),
        borders=next((feature.geometry for feature in file.of("border")), None),
        lakes=tuple(feature.geometry for feature in file.of("lake")),
        rivers=tuple(
            River(feature.name, feature.rank, feature.geometry) for feature in file.of("river")
        ),
        names=tuple(names),
        credit=file.credit,
    )
    lines = np.array([feature.geometry for feature in file.of("motorway")], object)
    if not len(lines):
        return ground
    axes = Road("motorway", shapely.MultiLineString(lines.tolist()), SCHEMATIC_ZOOMS)
    return replace(ground, roads=(axes,), schematic=True)


def open_close_ground(folder: Path, named: Mapping[str, str] = _NONE_NAMED) -> CloseGround:
    """Return the background for close zooms, as `open_ground`; raise ``DataFileError``."""
    file = read_ground(folder / CLOSE_GROUND)
    return CloseGround(
        communes=tuple(line.geometry for line in file.of("commune")),
        waters=tuple(
            area
            for water in (*file.of("lake"), *file.of("river"))
            for area in shapely.get_parts(water.geometry)
        ),
        names=tuple(
            Label(
                "town",
                _name_of(town, named),
                town.lat,
                town.lon,
                _LAST_RANK,
                _TOWN,
                zooms=(CLOSE_ZOOM, FAR),
            )
            for town in towns_of(file)
        ),
        credit=file.credit,
    )


def _name_of(town: Town, named: Mapping[str, str]) -> str:
    """Return the name of a town on maps: the name of texts, or a short form of it."""
    commune = named.get(town.code, town.name)
    return town.name if folded(commune).startswith(folded(town.name)) else commune


#: Version of the computation: another one computes the land anew.
_VERSION = 1
#: Most lands kept in the home folder; the oldest go first.
_MAX_KEPT = 12


def computed_land(
    lycees: Positions,
    communes: gpd.GeoDataFrame | None,
    minutes: FloatArray | None,
    rivers: BaseGeometry | None,
    home: Path | None = None,
) -> Land:
    """Return the land of sites, computed at the first call and then read from the home folder.

    ``communes``, ``minutes`` and ``rivers`` are as for `geozones.territory.land.land_of`, ``None``
    where the folder has none. ``home`` is the home folder of a territory that is not the one in
    use.
    """
    content = hashlib.sha256(f"{_VERSION} {positions_hash(lycees)}".encode())
    if communes is not None:
        content.update(" ".join(communes["code"].astype(str)).encode())
        for shape in shapely.to_wkb(communes.geometry.to_numpy()):
            content.update(shape)
    if minutes is not None:
        content.update(np.ascontiguousarray(minutes).tobytes())
    if rivers is not None:
        content.update(shapely.to_wkb(rivers))
    key = content.hexdigest()
    path = (home or home_folder()) / "terres" / f"{key}.parquet"
    land = read_land(path, lycees)
    if land is None:
        land = _made(lycees, communes, minutes, rivers)
        # keep a land in the home folder; one that cannot be kept is computed at each opening
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, land_bytes(land))
            kept = sorted(path.parent.glob("*.parquet"), key=lambda each: each.stat().st_mtime)
            for old in kept[:-_MAX_KEPT]:
                old.unlink(missing_ok=True)
        except (OSError, InputError) as error:
            _log.warning("land not kept: %s", error)
    return land


def _made(
    lycees: Positions,
    communes: gpd.GeoDataFrame | None,
    minutes: FloatArray | None,
    rivers: BaseGeometry | None,
) -> Land:
    try:
        return land_of(lycees, communes, minutes, rivers)
    except ValueError as error:
        raise DataFileError(
            f"Le territoire ne peut pas être partagé entre les {terms().site.plural} : vérifiez "
            "leurs positions."
        ) from error
