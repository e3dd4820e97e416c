"""Geocoding of places, and the check that a point can be the place it stands for."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from geozones.common.errors import InputError
from geozones.common.french import number, of
from geozones.common.progress import Progress
from geozones.domain.places import Located, PlaceQuery
from geozones.geocode.gazetteer import Gazetteer, KnownCommune
from geozones.geocode.geocode_settings import read_geocode_settings
from geozones.geocode.provider_chain import Geocoded, geocode
from geozones.territory.commune_limits import km_outside
from geozones.travel.estimate import crow_km
from geozones.workspace.imports.codes import disagreements, with_codes
from geozones.workspace.imports.list_reading import directory_of
from geozones.workspace.territory import Territory


class PlaceDoubtError(InputError):
    """A point cannot be the position of a lycée, unless the user insists."""

    def __init__(self, doubt: str) -> None:
        super().__init__(f"Position refusée : {doubt}.")


#: Largest distance of a place from the centre of its commune.
MAX_KM = 10.0


def _silent(_done: int, _total: int) -> None:
    """Ignore progress."""


def find_places(
    territory: Territory,
    queries: Sequence[PlaceQuery],
    providers: Sequence[str] | None = None,
    *,
    insist: bool = False,
    progress: Progress = _silent,
) -> Geocoded:
    """Geocode places with the given providers, by default the providers of the settings.

    Parameters
    ----------
    territory
        The lycées and communes that are known without a network.
    queries
        Known fields of each place; codes are read as in an import.
    providers
        Names, in the order to try them; by default the settings' providers.
    insist
        Whether to accept points that are outside their commune, or far from its centre.
    progress
        Called with (places done, total places).

    Raises
    ------
    InputError
        If a name is not a provider, or a setting is invalid.
    GeocoderError
        If every provider failed.
    """
    settings = read_geocode_settings()
    gazetteer = gazetteer_of(territory)
    names = settings.providers if providers is None else providers
    check = _passed if insist else _gate(territory, gazetteer)
    read, remarks = with_codes(queries, gazetteer)
    geocoded = geocode(read, names, settings, gazetteer, check, progress=progress)
    more = disagreements(read, (place.row for place in geocoded.located), gazetteer)
    every = sorted((*remarks, *more), key=lambda remark: remark.row)
    return replace(geocoded, remarks=tuple(every))


def gazetteer_of(territory: Territory) -> Gazetteer:
    """Return the lycées and communes that can be located without a network."""
    known = directory_of(territory).by_insee
    communes = {
        entry.code: KnownCommune(
            entry.code,
            entry.name,
            entry.departement,
            entry.lat,
            entry.lon,
            known[entry.code].former if entry.code in known else (),
        )
        for entry in territory.atlas.communes
    }
    return Gazetteer(territory.lycees, communes)


def _passed(_query: PlaceQuery, _located: Located) -> None:
    return None


def _gate(
    territory: Territory, gazetteer: Gazetteer
) -> Callable[[PlaceQuery, Located], str | None]:
    def check(query: PlaceQuery, located: Located) -> str | None:
        commune = gazetteer.commune_of(query)
        return place_doubt(
            territory, located.lat, located.lon, None if commune is None else commune.code
        )

    return check


def place_doubt(territory: Territory, lat: float, lon: float, insee: str | None) -> str | None:
    """Explain why a point cannot be in a commune, or in the territory if no commune is known.

    Return ``None`` if it can: inside the commune, and at most 10 km from its centre.
    """
    limits = territory.atlas.limits
    if insee is None or insee not in limits:
        inside = any(km_outside(shape, lat, lon) == 0 for shape in limits.values())
        return None if inside else "le point est hors du territoire"
    commune = next(entry for entry in territory.atlas.communes if entry.code == insee)
    outside = km_outside(limits[insee], lat, lon)
    if outside > 0:
        return (
            f"le point est hors de la commune {of(commune.name)}, à "
            f"{number(outside, 1)} km de sa limite"
        )
    km = crow_km((lat, lon), (commune.lat, commune.lon))
    if km > MAX_KM:
        return (
            f"le point est à {number(km, 1)} km du centre {of(commune.name)} "
            f"({MAX_KM:g} km au plus)"
        )
    return None
