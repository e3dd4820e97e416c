"""A data folder of another territory: twelve invented sites around Helsinki, and nothing more.

It has the least that a folder may have: sites, zones and minutes, and a manifest that says whose
they are. No calendar, organisation, directory, communes, départements, ground or cells.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import streamlit as st

from geozones.common.files import DATA_FOLDER
from geozones.domain import Provenance
from geozones.domain.identifiers import Scheme
from geozones.domain.settings import (
    FolderCredits,
    TerritoryManifest,
    territory,
    use_territory,
)
from geozones.domain.times import ESTIMATE, TravelTimes
from geozones.intake.manifest_file import NAME, manifest_toml, use_configured_territory
from geozones.travel.engine import crow_km_table, formula_minutes
from geozones.travel.matrix_file import write_matrix

MANIFEST = TerritoryManifest(
    name="Uusimaa",
    created_on="2031-03-04",
    words="sites",
    scheme=Scheme.FREE,
    sizes=(2, 4),
    max_minutes=40,
    credits=FolderCredits(sites="liste du groupe Tervetuloa, 4 mars 2031"),
)
#: Id, name, latitude, longitude, zone.
SITES = (
    ("T-01", "Kamppi", 60.1688, 24.9319, "V-1"),
    ("T-02", "Kallio", 60.1841, 24.9496, "V-1"),
    ("T-03", "Pasila", 60.1987, 24.9337, "V-1"),
    ("agence 4", "Tapiola", 60.1756, 24.8049, "V-2"),
    ("agence 5", "Leppävaara", 60.2192, 24.8135, "V-2"),
    ("T-06", "Kauniainen", 60.2110, 24.7290, "V-2"),
    ("T-07", "Tikkurila", 60.2925, 25.0440, "I-1"),
    ("T-08", "Malmi", 60.2510, 25.0110, "I-1"),
    ("T-09", "Kerava", 60.4030, 25.1050, "I-1"),
    ("T-10", "Itäkeskus", 60.2100, 25.0830, "I-2"),
    ("T-11", "Vuosaari", 60.2080, 25.1440, "I-2"),
    ("T-12", "Porvoo", 60.3930, 25.6640, "I-2"),
)
#: Names of the sites, of which sentences are said.
NAMES = tuple(name for _, name, *_ in SITES)
SECTORS = {"ouest": ("Länsi", ("V-1", "V-2")), "est": ("Itä", ("I-1", "I-2"))}
ZONES = {"V-1": "Kantakaupunki", "V-2": "Espoo", "I-1": "Vantaa", "I-2": "Sipoo – Porvoo"}


def write_other_folder(folder: Path) -> Path:
    """Write the folder, and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / NAME).write_text(manifest_toml(MANIFEST), encoding="utf-8")
    _write(folder / "sites.geojson", {"type": "FeatureCollection", "features": _features()})
    sectors = [
        {
            "id": key,
            "nom": name,
            "statut": "brouillon",
            "zones": [{"id": zone, "nom": ZONES[zone]} for zone in zones],
        }
        for key, (name, zones) in SECTORS.items()
    ]
    _write(folder / "secteurs.json", {"version": 1, "secteurs": sectors})
    positions = {site: (lat, lon) for site, _, lat, lon, _ in SITES}
    write_matrix(folder / "travel_times.parquet", [_times(positions)], positions)
    return folder


def _features() -> list[dict[str, object]]:
    return [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [lon, lat]},
            "properties": {"id": site, "nom": name, "zone": zone},
        }
        for site, name, lat, lon, zone in SITES
    ]


def _times(positions: dict[str, tuple[float, float]]) -> TravelTimes:
    ids, points = tuple(positions), list(positions.values())
    km = crow_km_table(points, points)
    minutes = formula_minutes(km) * (km > 0)
    made = Provenance(ESTIMATE, "2031-03-04", source="à vol d'oiseau")
    return TravelTimes(ids, ids, minutes=minutes, km=1.3 * km, provenance=made)


def _write(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")


@contextmanager
def other_folder(path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Write the folder, and open it for a block."""
    with opened_folder(write_other_folder(path), monkeypatch):
        yield path


@contextmanager
def opened_folder(path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Open a data folder for a block, in this process: its words, its ids, its thresholds."""
    before = territory()
    monkeypatch.setenv(DATA_FOLDER, str(path))
    st.cache_resource.clear()
    use_configured_territory()
    try:
        yield
    finally:
        st.cache_resource.clear()
        use_territory(before)
