"""Where the lycées of a list are that the data folder has not, and what a plan needs of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from geozones.domain import Lycee
from geozones.domain.places import PlaceChanges, PlaceQuery, Precision
from geozones.intake.report import Accepted
from geozones.workspace.geocoding import find_places, place_doubt
from geozones.workspace.lists import ListedPlan

if TYPE_CHECKING:
    from geozones.workspace.core import Workspace

_OF_LIST = "liste"


@dataclass(frozen=True, slots=True)
class ListedPlace:
    """A lycée that a list adds, and its place: WGS84 degrees, how precise, who says so.

    ``why`` says what was not as hoped: coordinates refused, an address not found.
    """

    row: Accepted
    lat: float
    lon: float
    precision: Precision
    provider: str
    why: str = ""


def places_of(
    workspace: "Workspace", rows: Sequence[Accepted], providers: Sequence[str] | None = None
) -> tuple[ListedPlace, ...]:
    """Place the lycées that a list adds.

    Coordinates that the list gives are taken where they can be right; others are asked of the
    geocoding providers (those of the settings by default: no network), then the centre of the
    commune stands for what is not found.

    Raises
    ------
    InputError
        If a provider's name or a setting has no meaning.
    GeocoderError
        If every provider failed.
    """
    doubts = {row.id: place_doubt(workspace, *row.point, row.insee) for row in rows if row.point}
    asked = [row for row in rows if row.point is None or doubts[row.id]]
    queries = [
        PlaceQuery(row.id, row.name, row.address, row.postcode, row.commune, row.insee, row.row)
        for row in asked
    ]
    found = find_places(workspace, queries, providers) if queries else None
    located = {} if found is None else {place.row: place for place in found.located}
    refused = {} if found is None else {place.row: place.why for place in found.unlocated}
    centres = {entry.code: (entry.lat, entry.lon) for entry in workspace.communes}
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
            said = why or refused.get(row.row, "")
            places.append(ListedPlace(row, lat, lon, Precision.COMMUNE, "local", said))
    return tuple(places)


def changes_of(
    workspace: "Workspace", listed: ListedPlan, places: Sequence[ListedPlace]
) -> PlaceChanges:
    """Return what the plan of a list needs beside the data folder: added, renamed, left out.

    ``workspace`` is the territory that the list was compared with; what it says of places is kept.
    """
    home, before = workspace.home.lycees, workspace.places
    own: dict[str, Lycee] = {lycee.id: lycee for lycee in before.lycees}
    own |= {place.row.id: _lycee(place) for place in places}
    for renamed in listed.renamed:
        own[renamed.lycee] = replace(
            own.get(renamed.lycee, workspace.lycees[renamed.lycee]), name=renamed.after
        )
    members = set(listed.plan.zone_by_lycee)
    return PlaceChanges(
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
    """What is to look into among the lycées of a plan, each as ids.

    ``twins`` are groups of lycées at the same point or under the same name and commune.
    """

    lycees: int
    provisional: tuple[str, ...]
    imprecise: tuple[str, ...]
    twins: tuple[tuple[str, ...], ...]


def quality(lycees: Mapping[str, Lycee]) -> Quality:
    """Return what is doubtful about the lycées of a territory."""
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
