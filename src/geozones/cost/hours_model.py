"""Cost models of zones for many candidates: hours, posts, zones of two posts, best of centres.

In draws, minutes and hypotheses both vary. Posts are a decision: they do not vary between draws,
nor does the unmet need counted in the cost. The need that each draw would leave unmet is a separate
figure: it depends on how full the posts are (needs are rounded up to tens of half-days), hardly on
the zones.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from itertools import combinations
from math import isfinite
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from geozones.cost.closed_form import Zones, activity_of, unmet_needs, whole_posts
from geozones.cost.cover_table import CoverTable, RatedTable, rated_table, table_of
from geozones.cost.items import ITEMS, Figure, Hypotheses, Part, hypotheses_of
from geozones.cost.zone_cost import UNREACHABLE_MIN, Roads, ZoneCase
from geozones.domain import Settings, TravelTimes
from geozones.domain.teams import SLOTS
from geozones.domain.times import Floats
from geozones.domain.yearly_cost import ZoneCostDraws


@dataclass(frozen=True)
class PostsModel:
    """Whole full-time T.I.P. posts: the needs of the zone over ten half-days, rounded up."""

    key: ClassVar[str] = "posts"

    needs: Mapping[str, int] = field(hash=False)  # Half-days a week by lycée (id).
    #: Number of posts by zone (ids of its lycées, sorted), where it differs from this rule.
    staffed: Mapping[tuple[str, ...], int] = field(default_factory=dict, hash=False)

    def on(self, lycees: tuple[str, ...]) -> "ZonePosts":
        """Return the posts of zones of these lycées (ids), numbered in their order."""
        number = {key: rank for rank, key in enumerate(lycees)}
        staffed = [
            (np.array(sorted(number[key] for key in zone)), count)
            for zone, count in self.staffed.items()
            if number.keys() >= set(zone)
        ]
        return ZonePosts(np.array([float(self.needs[key]) for key in lycees]), staffed)

    def restricted(self, lycees: Sequence[str]) -> "PostsModel":
        """Return the model over some lycées (ids) only."""
        return replace(self, needs={key: self.needs[key] for key in lycees})


@dataclass(frozen=True, eq=False)
class ZonePosts:
    """Posts of zones of numbered lycées; ``needs`` is ``float[n]``."""

    needs: Floats
    staffed: Sequence[tuple[NDArray[np.intp], int]] = ()

    def of(self, members: NDArray[np.uint16]) -> Floats:
        """Return the posts of some zones (``uint16[zone, k]``), ``float[zone]``."""
        return self.of_columns(members.T)

    def of_columns(self, columns: NDArray[np.integer]) -> Floats:
        """Return the posts of some zones, given as ``int[k, zone]``."""
        posts = whole_posts(self.needs[columns])
        for members, count in self.staffed:
            if len(members) == len(columns):
                posts[(columns == members[:, None]).all(axis=0)] = count
        return posts


#: Standard deviation of the logarithm of the need of a lycée: eight cases in ten are within an
#: eighth. It is a hypothesis of this tool.
NEEDS_SPREAD = 0.1
#: Posts of a zone in which one absence leaves one person: a fragility.
TWO_POSTS = 2


#: Zones computed together: arrays of this size fit in a processor's cache.
_CHUNK = 8192
#: No centre, in arrays of centres. It is also the last row of the visits.
NONE = -1
#: Number of rows of visits if lycées have one centre at most.
_ONE_CENTRE = 2


@dataclass(frozen=True, eq=False)
class HoursModel:
    """Yearly hours of any zone, in closed form: road, weighted absences, needs without a post."""

    key: ClassVar[str] = "hours"

    needs: Mapping[str, int]  # Half-days a week by lycée (id).
    times: TravelTimes  # Drives between lycées.
    #: The support centre (a lycée id) of the sector of each lycée; ``None`` or missing where it is
    #: not published: T.I.S. are then ignored. In a zone of lycées of several sectors, all are
    #: visited from the centre of most of them (of the first, by id, if equal).
    centres: Mapping[str, str | None] = field(default_factory=dict)
    settings: Settings = field(default_factory=Settings)
    #: Whether the drives of T.I.S. count, to choose support centres; the yearly cost leaves them
    #: out.
    tis: bool = False
    #: Zones (ids of their lycées, sorted) whose posts are not as many as their needs fill, and how
    #: many full-time ones they are.
    staffed: Mapping[tuple[str, ...], int] = field(default_factory=dict)
    #: How many T.I.S. the sector of each lycée has, if they replace absent T.I.P.; 1 if missing.
    technicians: Mapping[str, int] = field(default_factory=dict)

    def on(self, lycees: tuple[str, ...]) -> "ZoneHours":
        """Return the hours of zones of these lycées (ids), numbered in their order."""
        return ZoneHours(self, lycees)

    def restricted(self, lycees: Sequence[str]) -> "HoursModel":
        """Return the model over some lycées (ids) only, and their support centres."""
        centres = {key: self.centres.get(key) for key in lycees}
        known = sorted({*lycees, *(centre for centre in centres.values() if centre is not None)})
        needs = {key: self.needs[key] for key in lycees}
        return replace(
            self, needs=needs, times=self.times.restricted(known, known), centres=centres
        )


@dataclass(frozen=True, eq=False)
class HoursParts:
    """Yearly hours of zones, ``float[zone]`` each."""

    road: Floats  # On the road; ``inf`` if a pair of lycées is unreachable.
    beside: Floats  # The rest of the total: hours without technician, weighted, and needs unmet.
    unattended: Floats  # Hours without technician, unweighted.
    missed: Floats
    posts: Floats  # Whole posts.


@dataclass(frozen=True, eq=False)
class Drawn:
    """Drawn hypotheses of some zones, and multipliers of their needs and drives."""

    hypotheses: Hypotheses  # Hypotheses and table of each zone, ``float[zone]``.
    table: RatedTable
    #: Multipliers of each lycée's need and drive from the support centre, ``float[k, zone]``.
    needs: Floats
    centre: Floats


class ZoneHours:
    """Hours of zones of numbered lycées.

    ``centres`` are the support centres (lycée ids) of their visits, by rank.
    """

    def __init__(self, model: HoursModel, lycees: tuple[str, ...]) -> None:
        self._settings, self._tis = model.settings, model.tis
        self._needs = np.array([float(model.needs[key]) for key in lycees])
        one_way = model.times.restricted(lycees, lycees).minutes
        minutes = np.where(np.isnan(one_way), np.inf, one_way)
        self._minutes = np.ascontiguousarray(minutes + minutes.T)
        self._posts = PostsModel(model.needs, model.staffed).on(lycees)
        own = [model.centres.get(key) for key in lycees]
        centres = sorted({centre for centre in own if centre is not None})
        self.centres = tuple(centres)
        rank = {centre: number for number, centre in enumerate(centres)}
        self._centre = np.array([NONE if centre is None else rank[centre] for centre in own])
        # float[centre, lycée], there and back; 0 in the last row, for no centre
        visits = [[visit_minutes(model.times, centre, key) for key in lycees] for centre in centres]
        self._visits = np.array([*visits, [0.0] * len(lycees)])
        replaces = model.settings.teams.tis_replaces
        self._technicians = np.array(
            [float(replaces and model.technicians.get(key, 1)) for key in lycees]
        )

    def of(self, members: NDArray[np.uint16]) -> Floats:
        """Return the yearly hours of zones, ``float[zone]``; ``inf`` if a pair is unreachable.

        ``members`` are the numbers of the lycées of each zone, ascending: ``uint16[zone, k]``.
        """
        parts = self.parts(members)
        return parts.road + parts.beside

    def parts(self, members: NDArray[np.uint16]) -> "HoursParts":
        """Return the parts of the yearly hours of zones, like `hours_with_minutes`."""
        columns = np.ascontiguousarray(members.T).astype(np.intp)
        found = [
            self.hours_with_minutes(some, self._rounds(some))
            for start in range(0, max(columns.shape[1], 1), _CHUNK)
            for some in [columns[:, start : start + _CHUNK]]
        ]
        return HoursParts(
            *(np.concatenate([getattr(part, f.name) for part in found]) for f in fields(HoursParts))
        )

    def hours_with_minutes(
        self, columns: NDArray[np.intp], minutes: Floats, drawn: Drawn | None = None
    ) -> "HoursParts":
        """Return the yearly hours of zones under given minutes.

        ``columns`` are the numbers of their lycées, ``int[k, zone]``; ``minutes`` are there and
        back between the lycées of each pair, in the order of ``combinations``, ``float[pair,
        zone]``, ``inf`` if unreachable. ``drawn`` replaces the hypotheses of the model, and
        multiplies needs and drives from the centre; posts, and needs without a post, do not vary
        (see `geozones.cost.hours_model`).
        """
        cut = np.isinf(minutes).any(axis=0)
        if cut.any():
            minutes = np.where(np.isinf(minutes), UNREACHABLE_MIN, minutes)
        start = self.start(columns)
        needs, visits = self._needs[columns], self._visits[start, columns]
        posts = self._posts.of_columns(columns)
        unmet = unmet_needs(needs, posts)
        if drawn is not None:
            needs, visits = needs * drawn.needs, visits * drawn.centre
        # the T.I.S. of the centre from which each zone is visited, float[zone]
        if not self._technicians.any():
            of_start = np.zeros(columns.shape[1])
        else:
            own = self._centre[columns]
            theirs = (own == start) & (own != NONE)
            found: Floats = (self._technicians[columns] * theirs).max(axis=0)
            of_start = found
        zones = Zones(
            needs,
            minutes,
            posts,
            self._centre[columns] != NONE,
            of_start,
            self._settings.teams,
        )
        parts = self._hours(zones, unmet, visits, drawn)
        return replace(parts, road=np.where(cut, np.inf, parts.road)) if cut.any() else parts

    def _rounds(self, columns: NDArray[np.intp]) -> Floats:
        """Return the minutes there and back of the pairs of zones, ``float[pair, zone]``."""
        size, count = len(self._needs), len(columns)
        flat = self._minutes.ravel()
        minutes = np.empty((count * (count - 1) // 2, columns.shape[1]))
        for row, (i, j) in enumerate(combinations(range(count), 2)):
            np.take(flat, columns[i] * size + columns[j], out=minutes[row])
        return minutes

    def start(self, columns: NDArray[np.intp]) -> NDArray[np.intp]:
        """Return the rank of the centre from which each lycée is visited, ``int[k, zone]``.

        Lycées of a sector without a centre get no visit.
        """
        own = self._centre[columns]
        if len(self._visits) <= _ONE_CENTRE:
            return own
        known = own != NONE
        alike = [(own == row).sum(axis=0) * len(self._visits) - row for row in own]
        votes = np.where(known, np.array(alike), -1)
        first = np.argmax(votes, axis=0)
        most = np.take_along_axis(own, first[None, :], axis=0)
        return np.where(known, most, NONE)

    def _hours(
        self, zones: Zones, unmet: Floats, from_centre: Floats, drawn: Drawn | None
    ) -> HoursParts:
        settings = self._settings
        if drawn is None:
            hypotheses: Hypotheses = hypotheses_of(settings)
            table: CoverTable | RatedTable = table_of(settings.teams)
        else:
            hypotheses, table = drawn.hypotheses, drawn.table
        activity = replace(activity_of(zones, hypotheses, table), unmet=unmet)
        road, beside = (np.zeros(zones.needs.shape[1]) for _ in range(2))
        for item in ITEMS.values():
            part = item.part(activity, hypotheses)
            if part is None or (item.apart and not self._tis):
                continue
            if part.legs is not None:
                road += np.einsum("lz,lz->z", part.legs, zones.minutes)
            if part.centre_legs is not None:
                road += np.einsum("lz,lz->z", part.centre_legs, from_centre)
            beside += part.half_days * item.weight(settings.cost)
        hours, service = settings.teams.half_day_minutes / 60, activity.service
        return HoursParts(
            road / 60,
            beside * hours,
            np.asarray(service["unattended"]) * hours,
            np.asarray(service["missed"]) * hours,
            zones.posts,
        )


def visit_minutes(times: TravelTimes, centre: str, lycee: str) -> float:
    """Return the minutes there and back from a support centre.

    0 if unreachable: no zone would have such a drive.
    """
    if centre == lycee:
        return 0.0
    minutes = times.one_way[centre][lycee] + times.one_way[lycee][centre]
    return minutes if isfinite(minutes) else 0.0


def mean_posts(needs: Floats, posts: Floats) -> Floats:
    """Return the whole posts in the mean over draws of the needs, ``float[zone]``.

    The need of each lycée (``float[zone, k]``) varies as in `drawn_hours`. Their sum is taken as
    normal: its mean and its variance are those of the draws. The mean of the posts is 1 and the
    chances of needs beyond 10, 20, 30… half-days; posts that were decided do not vary.
    """
    from scipy.special import ndtr  # noqa: PLC0415 - slow to load, if asked

    spread = NEEDS_SPREAD**2
    total = needs.sum(axis=1) * np.exp(spread / 2)
    deviation = np.sqrt((needs**2).sum(axis=1) * np.exp(spread) * np.expm1(spread)) + 1e-9
    mean = np.ones(len(needs))
    for more in range(1, int(total.max(initial=0.0) * 1.5 / SLOTS) + 2):
        mean += ndtr((total - SLOTS * more) / deviation)
    return np.where(posts != whole_posts(needs.T), posts, mean)


def two_post_zones(_: Floats, posts: Floats) -> Floats:
    """Return 1 for a zone of two whole posts, where one absence leaves one person, else 0."""
    two: Floats = (posts == TWO_POSTS).astype(np.float64)
    return two


@dataclass(frozen=True, eq=False)
class PostsUse:
    """What a zone uses by its needs (``float[zone, k]``) and its whole posts (``float[zone]``)."""

    key: str
    posts: PostsModel
    use: Callable[[Floats, Floats], Floats]

    def on(self, lycees: tuple[str, ...]) -> "_ZoneUse":
        """Return the model of zones of these lycées (ids), numbered in their order."""
        return _ZoneUse(self.posts.on(lycees), self.use)

    def restricted(self, lycees: Sequence[str]) -> "PostsUse":
        """Return the model over some lycées (ids) only."""
        return replace(self, posts=self.posts.restricted(lycees))


@dataclass(frozen=True, eq=False)
class _ZoneUse:
    posts: ZonePosts
    use: Callable[[Floats, Floats], Floats]

    def of(self, members: NDArray[np.uint16]) -> Floats:
        """Return the use of each zone (``uint16[zone, k]``), ``float[zone]``."""
        return self.use(self.posts.needs[members], self.posts.of(members))


@dataclass(frozen=True, eq=False)
class BestCentreModel:
    """Hours of a zone visited from the support centre that costs it the least."""

    key: ClassVar[str] = "hours"

    model: HoursModel  # Model of the hours; its own centres are ignored, and T.I.S. count.
    centres: tuple[str, ...]  # Ids of one or more lycées among those of its times.

    def on(self, lycees: tuple[str, ...]) -> "BestCentreHours":
        """Return the hours of zones of these lycées (ids), numbered in their order."""
        return BestCentreHours(self, lycees)

    def restricted(self, lycees: Sequence[str]) -> "BestCentreModel":
        """Return the model over some lycées (ids) only, and the centres."""
        known = sorted({*lycees, *self.centres})
        return replace(self, model=self.model.restricted(known))

    def of_centre(self, centre: str) -> HoursModel:
        """Return the model with the same centre (a lycée id) for all."""
        return replace(self.model, centres=dict.fromkeys(self.model.needs, centre), tis=True)


class BestCentreHours:
    """Hours of zones of numbered lycées, from the best centre."""

    def __init__(self, model: BestCentreModel, lycees: tuple[str, ...]) -> None:
        self._model, self._lycees = model, lycees
        first, *others = model.centres
        self._first = model.of_centre(first).on(lycees)
        self._others = () if self._is_sum else [model.of_centre(key).on(lycees) for key in others]

    @property
    def _is_sum(self) -> bool:
        """Whether the drives of T.I.S. are a sum over lycées, whatever their zone."""
        return not self._model.model.settings.teams.tis_replaces

    @cached_property
    def _reach(self) -> NDArray[np.float64]:
        """Hours a year to visit each lycée from each centre, ``float[centre, lycée]``."""
        hypotheses = hypotheses_of(self._model.model.settings)
        visits = float(hypotheses.tis_visits) * float(hypotheses.months) / 60
        times = self._model.model.times
        return np.array(
            [
                [visits * visit_minutes(times, centre, lycee) for lycee in self._lycees]
                for centre in self._model.centres
            ]
        )

    def of(self, members: NDArray[np.uint16]) -> NDArray[np.float64]:
        """Return the yearly hours of zones (``uint16[zone, k]``), ``float[zone]``."""
        hours = self._first.of(members)
        if self._is_sum:
            reach = self._reach[:, members].sum(axis=2)
            return np.asarray(hours + reach.min(axis=0) - reach[0], np.float64)
        for zones in self._others:
            hours = np.minimum(hours, zones.of(members))
        return hours


@dataclass(frozen=True, eq=False)
class HypothesisDraws:
    """Random multipliers of hypotheses, in addition to the drawn minutes."""

    absence: Floats  # The absence rate and the visits a month, ``float[draw]``.
    visits: Floats
    needs: Mapping[str, Floats]  # The need of each lycée (id), ``float[draw]``.
    #: The drive from a support centre (a lycée id) to a lycée (id) and back, ``float[draw]``; a
    #: missing drive does not vary.
    centre: Mapping[tuple[str, str], Floats]

    def __len__(self) -> int:
        """Return the number of draws."""
        return len(self.absence)


class DrawnZoneHours:
    """Hours of zones of numbered lycées in each draw."""

    def __init__(
        self, model: HoursModel, hypotheses: HypothesisDraws, lycees: tuple[str, ...]
    ) -> None:
        self._zones, self.draws = model.on(lycees), len(hypotheses)
        usual = hypotheses_of(model.settings)
        rates = np.clip(usual.absence_rate * hypotheses.absence, 0.0, 1.0)
        visits = usual.visits_per_month * hypotheses.visits
        self._hypotheses = replace(usual, absence_rate=rates, visits_per_month=visits)
        self._table = rated_table(model.settings.teams, rates)
        same = np.ones(self.draws)
        self._needs = np.stack([same, *(hypotheses.needs[key] for key in lycees)])[1:]
        self._centre = np.array(
            [
                [hypotheses.centre.get((centre, key), same) for key in lycees]
                for centre in (*self._zones.centres, "")
            ]
        )

    def hours_with_minutes(
        self, columns: NDArray[np.intp], minutes: Floats
    ) -> tuple[Floats, Floats]:
        """Return the yearly hours of zones in each draw: on the road, and beside it, weighted.

        Both are ``float[zone, draw]``. ``columns`` are the numbers of the lycées of each zone,
        ``int[k, zone]``; ``minutes`` are there and back between the lycées of each pair,
        ``float[pair, zone, draw]``, ``inf`` if unreachable.
        """
        size, zones = columns.shape
        each = np.tile(np.arange(self.draws), zones)
        start = self._zones.start(columns)
        known = self._hypotheses
        drawn = Drawn(
            replace(
                known,
                absence_rate=np.asarray(known.absence_rate)[each],
                visits_per_month=np.asarray(known.visits_per_month)[each],
            ),
            self._table.take(each),
            self._needs[columns].reshape(size, -1),
            self._centre[start, columns].reshape(size, -1),
        )
        parts = self._zones.hours_with_minutes(
            np.repeat(columns, self.draws, axis=1), minutes.reshape(len(minutes), len(each)), drawn
        )
        return parts.road.reshape(zones, -1), parts.beside.reshape(zones, -1)


@dataclass(frozen=True, eq=False)
class DrawnHours:
    """Yearly hours of any zone in each draw (see ``domain.yearly_cost.DrawnCosts``)."""

    key: ClassVar[str] = "hours"

    model: HoursModel
    hypotheses: HypothesisDraws

    @cached_property
    def _number(self) -> dict[str, int]:
        return {lycee: number for number, lycee in enumerate(sorted(self.model.needs))}

    @cached_property
    def _zones(self) -> DrawnZoneHours:
        return DrawnZoneHours(self.model, self.hypotheses, tuple(self._number))

    def of(
        self, zones: Sequence[tuple[str, ...]], minutes: Sequence[Floats]
    ) -> list[ZoneCostDraws]:
        """Return the hours of each zone (see ``domain.yearly_cost.DrawnCosts``)."""
        by_size: dict[int, list[int]] = {}
        for rank, zone in enumerate(zones):
            by_size.setdefault(len(zone), []).append(rank)
        drawn: dict[int, ZoneCostDraws] = {}
        for size, ranks in by_size.items():
            if not size:
                nothing = np.zeros(len(self.hypotheses))
                drawn |= dict.fromkeys(ranks, ZoneCostDraws(nothing, nothing))
                continue
            numbers = [[self._number[key] for key in zones[rank]] for rank in ranks]
            rounds = np.stack([2 * minutes[rank] for rank in ranks], axis=1)
            road, lost = self._zones.hours_with_minutes(np.array(numbers, np.intp).T, rounds)
            drawn |= {rank: ZoneCostDraws(road[at], lost[at]) for at, rank in enumerate(ranks)}
        return [drawn[rank] for rank in range(len(zones))]


#: Standard deviations of the logarithm of hypotheses: eight cases in ten are within a third less
#: and a half more for the absence rate and visits. They are hypotheses of this tool.
ABSENCE_SPREAD, VISITS_SPREAD = 0.3, 0.3


@dataclass(frozen=True, eq=False)
class Shocks:
    """Random multipliers for one zone's cost items."""

    between: Floats  # Minutes of each pair of lycées, ``float[pair, draw]``.
    #: The absence rate and the visits a month, ``float[draw]``: the same for every zone.
    absence: Floats
    visits: Floats
    needs: Floats  # Needs of each lycée, ``float[k, draw]``.


@dataclass(frozen=True, eq=False)
class CostDraws:
    """Cost of some zones in each draw, ``float[draw]``, without the drives of T.I.S."""

    road_hours: Floats  # Driven.
    km: Floats
    half_days: Floats  # Half-days that count beside the road, weighted.
    unattended: Floats  # Half-days without technician, unweighted.
    #: Half-days of need without a post, if needs are those of the draw; not in the cost.
    unstaffed: Floats

    def __add__(self, other: "CostDraws") -> "CostDraws":
        return CostDraws(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


def no_cost(draws: int) -> CostDraws:
    """Return the cost of no zone."""
    return CostDraws(*np.zeros((len(fields(CostDraws)), draws)))


@dataclass(frozen=True, eq=False)
class DrawnZone:
    """Zone that has lycées, its drives, and its random multipliers."""

    case: ZoneCase
    minutes: Roads
    km: Roads
    shocks: Shocks
    settings: Settings

    def cost(self) -> CostDraws:
        """Return the cost in each draw; posts stay as they are, needs vary."""
        rates = np.clip(self.settings.teams.absence_rate * self.shocks.absence, 0.0, 1.0)
        teams = self.settings.teams
        needs = self._needs * self.shocks.needs
        rounds = self._drawn_minutes
        centred = np.full(needs.shape, self.case.centre is not None)
        zones = Zones(
            needs,
            np.where(np.isinf(rounds), UNREACHABLE_MIN, rounds),
            np.full(needs.shape[1], float(self.case.full_posts)),
            centred,
            np.full(needs.shape[1], float(self.case.technicians)),
            teams,
        )
        table = rated_table(teams, rates)
        activity = activity_of(zones, self._hypotheses(rates), table)
        drawn = activity if self.case.centre is not None else replace(activity, tis=None)
        hypotheses, posts = self._hypotheses(rates), np.array([float(self.case.full_posts)])
        activity = replace(drawn, unmet=unmet_needs(self._needs, posts))
        draws = len(self.shocks.visits)
        road, km, half_days = np.zeros((3, draws))
        for item in ITEMS.values():
            part = item.part(activity, hypotheses)
            if part is not None and not item.apart:
                road += self._driven(part, self._drawn_minutes) / 60
                km += self._driven(part, self.km.rounds[:, None])
                half_days += part.half_days * item.weight(self.settings.cost)
        unattended = np.broadcast_to(np.asarray(activity.service["unattended"]), (draws,))
        unstaffed = np.broadcast_to(drawn.unmet * hypotheses.weeks, (draws,))
        return CostDraws(road, km, half_days, unattended, unstaffed)

    @property
    def _needs(self) -> Floats:
        return np.array(self.case.needs, float)[:, None]

    def _hypotheses(self, rate: Figure) -> Hypotheses:
        usual = hypotheses_of(self.settings)
        visits = usual.visits_per_month * self.shocks.visits
        return replace(usual, absence_rate=rate, visits_per_month=visits)

    @cached_property
    def _drawn_minutes(self) -> Floats:
        """Minutes there and back between the lycées of each pair, in each draw."""
        return self.minutes.rounds[:, None] * self.shocks.between

    @staticmethod
    def _driven(part: Part, lengths: Floats) -> Floats | float:
        """Return the sum of the trips between lycées, ``float[draw]``."""
        if part.legs is None:
            return 0.0
        driven: Floats = (part.legs * np.where(part.legs > 0, lengths, 0.0)).sum(axis=0)
        return driven
