"""Places found by geocoders, and checked against communes: codes read, doubts told."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from geozones.common.errors import InputError
from geozones.common.french import number, of
from geozones.common.pacing import Progress, no_progress
from geozones.domain.identifiers import is_temporary
from geozones.domain.places import Located, PlaceQuery, Remark
from geozones.geocode import read_geocode_settings
from geozones.geocode.provider_chain import Gazetteer, Geocoded, KnownCommune, geocode
from geozones.intake.directory import Directory, read_directory
from geozones.intake.site_fields import CodeReading, read_code
from geozones.territory.commune_file import km_outside
from geozones.travel.engine import crow_km
from geozones.workspace.folder.territory import Territory


def directory_of(territory: Territory) -> Directory:
    """Return the directory that lists are matched against; raise ``DataFileError``."""
    return read_directory(territory.atlas.data.path, territory.lycees)


def with_codes(
    queries: Sequence[PlaceQuery], gazetteer: Gazetteer
) -> tuple[tuple[PlaceQuery, ...], tuple[Remark, ...]]:
    """Return the places with their codes read, and remarks on doubtful codes.

    A provisional key (« X53-… ») and an unreadable code stay as they are.
    """
    known = gazetteer.codes
    read, remarks = [], []
    for query in queries:
        if not query.id or query.id in known or is_temporary(query.id):
            read.append(query)
            continue
        code = read_code(query.id, known)
        read.append(replace(query, id=code.uai or query.id))
        printed = code.printed[:40]
        if code.reading is CodeReading.UNREADABLE:
            what = (
                f"le code « {printed} » est illisible ou sa lettre-clé est fausse : il n'est pas "
                "employé ; corrigez-le."
            )
        elif code.star:
            what = (
                f"« {printed} » : l'étoile marque un autre site de l'établissement {code.uai}. Sa "
                "position est peut-être celle du site principal : vérifiez-la."
            )
        elif code.reading is CodeReading.REPAIRED:
            what = f"le code « {printed} » est lu {code.uai}, seule lecture possible : vérifiez-le."
        else:
            what = ""
        if what:
            remarks.append(Remark(query.row, what))
    return tuple(read), tuple(remarks)


def disagreements(
    queries: Iterable[PlaceQuery], rows: Iterable[int], gazetteer: Gazetteer
) -> tuple[Remark, ...]:
    """Return a remark for each place whose code belongs to a lycée of another commune.

    Only the places of some ``rows`` (lines of the list) are checked.
    """
    wanted = set(rows)
    elsewhere = ((query, gazetteer.elsewhere(query)) for query in queries if query.row in wanted)
    return tuple(
        Remark(
            query.row,
            f"le code {query.id} est celui {of(lycee.name)} ({lycee.commune}), et la ligne donne "
            f"« {query.commune[:60] or query.insee[:5]} » : vérifiez le code ou la commune.",
        )
        for query, lycee in elsewhere
        if lycee is not None
    )


class PlaceDoubtError(InputError):
    """A point cannot be the position of a lycée, unless the user insists."""

    def __init__(self, doubt: str) -> None:
        super().__init__(f"Position refusée : {doubt}.")


#: Largest distance of a place from the centre of its commune.
MAX_KM = 10.0


def find_places(
    territory: Territory,
    queries: Sequence[PlaceQuery],
    providers: Sequence[str] | None = None,
    *,
    insist: bool = False,
    progress: Progress = no_progress,
) -> Geocoded:
    """Geocode places with the given providers, by default those of the settings, in their order.

    With ``insist``, points outside their commune or far from its centre are accepted.
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
    if not limits:
        return None
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
