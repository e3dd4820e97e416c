"""Public lycées and outlines of communes of an area, from the services of the State.

Communes come from geo.api.gouv.fr:
``/departements/{code}/communes?fields=…&format=geojson&geometry=contour`` answers GeoJSON, in
WGS84; ``epci`` is an object, ``{"code", "nom"}``.

Lycées come from the ministry's directory, whose API is Opendatasoft's Explore v2.1:
``…/exports/json`` with ``where`` and ``select`` answers a list of all the records, where
``…/records`` gives 100 at a time.
"""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import shapely

from geozones.common.bounds import degrees, figure
from geozones.common.french import folded
from geozones.common.pacing import Clock, Progress, no_progress
from geozones.common.web_service import WebSettings
from geozones.domain import FetchError, is_uai
from geozones.domain.identifiers import FrenchArea, departement_code, departement_of_insee
from geozones.fetch import MALFORMED, fetch_client, nothing_found, of_another_shape

_COMMUNES = "l'API Découpage administratif"
_COMMUNE_FIELDS = "nom,code,codeEpci,epci,population"
_POLYGONS = {"Polygon", "MultiPolygon"}


@dataclass(frozen=True, slots=True)
class CommuneOutlines:
    """Features of GeoJSON, by code; names of the communes without an outline."""

    features: tuple[dict[str, Any], ...]
    without: tuple[str, ...]


def fetch_communes(
    area: FrenchArea,
    settings: WebSettings,
    progress: Progress = no_progress,
    clock: Clock | None = None,
) -> CommuneOutlines:
    """Ask for the outlines of the communes of an area."""
    client = fetch_client(_COMMUNES, settings, clock)
    features: list[dict[str, Any]] = []
    without: list[str] = []
    for done, departement in enumerate(area.departements):
        progress(done, len(area.departements))
        asked = {"fields": _COMMUNE_FIELDS, "format": "geojson", "geometry": "contour"}
        body = client.send("GET", f"/departements/{departement}/communes", params=asked)
        found, lacking = parse(body, departement, settings)
        if not found:
            raise nothing_found(_COMMUNES, "aucun contour", departement)
        features += found
        without += lacking
    progress(len(area.departements), len(area.departements))
    by_code = sorted(features, key=lambda each: each["properties"]["code"])
    return CommuneOutlines(tuple(by_code), tuple(without))


def parse(
    body: bytes, departement: str, settings: WebSettings
) -> tuple[list[dict[str, Any]], list[str]]:
    """Read the answer of a département: its features, and the names of communes without outline."""
    found, lacking = [], []
    try:
        for feature in json.loads(body)["features"]:
            properties, geometry = feature["properties"], feature.get("geometry")
            code, name = str(properties["code"]), str(properties["nom"])
            if departement_of_insee(code) != departement:
                raise _elsewhere(code, departement, settings.host)
            if geometry is None or geometry["type"] not in _POLYGONS:
                lacking.append(name)
                continue
            found.append(
                {
                    "type": "Feature",
                    "properties": {
                        "code": code,
                        "nom": name,
                        "departement": departement,
                        "epci": _epci(properties),
                        "population": int(properties.get("population") or 0),
                    },
                    "geometry": _checked(geometry),
                }
            )
    except (*MALFORMED, AttributeError, shapely.errors.ShapelyError) as error:
        raise of_another_shape(_COMMUNES, settings) from error
    return found, lacking


def _epci(properties: Mapping[str, Any]) -> str:
    """Return the name of the EPCI, else its code; empty for a commune without one."""
    epci = properties.get("epci")
    named = epci.get("nom") if isinstance(epci, dict) else ""
    return str(named or properties.get("codeEpci") or "")


def _checked(geometry: Mapping[str, Any]) -> dict[str, Any]:
    """Return the geometry of polygons; raise ``ValueError`` for one that is not in degrees."""
    kept = {"type": geometry["type"], "coordinates": geometry["coordinates"]}
    shape = shapely.from_geojson(json.dumps(kept))
    west, south, east, north = shape.bounds  # of an empty shape, not numbers
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise ValueError("not in degrees")
    return kept


def _elsewhere(code: str, departement: str, host: str) -> FetchError:
    return FetchError(
        f"La réponse reçue de {host} pour le département {departement} a une commune d'un autre "
        f"({code[:10]}) : rien n'est écrit."
    )


EXPORT = "/catalog/datasets/fr-en-annuaire-education/exports/json"
_LYCEES = "l'annuaire de l'éducation"
_LYCEE_FIELDS = (
    "identifiant_de_l_etablissement", "nom_etablissement", "libelle_nature",
    "statut_public_prive", "etat", "adresse_1", "code_postal", "code_commune", "nom_commune",
    "code_departement", "latitude", "longitude", "nombre_d_eleves",
)  # fmt: skip
#: Records of parts of a lycée, which have codes of their own.
_PART = "section "


@dataclass(frozen=True, slots=True)
class DirectoryLycee:
    """Lycée of the directory; ``lat`` and ``lon`` are ``None`` where it has no position."""

    uai: str
    name: str
    kind: str
    address: str
    postcode: str
    insee: str
    commune: str
    departement: str
    lat: float | None
    lon: float | None
    pupils: int | None


@dataclass(frozen=True, slots=True)
class DirectoryAnswer:
    """Lycées that are kept, by département, commune and name; those left out, by reason."""

    lycees: tuple[DirectoryLycee, ...]
    left_out: Mapping[str, int]


def fetch_lycees(
    area: FrenchArea, settings: WebSettings, *, private: bool = False, clock: Clock | None = None
) -> DirectoryAnswer:
    """Ask the directory for the lycées of an area.

    Parameters
    ----------
    private
        Whether to keep private lycées too.
    """
    client = fetch_client(_LYCEES, settings, clock)
    body = client.send("GET", EXPORT, params=build(area))
    try:
        records = json.loads(body)
        rows = [(str(record["identifiant_de_l_etablissement"]), record) for record in records]
        known = {row["statut_public_prive"] for _, row in rows}
    except MALFORMED as error:
        raise of_another_shape(_LYCEES, settings) from error
    if not rows:
        raise nothing_found(_LYCEES, "aucun lycée", area.name)
    if known == {None}:
        raise of_another_shape(_LYCEES, settings)
    return _answer(rows, area, private=private)


def build(area: FrenchArea) -> dict[str, str]:
    """Return the request parameters of an area, whose codes are known ones."""
    codes = ", ".join(f'"{code.zfill(3)}"' for code in area.departements)
    return {
        "where": f'type_etablissement="Lycée" and code_departement in ({codes})',
        "select": ",".join(_LYCEE_FIELDS),
    }


def _answer(
    rows: list[tuple[str, dict[str, Any]]], area: FrenchArea, *, private: bool
) -> DirectoryAnswer:
    kept: dict[str, DirectoryLycee] = {}
    left_out: Counter[str] = Counter()
    for uai, record in rows:
        reason = _reason(uai, record, area, private=private)
        if not reason and uai in kept:
            reason = "en double"
        if reason:
            left_out[reason] += 1
        else:
            kept[uai] = _lycee(uai, record)
    by_place = sorted(
        kept.values(), key=lambda each: (each.departement, folded(each.commune), each.name)
    )
    return DirectoryAnswer(tuple(by_place), dict(left_out.most_common()))


def _reason(uai: str, record: Mapping[str, Any], area: FrenchArea, *, private: bool) -> str:
    """Return why a record is left out, in French; empty if it is kept."""
    state = folded(_text(record, "etat"))
    status = folded(_text(record, "statut_public_prive"))
    if not is_uai(uai):
        return "code UAI invalide"
    if departement_code(_text(record, "code_departement")) not in area.departements:
        return "hors du territoire demandé"
    if state not in {"", "ouvert"}:
        return "fermé ou à fermer"
    if status != "public" and not private:
        return "privé" if status else "ni public ni privé selon l'annuaire"
    if folded(_text(record, "libelle_nature")).startswith(_PART):
        return "section d'un autre lycée"
    return ""


def _lycee(uai: str, record: Mapping[str, Any]) -> DirectoryLycee:
    lat, lon = degrees(record.get("latitude"), 90), degrees(record.get("longitude"), 180)
    if not lat:  # some extracts write latitude 0 in a record without a position
        lat = lon = None
    pupils = figure(record.get("nombre_d_eleves"))
    return DirectoryLycee(
        uai=uai,
        name=_text(record, "nom_etablissement") or uai,
        kind=_text(record, "libelle_nature").capitalize(),
        address=_text(record, "adresse_1"),
        postcode=_text(record, "code_postal"),
        insee=_text(record, "code_commune"),
        commune=_text(record, "nom_commune"),
        departement=departement_code(_text(record, "code_departement")),
        lat=lat if lon is not None else None,
        lon=lon,
        pupils=None if pupils is None else int(pupils),
    )


def _text(record: Mapping[str, Any], field: str) -> str:
    value = record.get(field)
    return " ".join(str(value).split()) if value is not None else ""
