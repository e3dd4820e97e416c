"""GeoJSON and GeoPackage: sectors, zones, cells and lycées with all their attributes, WGS84."""

import json
import math
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely
from shapely.geometry.base import BaseGeometry

from geozones.domain import ExportError
from geozones.export import attributes
from geozones.export.attributes import Attributes
from geozones.export.dossier import Dossier

type Layer = list[tuple[Attributes, BaseGeometry | None]]

#: GDAL writes the time in a GeoPackage; its option sets this time, for the whole process.
_GDAL = threading.Lock()
_DIGITS = 6


def layers(dossier: Dossier) -> dict[str, Layer]:
    """Return the features of each layer; a lycée without a position has no geometry."""
    scene = dossier.scene
    zones = {zone.id: zone.geometry for zone in scene.zones}
    sectors = {sector.id: sector.geometry for sector in scene.sectors}
    plan = attributes.of_dossier(dossier)
    places: Layer = []
    cells: Layer = []
    for sector, zone, lycee in dossier.lines():
        properties = attributes.of_lycee(dossier, sector, zone, lycee) | plan
        point = shapely.Point(lycee.lon, lycee.lat) if lycee.is_placed else None
        places.append((properties, point))
        if lycee.id in dossier.cells:
            cells.append((properties, dossier.cells[lycee.id]))
    return {
        "secteurs": [
            (attributes.of_sector(dossier, s) | plan, sectors.get(s.id)) for s in dossier.sectors
        ],
        "zones": [
            (attributes.of_zone(dossier, s, z) | plan, zones.get(z.id))
            for s in dossier.sectors
            for z in s.zones
        ],
        "cellules": cells,
        attributes.named("lycees"): places,
    }


def geojson(dossier: Dossier) -> bytes:
    """Return one FeatureCollection (RFC 7946); the property ``couche`` is its layer."""
    features = [
        {
            "type": "Feature",
            "id": f"{name}/{properties.get(attributes.named('uai')) or properties['id']}",
            "properties": {"couche": name, **properties},
            "geometry": _geometry(geometry),
        }
        for name, layer in layers(dossier).items()
        for properties, geometry in layer
    ]
    document = {
        "type": "FeatureCollection",
        "name": dossier.title,
        "geozones": {
            **attributes.of_dossier(dossier),
            "date": dossier.version.date or None,
            "sources": list(dossier.sources),
        },
        "features": features,
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _geometry(geometry: BaseGeometry | None) -> Mapping[str, Any] | None:
    """Return a geometry with rings in the order of RFC 7946, to about a decimetre."""
    if geometry is None or geometry.is_empty:
        return None
    oriented = shapely.orient_polygons(geometry)
    rounded = shapely.transform(oriented, lambda xy: xy.round(_DIGITS))
    mapping: Mapping[str, Any] = shapely.geometry.mapping(rounded)
    return mapping


def geopackage(dossier: Dossier) -> bytes:
    """Return a GeoPackage (OGC 12-128): a layer each, and a table « plan » that names the plan."""
    described = {
        **attributes.of_dossier(dossier),
        "titre": dossier.title,
        "date": dossier.version.date or None,
        "sources": " ".join(dossier.sources),
    }
    date = f"{dossier.version.file_date}T00:00:00Z"
    with _GDAL:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": date})
        try:
            return _written(layers(dossier), described)
        except (OSError, RuntimeError) as error:  # pyogrio's errors are RuntimeErrors
            raise ExportError(
                f"Le GeoPackage n'a pas pu être préparé dans le dossier temporaire : {error}."
            ) from error
        finally:
            pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def _written(filled: Mapping[str, Layer], described: Attributes) -> bytes:
    with tempfile.TemporaryDirectory(prefix="geozones-") as folder:
        path = Path(folder) / "geozones.gpkg"
        for name, layer in filled.items():
            if layer:
                # a layer as a frame, polygons as multipolygons, so that it has one geometry type
                shapes = [None if shape is None else _multiple(shape) for _, shape in layer]
                rows = [
                    {
                        key: None
                        if isinstance(value, float) and not math.isfinite(value)
                        else value
                        for key, value in properties.items()
                    }
                    for properties, _ in layer
                ]
                gpd.GeoDataFrame(rows, geometry=gpd.GeoSeries(shapes, crs="EPSG:4326")).to_file(
                    path, layer=name, driver="GPKG", engine="pyogrio"
                )
        # no geometry: a table of attributes
        pyogrio.write_dataframe(pd.DataFrame([described]), path, layer="plan", driver="GPKG")
        return path.read_bytes()


def _multiple(shape: BaseGeometry) -> BaseGeometry:
    return shapely.MultiPolygon([shape]) if isinstance(shape, shapely.Polygon) else shape
