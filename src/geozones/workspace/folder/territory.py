"""The atlas with the locations of a scenario: positions of the lycées, the land of each, names.

A name that people type is found whatever its case, accents and apostrophes, and with one wrong
letter.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property, lru_cache
from typing import Any, SupportsIndex

import numpy as np
from rapidfuzz.distance import Levenshtein
from shapely import STRtree, total_bounds
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from geozones.common.errors import DataFileError, InputError, shortened
from geozones.common.french import folded, listing
from geozones.domain import Lycee, Origin, Plan
from geozones.domain.identifiers import commune_place
from geozones.domain.places import LocationOverrides
from geozones.domain.plan import plan_of
from geozones.domain.terms import terms
from geozones.domain.zone_names import ZoneNames
from geozones.jobs.pickling import WithoutCaches
from geozones.render import Palette
from geozones.territory.borders import Corners, corners_of, rounded
from geozones.territory.land import Land, communes_near, land_of
from geozones.territory.shapes import APART_KM, adjacency, dissolve, groups_apart
from geozones.travel.engine import Positions, crow_km
from geozones.workspace.folder.atlas import Atlas
from geozones.workspace.folder.drives import Drives

_log = logging.getLogger(__name__)
#: Degrees of longitude above which a territory may have parts overseas: metropolitan France has 15.
_WIDE = 16.0

type Cells = Mapping[str, BaseGeometry]
type Neighbours = Mapping[str, frozenset[str]]


@dataclass(frozen=True, eq=False)
class Territory(WithoutCaches):
    """Lycées, their positions and their land; independent of any plan's evaluation."""

    atlas: Atlas  # The data folder.
    #: The scenario's changes of location; empty for the data folder's own locations.
    overrides: LocationOverrides
    lycees: Mapping[str, Lycee]  # The lycées by id, including those that the scenario adds.
    #: The shipped plan without the lycées that the scenario leaves out: the baseline of a plan's
    #: changes.
    plan: Plan
    drives: Drives  # Minutes at free-flow speed.
    cells: Cells  # The land of each lycée (WGS84), and the lycées whose land touches it.
    neighbours: Neighbours

    def __reduce_ex__(self, protocol: SupportsIndex) -> str | tuple[Any, ...]:
        same = territory_of(self.atlas) is self
        return (territory_of, (self.atlas,)) if same else super().__reduce_ex__(protocol)

    @property
    def home(self) -> "Territory":
        """The territory of the data folder alone."""
        return territory_of(self.atlas)

    def relocated(self, overrides: LocationOverrides) -> "Territory":
        """Return the territory with a scenario's locations instead; raises as `territory_of`."""
        return territory_of(self.atlas, overrides)

    @property
    def is_shipped(self) -> bool:
        """Whether the lycées and their positions are exactly the data folder's."""
        return self.cells is self.atlas.cells

    @property
    def positions(self) -> Positions:
        """Latitude and longitude of each lycée (id), in degrees."""
        return self.drives.lycees

    def name(self, lycee_id: str) -> str:
        """Return the name of a lycée in a sentence (see `Lycee.label`)."""
        return self.lycees[lycee_id].label

    def printed_name(self, lycee_id: str) -> tuple[str, str] | None:
        """Return the printed name of a lycée and its source, if it differs from its name here."""
        lycee = self.lycees[lycee_id]
        if lycee.published_name in {"", lycee.name}:
            return None
        shipped = self.atlas.plan
        if lycee_id not in shipped.zone_by_lycee:
            return lycee.published_name, "dans la liste"
        drawn = shipped.sector_of(lycee_id).origin is Origin.TOOL
        where = "dans l'annuaire" if self.atlas.data.has_directory else "dans la liste"
        return lycee.published_name, where if drawn else "dans le document"

    @cached_property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east and north of the territory, in degrees; of its largest part if wide.

        With départements overseas, the bounds of the whole would show a globe.
        """
        west, south, east, north = total_bounds(list(self.cells.values())).tolist()
        if east - west > _WIDE:
            cells = list(self.cells.values())
            points = [(cell.centroid.x, cell.centroid.y) for cell in cells]
            west, south, east, north = total_bounds(
                [cells[rank] for rank in max(groups_apart(points, APART_KM), key=len)]
            ).tolist()
        return west, south, east, north

    def shape(self, lycees: Iterable[str]) -> BaseGeometry:
        """Return the union of the cells of some lycées (WGS84)."""
        return _union(self, tuple(sorted(lycees)))

    def zone_shapes(self, plan: Plan) -> Mapping[str, BaseGeometry]:
        """Return the land of each zone (id) of a plan, its corners inside communes rounded."""
        return _zone_shapes(self, plan)

    @cached_property
    def corners(self) -> Corners:
        """Where borders bend inside communes; none where the communes cannot be read."""
        try:
            communes = list(self.atlas.limits.values())
        except DataFileError as error:
            _log.warning("%s", error)
            return Corners({}, 1.0)
        return corners_of(self.cells, self.positions, communes)

    @cached_property
    def _tree(self) -> tuple[STRtree, tuple[str, ...]]:
        return STRtree(list(self.cells.values())), tuple(self.cells)

    @cached_property
    def lycee_by_commune(self) -> Mapping[str, str]:
        """The lycée (id) whose land has the middle of each commune (code)."""
        tree, ids = self._tree
        communes = self.atlas.communes
        middles = [Point(each.lon, each.lat) for each in communes]
        pairs = zip(*tree.query(middles, predicate="intersects").tolist(), strict=True)
        return {communes[row].code: ids[cell] for row, cell in pairs}

    def sectors_changed(self, after: "Territory", plan: Plan) -> Mapping[str, tuple[str, ...]]:
        """Return the communes whose land another territory gives to another sector of a plan.

        They are names, by the sector (id) that gets them.
        """
        changed: dict[str, list[str]] = {}
        names = {each.code: each.name for each in self.atlas.communes}
        for code, lycee in after.lycee_by_commune.items():
            before = self.lycee_by_commune.get(code, lycee)
            sector = plan.sector_of(lycee).id
            if plan.sector_of(before).id != sector:
                changed.setdefault(sector, []).append(names[code])
        return {sector: tuple(sorted(communes)) for sector, communes in changed.items()}

    def zone_at(self, plan: Plan, lat: float, lon: float) -> str:
        """Return the zone (id) at a point."""
        tree, ids = self._tree
        touched = tree.query(Point(lon, lat), predicate="intersects")
        if len(touched) == 0:
            where = f"déposez {terms().site.the} à l'intérieur du territoire"
            raise InputError(f"Ce point n'est dans aucune zone : {where}.")
        return plan.zone_by_lycee[ids[int(touched[0])]]

    def palette(self, plan: Plan) -> Palette:
        """Return the colours of a plan: the shipped plan's, with as few changes as possible."""
        return _palette(self, plan)

    def colour(self, plan: Plan, zone_id: str) -> str:
        """Return the colour of a zone (id), ``#rrggbb``, distinct from the adjacent zones' colours.

        A zone of the shipped plan keeps its colour, whatever is added or moved elsewhere.
        """
        return self.palette(plan).zone[zone_id]

    @cached_property
    def _zone_names(self) -> ZoneNames:
        return ZoneNames({**self.atlas.lycees, **self.lycees}, self.atlas.plan)

    def named(self, plan: Plan) -> Plan:
        """Return a plan with the name that each zone shows: its own while it is true."""
        return self._zone_names.shown(plan)

    def held(self, plan: Plan) -> Plan:
        """Return a plan without the lycées that this territory lacks."""
        stay = {key: zone_id for key, zone_id in plan.zone_by_lycee.items() if key in self.lycees}
        if len(stay) == len(plan.zone_by_lycee):
            return plan
        return plan_of(plan.sectors, plan.zones, stay)


#: A lycée this near to its place in the data is reached by the same roads from other communes.
NEAR_KM = 5.0


def territory_of(atlas: Atlas, overrides: LocationOverrides | None = None) -> Territory:
    """Return the territory of an atlas, with a scenario's locations if given.

    Drives of moved or added lycées come from the engines of the settings; cells are recomputed.
    """
    return _territory(atlas, overrides or LocationOverrides())


@lru_cache(maxsize=64)
def _territory(atlas: Atlas, overrides: LocationOverrides) -> Territory:
    if not overrides:
        everything = (atlas.lycees, atlas.plan, atlas.drives, atlas.cells, atlas.neighbours)
        return Territory(atlas, overrides, *everything)
    lycees = overrides.apply_to(atlas.lycees)
    plan = atlas.plan
    if overrides.excluded:
        stay = {
            k: zone_id for k, zone_id in plan.zone_by_lycee.items() if k not in overrides.excluded
        }
        plan = plan_of(plan.sectors, plan.zones, stay)
    positions = tuple((key, (lycee.lat, lycee.lon)) for key, lycee in lycees.items())
    return Territory(atlas, overrides, lycees, plan, *_relocated(atlas, positions))


@lru_cache(maxsize=16)
def _relocated(
    atlas: Atlas, positions: tuple[tuple[str, tuple[float, float]], ...]
) -> tuple[Drives, Cells, Neighbours]:
    """Return drives, cells and neighbours, which depend only on positions, not on names."""
    lycees = dict(positions)
    if lycees == atlas.drives.lycees:
        return atlas.drives, atlas.cells, atlas.neighbours
    drives = atlas.drives.relocated(lycees)
    try:
        land = _land(atlas, drives)
    except ValueError as error:
        raise InputError(
            f"Le territoire des {terms().site.plural} n'a pas pu être recalculé. Annulez la "
            "dernière correction, ou déplacez-la un peu."
        ) from error
    cells = dict(zip(land.cells["id"], land.cells.geometry, strict=True))
    return drives, cells, adjacency(cells)


def _land(atlas: Atlas, drives: Drives) -> Land:
    """Return the land of sites at the positions of some drives; raises ``ValueError``."""
    frame = atlas.commune_frame
    if frame.empty:
        return land_of(drives.lycees)
    frame = communes_near({**atlas.drives.lycees, **drives.lycees}, frame)
    rows = tuple(map(commune_place, frame["code"]))
    # the minutes from communes to lycées, float[commune, lycee]. Estimates do not compete with
    # minutes by road: a lycée that is still near its place in the data keeps the minutes from
    # there, and so its land
    times = drives.from_communes.restricted(rows, tuple(drives.lycees))
    minutes = np.array(times.minutes)
    for rank, (lycee, place) in enumerate(drives.lycees.items()):
        first = atlas.drives.lycees.get(lycee, place)
        if first != place and crow_km(first, place) <= NEAR_KM and times.estimated[:, rank].all():
            own = atlas.drives.from_communes.restricted(rows, (lycee,))
            minutes[:, rank] = own.minutes[:, 0]
    return land_of(drives.lycees, frame, minutes, atlas.rivers)


@lru_cache(maxsize=2048)
def _union(territory: Territory, lycees: tuple[str, ...]) -> BaseGeometry:
    return dissolve(territory.cells, lycees)


@lru_cache(maxsize=128)
def _zone_shapes(territory: Territory, plan: Plan) -> Mapping[str, BaseGeometry]:
    held = {zone.id: plan.members(zone.id) for zone in plan.zones}
    areas = {zone: territory.shape(members) for zone, members in held.items() if members}
    return rounded(areas, territory.corners)


@lru_cache(maxsize=128)
def _palette(territory: Territory, plan: Plan) -> Palette:
    atlas = territory.atlas
    return atlas.palette.after(territory.plan, plan, territory.neighbours)


#: Fewest letters of a name in which one letter may be wrong.
_LONG_ENOUGH = 4
#: Likeness, from 0 to 1, above which a name is suggested; most names suggested.
_LIKELY, _SHOWN = 0.7, 4
#: First words that say what is named.
_KINDS = ("lycee ", "zone ", "secteur ", "commune ")


@dataclass(frozen=True, slots=True)
class NamedCode:
    """Code of a thing, its name, and the other ways of writing it."""

    code: str
    name: str
    others: tuple[str, ...] = ()

    @property
    def spellings(self) -> set[str]:
        """Every folded way of writing it."""
        return {_bare(text) for text in (self.code, self.name, *self.others)}


def lycee_named(territory: Territory, text: str) -> str:
    """Return the id of the lycée that a text names; the text itself if none is like it.

    Raise ``InputError`` with the likeliest names where none, or several, are meant.
    """
    return _resolved(text, _lycees(territory))


def zone_named(territory: Territory, plan: Plan, text: str) -> str:
    """Return the id of the zone that a text names, as `lycee_named`.

    The whole name of a lycée stands for its zone, unless it is the name of another zone.
    """
    zones, asked = [NamedCode(zone.id, zone.name) for zone in plan.zones], _bare(text)
    if not any(asked in zone.spellings for zone in zones):
        lycees = [lycee.code for lycee in _lycees(territory) if asked in lycee.spellings]
        if len(lycees) == 1 and lycees[0] in plan.zone_by_lycee:
            return plan.zone_by_lycee[lycees[0]]
    return _resolved(text, zones)


def sector_named(plan: Plan, text: str) -> str:
    """Return the id of the sector that a text names, as `lycee_named`."""
    return _resolved(text, [NamedCode(sector.id, sector.name) for sector in plan.sectors])


def place_named(territory: Territory, text: str) -> str:
    """Return the lycée or the commune (``commune:CODE``) that a text names, as `lycee_named`.

    A position stays as it is written.
    """
    if not any(sign.isalpha() for sign in text):
        return text
    communes = (
        NamedCode(entry.place, entry.name, (f"{entry.name} ({entry.departement})",))
        for entry in territory.atlas.communes
    )
    return _resolved(text, [*_lycees(territory), *communes])


def _lycees(territory: Territory) -> Iterator[NamedCode]:
    for lycee in territory.lycees.values():
        others = (lycee.name, lycee.published_name, *lycee.associated_uais)
        yield NamedCode(lycee.id, territory.name(lycee.id), others)


def _resolved(text: str, named: Iterable[NamedCode]) -> str:
    """Return the code that a text names; raise ``InputError`` where names are near.

    The very name comes first, then the name with one wrong letter, then names that hold each word,
    then those that hold each word with one wrong letter.
    """
    known = list(named)
    if any(each.code == text for each in known):
        return text
    asked = _bare(text)
    spelled = [(each, each.spellings) for each in known]
    for fits in (str.__eq__, _one_letter_apart, _holds, _nearly_holds):
        found = [each for each, ways in spelled if any(fits(asked, way) for way in ways)]
        if len(found) == 1:
            return found[0].code
        if found:
            raise InputError(f"« {shortened(text)} » désigne plusieurs lieux : {_or(found)}")
    # the names that a text is like, the likeliest first
    matcher = SequenceMatcher()
    matcher.set_seq2(asked)
    scored = []
    for rank, (each, ways) in enumerate(spelled):
        best = 0.0
        for way in ways:
            matcher.set_seq1(way)
            if matcher.real_quick_ratio() >= _LIKELY and matcher.quick_ratio() >= _LIKELY:
                best = max(best, matcher.ratio())
        if best >= _LIKELY:
            scored.append((-best, rank, each))
    near = [each for *_, each in sorted(scored, key=lambda entry: entry[:2])[:_SHOWN]]
    if near:
        raise InputError(f"« {shortened(text)} » n'est pas connu : {_or(near)}")
    return text


def _bare(text: str) -> str:
    """Fold a text, without the word that says its kind."""
    plain = folded(text)
    for kind in _KINDS:
        plain = plain.removeprefix(kind)
    return plain


def _one_letter_apart(one: str, other: str) -> bool:
    """Tell whether a letter is wrong, missing or too many; never where a digit is: it is a code."""
    if len(one) < _LONG_ENOUGH or any(sign.isdecimal() for sign in one):
        return False
    return Levenshtein.distance(one, other, score_cutoff=1) <= 1


def _holds(asked: str, spelling: str) -> bool:
    return bool(asked) and {*asked.split()} <= {*spelling.split()}


def _nearly_holds(asked: str, spelling: str) -> bool:
    """Tell whether a name contains each word, with at most one wrong letter."""
    there = spelling.split()
    return bool(asked) and all(
        any(word == each or _one_letter_apart(word, each) for each in there)
        for word in asked.split()
    )


def _or(named: list[NamedCode]) -> str:
    names = [f"{each.name} ({each.code})" for each in named[:_SHOWN]]
    return f"vouliez-vous dire {listing(names, 'ou')} ?"
