"""Well-known towns, and the present commune of each."""

from dataclasses import dataclass
from functools import lru_cache

from geozones.common.folding import folded
from geozones.workspace.atlas import Atlas


@dataclass(frozen=True, slots=True)
class CommuneName:
    """A commune: INSEE code, name, the name of its département."""

    code: str
    name: str
    departement: str


@dataclass(frozen=True, slots=True)
class TownName:
    """A town on the map, by the name people say, its commune (INSEE code), WGS84 degrees."""

    id: str
    name: str
    commune: str
    lat: float
    lon: float


@lru_cache(maxsize=4)
def communes_of(atlas: Atlas) -> dict[str, CommuneName]:
    """Return the communes of the region by INSEE code; raises ``DataFileError``."""
    departements = {each.id: each.name for each in atlas.ground.departements}
    frame = atlas.commune_frame
    rows = zip(*(frame[name].astype(str) for name in ("code", "nom", "departement")), strict=True)
    return {
        code: CommuneName(code, name, departements.get(number, number))
        for code, name, number in rows
    }


@lru_cache(maxsize=4)
def places_of(atlas: Atlas) -> tuple[TownName, ...]:
    """Return the towns of the region named on the map, the most important first."""
    towns = []
    for label in atlas.ground.names:
        if label.kind in {"city", "town"}:
            code = atlas.commune_at(label.lat, label.lon)
            if code is not None:
                name = label.known_as or label.text
                key = f"{code}-{folded(name).replace(' ', '-')}"
                towns.append(TownName(key, name, code, label.lat, label.lon))
    return tuple(towns)


@lru_cache(maxsize=4)
def _first_towns(atlas: Atlas) -> dict[str, str]:
    return {town.commune: town.name for town in reversed(places_of(atlas))}


def town_of(atlas: Atlas, commune: str) -> str | None:
    """Return the most important town named on the map in a commune (INSEE code), if any."""
    return _first_towns(atlas).get(commune)
