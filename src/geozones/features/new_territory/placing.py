"""Places of a list's sites: coordinates, else address or commune, checked against one another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely

from geozones.common.errors import InputError
from geozones.common.french import listing, number, of, shortlist
from geozones.common.pacing import Progress, no_progress
from geozones.domain import Lycee
from geozones.domain.identifiers import (
    Scheme,
    departement_name,
    departement_of_insee,
    departement_of_postcode,
)
from geozones.domain.places import Located, PlaceQuery, Precision, Spot
from geozones.domain.terms import terms
from geozones.geocode import read_geocode_settings
from geozones.geocode.provider_chain import Gate, Gazetteer, KnownCommune, geocode
from geozones.intake.site_fields import part_of_france
from geozones.intake.site_list import SiteList, SiteRow, ids_of, scheme_of
from geozones.territory.commune_file import km_outside
from geozones.territory.shapes import APART_KM, groups_apart
from geozones.travel.engine import crow_km_table

#: A site this far from every commune of the file is at sea, or in a département that it lacks.
_OUTSIDE_KM = 10.0
#: Share of the sites that may be left out for such a reason; more, and the files do not agree.
_MOST_LEFT_OUT = 0.2
#: Fewest sites that say where a site is expected; a site this near to the others, or eight times
#: their usual distance, is among them; one this far, or twelve times, may be at the wrong place.
_FEWEST, _NEAR_KM, _LONELY_KM = 4, 60.0, 100.0
#: What was written wrong in the positions that are tried, in their order.
_WRONG = (
    "l'autre signe de la longitude",
    "l'autre signe de la latitude",
    "latitude et longitude échangées",
)
_NAMED = 3


def stated_departement(row: SiteRow) -> str:
    """Return the département of the codes of a row; empty if it has none."""
    return departement_of_insee(row.insee) or departement_of_postcode(row.postcode)


def outside(
    listed: SiteList, located: Mapping[int, Located], communes: gpd.GeoDataFrame
) -> dict[int, str]:
    """Return why sites far from communes are left out, by line; raise ``InputError`` if many."""
    lines = [row.line for row in listed.sites]
    at = shapely.points([(located[line].lon, located[line].lat) for line in lines])
    shapes = communes.geometry.to_numpy()
    nearest = shapely.STRtree(shapes).nearest(at)
    km = {
        line: km_outside(shapes[row], located[line].lat, located[line].lon)
        for line, row in zip(lines, nearest, strict=True)
    }
    far = {line: value for line, value in km.items() if value > _OUTSIDE_KM}
    if len(far) > _MOST_LEFT_OUT * len(lines):
        raise InputError(
            f"Ces communes ne vont pas avec cette liste : {terms().site.counted(len(far))} "
            f"sur {number(len(lines))} à plus de {number(_OUTSIDE_KM)} km de toute commune. "
            "Donnez celles de tous les départements, ou retirez --communes ou --in."
        )
    return {
        line: (
            f"le point est à {number(value)} km de toute commune : en mer, ou dans un département "
            "dont les communes manquent"
        )
        for line, value in far.items()
    }


def apart(listed: SiteList, located: Mapping[int, Located]) -> dict[int, str]:
    """Return why sites far from all others are left out, by line; raise ``InputError`` if many.

    Sites of a département overseas stay where the list says that département too.
    """
    lines = [row.line for row in listed.sites]
    if len(lines) < 3:
        return {}
    points = [(located[line].lat, located[line].lon) for line in lines]
    groups = groups_apart([(lon, lat) for lat, lon in points], APART_KM)
    main = max(groups, key=len)
    apart = [
        rank
        for group in groups
        if group is not main
        for rank in group
        if not _is_overseas(listed.sites[rank], points[rank])
    ]
    if len(apart) > _MOST_LEFT_OUT * len(lines):
        counts = listing([number(len(group)) for group in sorted(groups, key=len, reverse=True)])
        raise InputError(
            f"Ces {terms().site.plural} sont en {number(len(groups))} groupes ({counts}) à plus de "
            f"{number(APART_KM)} km les uns des autres : faites un territoire de chacun."
        )
    if not apart:
        return {}
    gaps = crow_km_table([points[rank] for rank in apart], [points[rank] for rank in main])
    return {
        lines[rank]: f"le point est à {number(float(gap))} km des autres : vérifiez ses coordonnées"
        for rank, gap in zip(apart, gaps.min(axis=1), strict=True)
    }


def _is_overseas(row: SiteRow, point: tuple[float, float]) -> bool:
    """Return whether a point is in the département overseas that its row states."""
    stated = row.departement or stated_departement(row)
    return bool(stated) and part_of_france(*point) == stated


def elsewhere(sites: Mapping[str, Lycee], rows: Mapping[str, SiteRow]) -> list[str]:
    """Return a remark on the sites whose point is in another département than their row says."""
    found = []
    for key, site in sites.items():
        stated = rows[key].departement or stated_departement(rows[key])
        overseas = stated.startswith("97") and site.departement.startswith("97")
        if stated and site.departement not in {stated, ""} and not overseas:
            where = f"{departement_name(site.departement)} au lieu {of(departement_name(stated))}"
            found.append(f"{site.name} ({where})")
    if not found:
        return []
    names = shortlist(found, _NAMED)
    what = f"Le point est dans un autre département que celui de la liste : {names}."
    return [f"{what} Vérifiez les positions."]


def at_one_point(sites: Mapping[str, Lycee]) -> list[str]:
    """Return a remark on the sites that share their point with another, as the list gives it."""
    by_point: dict[tuple[float, float], list[Lycee]] = {}
    placed = (site for site in sites.values() if site.precision != Precision.COMMUNE)
    for site in placed:
        by_point.setdefault((site.lat, site.lon), []).append(site)
    shared = [group for group in by_point.values() if len(group) > 1]
    if not shared:
        return []
    names = [listing([site.name for site in group[:_NAMED]]) for group in shared]
    return [f"Au même point : {' ; '.join(names[:_NAMED])}{' …' if len(names) > _NAMED else '.'}"]


@dataclass(frozen=True, slots=True)
class PositionDoubt:
    """Site far from all others, as a list places it, and where it would be among them."""

    line: int
    name: str
    km: float  # To the nearest of the others.
    spot: Spot | None = None  # The likely position; ``None`` if none is.
    by: str = ""  # What was written wrong, for that position.

    @property
    def sentence(self) -> str:
        """The doubt in French, and the likely position."""
        far = f"{self.name} (ligne {self.line}) est à {number(self.km)} km des autres"
        if self.spot is None:
            return f"{far} : vérifiez sa position."
        at = f"{number(self.spot.lat, 4)} ; {number(self.spot.lon, 4)}"
        return f"{far} ; avec {self.by}, sa position serait parmi eux ({at})."


def position_doubts(
    rows: Sequence[SiteRow], located: Mapping[int, tuple[float, float]]
) -> tuple[PositionDoubt, ...]:
    """Return the sites that stand apart from the others, by the latitude and longitude of lines.

    Where another sign or order of its degrees would put a site among the others, the doubt says so.
    Else a site is doubtful only if it is very far, alone or nearly, and not overseas as it says.
    """
    rows = [row for row in rows if row.line in located]
    points = [located[row.line] for row in rows]
    if len(points) < _FEWEST:
        return ()
    gaps = crow_km_table(points, points)
    np.fill_diagonal(gaps, np.inf)
    usual = float(np.median(gaps.min(axis=1)))
    near, far = max(_NEAR_KM, 8 * usual), max(_LONELY_KM, 12 * usual)
    main = max(groups_apart([(lon, lat) for lat, lon in points], near), key=len)
    if len(main) * 2 <= len(points):
        return ()
    others = [points[rank] for rank in main]
    doubts, alone = [], []
    for rank in sorted({*range(len(points))} - {*main}):
        row, (lat, lon) = rows[rank], points[rank]
        written = ((lat, -lon), (-lat, lon), (lon, lat))
        table = crow_km_table([(lat, lon), *written], others)
        km = table.min(axis=1)
        best = int(np.argmin(km[1:]))
        beside = rows[main[int(np.argmin(table[1 + best]))]]
        if km[1 + best] <= min(near, km[0] / 2) and _may_be_neighbours(row, beside):
            spot = Spot(*written[best])
            doubts.append(PositionDoubt(row.line, row.name, float(km[0]), spot, _WRONG[best]))
        elif km[0] > far and not _is_overseas(row, (lat, lon)):
            alone.append(PositionDoubt(row.line, row.name, float(km[0])))
    if len(alone) > _MOST_LEFT_OUT * len(points):
        alone = []  # a territory of several parts
    return tuple(sorted([*doubts, *alone], key=lambda doubt: doubt.line))


def _may_be_neighbours(one: SiteRow, other: SiteRow) -> bool:
    """Return whether two rows state the same département, where both state one."""
    return len({stated_departement(one), stated_departement(other)} - {""}) < 2


_FEW = 3


@dataclass(frozen=True)
class PlacedSites:
    """Sites with their positions and ids, and the rows of the list that they come from."""

    sites: Mapping[str, Lycee]  # The sites by id, in the order of the list.
    rows: Mapping[str, SiteRow]  # The row of each site, by id.
    listed: SiteList  # The list, with the rows that have no position left out.
    remarks: tuple[str, ...] = ()  # What was found out, in French sentences.
    doubts: tuple[PositionDoubt, ...] = ()  # Sites far from all others.

    @property
    def positions(self) -> dict[str, tuple[float, float]]:
        """Latitude and longitude of each site, by id."""
        return {key: (site.lat, site.lon) for key, site in self.sites.items()}


def place_sites(
    listed: SiteList,
    source: str,
    communes: gpd.GeoDataFrame | None = None,
    progress: Progress = no_progress,
    positions: Mapping[int, Spot] | None = None,
) -> PlacedSites:
    """Place the sites of a list; rows without a place, or with an impossible one, are left out.

    ``source`` is the name of the list, kept as the source of what it says of each site;
    ``communes`` (as `read_commune_file` or `France.communes` reads them) place sites without
    coordinates; ``positions`` are those that the user gives to some lines, in place of the list's.
    """
    given = positions_of(listed) | {
        line: (spot.lat, spot.lon) for line, spot in (positions or {}).items()
    }
    located = {
        site.line: Located("", *given[site.line], "liste", 1.0, Precision.ADDRESS, row=site.line)
        for site in listed.sites
        if site.line in given
    }
    remarks: list[str] = []
    missing = [site for site in listed.sites if site.line not in located]
    if missing:
        found, reasons = _geocoded(missing, communes, progress)
        located |= found
        listed = listed.without(reasons)
        at_mairie = communes is not None and "mairie" in communes
        remarks += _by_commune(found, listed, at_mairie=at_mairie)
    doubts = position_doubts(
        listed.sites, {line: (place.lat, place.lon) for line, place in located.items()}
    )
    if communes is not None:
        listed = listed.without(outside(listed, located, communes))
    listed = listed.without(apart(listed, located))
    _check_enough(listed)
    ids = ids_of(listed.sites)
    if communes is None:
        homes = {}
    else:
        lines = [row.line for row in listed.sites]
        at = shapely.points([(located[line].lon, located[line].lat) for line in lines])
        nearest = shapely.STRtree(communes.geometry.to_numpy()).nearest(at)
        known = list(_known_communes(communes).values())
        homes = {line: known[row] for line, row in zip(lines, nearest, strict=True)}
    sites = {
        ids[row.line]: _site(ids[row.line], row, located[row.line], homes.get(row.line), source)
        for row in listed.sites
    }
    rows = {ids[row.line]: row for row in listed.sites}
    remarks += [*at_one_point(sites), *elsewhere(sites, rows)]
    return PlacedSites(sites, rows, listed, tuple(remarks), doubts)


def positions_of(listed: SiteList) -> dict[int, tuple[float, float]]:
    """Return the latitude and the longitude of the rows that a list gives a position."""
    return {
        site.line: (site.lat, site.lon)
        for site in listed.sites
        if site.lat is not None and site.lon is not None
    }


def _geocoded(
    rows: Sequence[SiteRow], communes: gpd.GeoDataFrame | None, progress: Progress
) -> tuple[dict[int, Located], dict[int, str]]:
    """Return the positions that geocoders give, by line, and why others have none."""
    settings = read_geocode_settings()
    gazetteer = Gazetteer({}, _known_communes(communes))
    uai = {site.line for site in rows if site.code} if scheme_of(rows) is Scheme.UAI else set()
    queries = [
        PlaceQuery(
            id=row.code if row.line in uai else "",
            name=row.name,
            address=row.address,
            postcode=row.postcode,
            commune=row.commune,
            insee=row.insee,
            departement=row.departement,
            row=row.line,
        )
        for row in rows
    ]
    done = geocode(
        queries, settings.providers, settings, gazetteer, _gate(communes), progress=progress
    )
    advice = _ADVICE if communes is None else ""
    return (
        {place.row: place for place in done.located},
        {place.row: f"{_plain(place.why)}{advice}" for place in done.unlocated},
    )


#: What to do about places that are not found where no communes are known.
_ADVICE = (
    " ; ajoutez les colonnes latitude et longitude, ou, dans un terminal, donnez les communes "
    "(--communes ou --in)"
)


def _plain(why: str) -> str:
    """Return a reason without the name of the offline provider (``local``)."""
    return why.removeprefix("local : ")


def _known_communes(communes: gpd.GeoDataFrame | None) -> dict[str, KnownCommune]:
    if communes is None:
        return {}
    names = ["code", "nom", "departement", "lat", "lon"]
    if "anciens" in communes:
        names += ["anciens", "codes_postaux"]
    columns = (communes[name] for name in names)
    return {row[0]: KnownCommune(*row) for row in zip(*columns, strict=True)}


def _gate(communes: gpd.GeoDataFrame | None) -> Gate:
    """Return the check that a geocoder's position is in the commune of its row."""
    limits = {} if communes is None else dict(zip(communes["code"], communes.geometry, strict=True))

    def check(query: PlaceQuery, place: Located) -> str | None:
        shape = limits.get(query.insee)
        km = 0.0 if shape is None else km_outside(shape, place.lat, place.lon)
        return f"le point est à {number(km, 1)} km de la commune" if km else None

    return check


def _by_commune(located: Mapping[int, Located], listed: SiteList, *, at_mairie: bool) -> list[str]:
    """Return the remark on the sites that are at the mairie or the centre of their commune."""
    names = [
        site.name
        for site in listed.sites
        if site.line in located and located[site.line].precision is Precision.COMMUNE
    ]
    if not names:
        return []
    if at_mairie:
        placed = terms().site.counted(len(names))
        return [f"À la mairie de la commune, pas à l'adresse : {placed}."]
    return [f"Au centre de leur commune, faute d'adresse trouvée : {shortlist(names, _FEW)}."]


def _check_enough(listed: SiteList) -> None:
    """Raise ``InputError`` if the sites that are left are no territory."""
    site = terms().site
    if len(listed.sites) < 2:
        why = f" Première ligne écartée : {listed.left_out[0].reason}." if listed.left_out else ""
        raise InputError(
            f"Un territoire a au moins deux {site.plural} : il en reste {len(listed.sites)}.{why}"
        )


def _site(key: str, row: SiteRow, place: Located, home: KnownCommune | None, source: str) -> Lycee:
    return Lycee(
        id=key,
        name=row.name,
        published_name=row.name,
        kind=row.kind,
        address=row.address,
        postcode=row.postcode,
        commune=home.name if home else row.commune,
        insee=home.code if home else row.insee,
        departement=home.departement if home else _departement(row, place),
        lat=round(place.lat, 6),
        lon=round(place.lon, 6),
        precision=place.precision.value,
        source=source,
        pupils=row.size,
        pupils_source="" if row.size is None else source,
    )


def _departement(row: SiteRow, place: Located) -> str:
    """Return the row's département, else its overseas point's, else (in France) its codes'."""
    part = part_of_france(place.lat, place.lon)
    if row.departement or part is None:
        return row.departement
    return part or stated_departement(row)
