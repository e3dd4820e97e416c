"""Positions of a list's lycées that the data folder lacks, and their location overrides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from geozones.domain import Lycee
from geozones.domain.places import LocationOverrides, PlaceQuery, Precision
from geozones.intake.import_report import Accepted
from geozones.workspace.imports.geocoding import find_places, place_doubt
from geozones.workspace.imports.listed_plan import ListedPlan
from geozones.workspace.territory import Territory

_OF_LIST = "liste"


@dataclass(frozen=True, slots=True)
class ListedPlace:
    """A lycée that a list adds, with its position (WGS84 degrees), precision and source.

    ``why`` explains a poor precision: refused coordinates, an unknown address.
    """

    row: Accepted
    lat: float
    lon: float
    precision: Precision
    provider: str
    why: str = ""


def places_of(
    territory: Territory, rows: Sequence[Accepted], providers: Sequence[str] | None = None
) -> tuple[ListedPlace, ...]:
    """Locate the lycées that a list adds.

    Coordinates in the list are used if they are plausible; the geocoding providers locate the other
    lycées (by default the settings' providers; as shipped, without a network). A lycée that no
    provider locates is put at the centre of its commune.

    Raises
    ------
    InputError
        If a provider's name or a setting is invalid.
    GeocoderError
        If every provider failed.
    """
    doubts = {row.id: place_doubt(territory, *row.point, row.insee) for row in rows if row.point}
    asked = [row for row in rows if row.point is None or doubts[row.id]]
    queries = [
        PlaceQuery(row.id, row.name, row.address, row.postcode, row.commune, row.insee, row.row)
        for row in asked
    ]
    geocoded = find_places(territory, queries, providers) if queries else None
    located = {} if geocoded is None else {place.row: place for place in geocoded.located}
    refused = {} if geocoded is None else {place.row: place.why for place in geocoded.unlocated}
    centres = {entry.code: (entry.lat, entry.lon) for entry in territory.atlas.communes}
    places = []
    for row in rows:
        doubt = doubts.get(row.id)
        if row.point is not None and doubt is None:
            places.append(ListedPlace(row, *row.point, Precision.ADDRESS, _OF_LIST))
            continue
        why = f"coordonnées de la liste refusées : {doubt}" if doubt else ""
        if row.row in located:
            place = located[row.row]
            places.append(
                ListedPlace(row, place.lat, place.lon, place.precision, place.provider, why)
            )
        else:
            lat, lon = centres[row.insee]
            reason = why or refused.get(row.row, "")
            places.append(ListedPlace(row, lat, lon, Precision.COMMUNE, "local", reason))
    return tuple(places)


def changes_of(
    territory: Territory, listed: ListedPlan, places: Sequence[ListedPlace]
) -> LocationOverrides:
    """Return the location overrides of a list's plan: lycées added, renamed, left out.

    ``territory`` is the territory that the list was compared with; its overrides are kept.
    """
    home, before = territory.atlas.lycees, territory.overrides
    own: dict[str, Lycee] = {lycee.id: lycee for lycee in before.lycees}
    own |= {place.row.id: _lycee(place) for place in places}
    for renamed in listed.renamed:
        own[renamed.lycee] = replace(
            own.get(renamed.lycee, territory.lycees[renamed.lycee]), name=renamed.after
        )
    members = set(listed.plan.zone_by_lycee)
    return LocationOverrides(
        tuple(own[key] for key in sorted(own) if key in members),
        tuple((key, spot) for key, spot in before.spots if key in members),
        frozenset(home) - members,
    )


def _lycee(place: ListedPlace) -> Lycee:
    row = place.row
    return Lycee(
        id=row.id,
        name=row.name,
        published_name=row.printed,
        kind="non publié",
        address=row.address,
        postcode=row.postcode,
        commune=row.commune,
        insee=row.insee,
        departement=row.departement,
        lat=place.lat,
        lon=place.lon,
        associated_uais=row.codes[1:],
        precision=place.precision.value,
        source=f"Liste importée ; position : {place.provider}",
    )


@dataclass(frozen=True)
class Quality:
    """Doubtful lycées of a plan, as ids.

    ``twins`` are groups of lycées at the same point or with the same name and commune.
    """

    lycees: int
    provisional: tuple[str, ...]
    imprecise: tuple[str, ...]
    twins: tuple[tuple[str, ...], ...]


def quality(lycees: Mapping[str, Lycee]) -> Quality:
    """Return the doubtful lycées of a territory."""
    groups: dict[object, list[str]] = {}
    for key, lycee in sorted(lycees.items()):
        groups.setdefault((round(lycee.lat, 5), round(lycee.lon, 5)), []).append(key)
        groups.setdefault((lycee.name.casefold(), lycee.insee), []).append(key)
    good = {Precision.ADDRESS.value, Precision.MANUAL.value}
    return Quality(
        len(lycees),
        tuple(key for key in sorted(lycees) if key.startswith("X")),
        tuple(key for key in sorted(lycees) if lycees[key].precision not in good),
        tuple(dict.fromkeys(tuple(keys) for keys in groups.values() if len(keys) > 1)),
    )
