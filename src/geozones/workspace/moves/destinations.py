"""Ranked destinations of lycées, a new zone among them; hints shown while one is dragged.

The map asks for the hints of one lycée, when it is pressed: computing them for every lycée would be
most of the work of a drawing, and few lycées are ever pressed.
"""

import json
import math
import secrets
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property, lru_cache, partial
from hashlib import blake2b
from math import isfinite
from secrets import token_hex
from threading import Lock

import numpy as np

from geozones.common.french import capital, plural
from geozones.domain import Plan, TravelTimes, Zone
from geozones.domain.decisions import Locks
from geozones.domain.events.zone_events import RedrawZones
from geozones.domain.teams import Teams
from geozones.domain.yearly_cost import YearlyCost, absorbed_share
from geozones.domain.zone_names import zone_name
from geozones.effect import Loss
from geozones.effect.losses import of_places
from geozones.effect.words import told_losses
from geozones.metrics import (
    VIGILANCE,
    Change,
    Judgement,
    MetricPlace,
    MoveDelta,
    Values,
    metric,
    shown_in,
)
from geozones.metrics.judgement import Outcome
from geozones.metrics.metric import ZoneView
from geozones.metrics.metric_changes import NO_VERDICT, UNTOLD, short_value
from geozones.metrics.metric_registry import together
from geozones.rules import (
    Severity,
    Verdict,
    Violation,
    are_allowed,
    check_zones,
    difference,
    is_allowed,
    touched_zones,
)
from geozones.workspace.figures.analysis import Analysis, Ranking
from geozones.workspace.figures.effects import gains_of, losses_of
from geozones.workspace.figures.plan_comparison import plan_judgement, posts_sentence
from geozones.workspace.figures.study import Study
from geozones.workspace.moves.new_points import (
    Pair,
    PointsChange,
    SectorBreaches,
    points_brought,
    points_brought_by,
    points_counted,
)

_TOTAL = metric("total_hours")


def hours_change(before: float, more: float) -> Change:
    """Return the change from the plan's yearly hours by some more hours.

    The change is written as the difference of both totals in whole hours, as they are shown. A plan
    with an impossible drive has infinite hours: the change is then the added hours alone.
    """
    start = before if isfinite(before) else 0.0
    return Change(_TOTAL, start, start + more)


def hours_text(change: Change) -> str:
    """Write a change of hours: ``+59 h``, ``—`` if it is unknown."""
    gap = change.gap(0)
    return gap if gap == UNTOLD else f"{gap} {_TOTAL.unit}"


def figure_changes(cost: YearlyCost, delta: MoveDelta) -> tuple[Change, ...]:
    """Return what moves change of a plan of this cost: the figures that are no minutes nor points.

    They equal those of `plan_change` with the plan after the moves.
    """
    missed = cost.hours(cost.service.missed)
    unattended = cost.unattended_hours + delta.unattended
    values = {
        "road_hours": (
            cost.road_hours,
            cost.road_hours + delta.road if isfinite(cost.road_hours) else math.nan,
        ),
        "unattended_hours": (cost.unattended_hours, unattended),
        "absorbed_share": (
            cost.absorbed_share,
            absorbed_share(missed + delta.missed, unattended),
        ),
        "posts": (cost.posts, cost.posts + delta.more_posts),
    }
    return tuple(Change(metric(key), *sides) for key, sides in values.items())


#: Lycées of a zone that a move out of it leaves with one.
_PAIR = 2


@dataclass(frozen=True, eq=False)
class Destination:
    """A zone that a lycée, or several at once, could join.

    Differences compare the zones touched, taken together, after and before: mean minutes over
    their pairs of colleagues, and the worst of their longest drives, in minutes (``None`` if
    there is no pair before or after); ``delta_objective`` is the change of the plan's yearly hours.
    ``alone`` tells that one of them would have a single lycée, to which no colleague comes;
    ``touches`` that the zone touches that of one of the lycées; ``nearest`` are the minutes from
    the nearest colleague there, ``inf`` if none; ``hours`` is the change of the plan's yearly
    hours, ``shown`` those of `figure_changes`.
    """

    zone: str
    allowed: bool
    alone: bool
    touches: bool
    nearest: float
    figures: MoveDelta
    hours: Change
    shown: tuple[Change, ...]
    #: The plan with the move, against the plan without it; ``None`` if their numbers of posts
    #: differ.
    judgement: Judgement | None
    move: Callable[[], Plan]
    judge: Callable[[], Verdict]
    watch: Callable[[], PointsChange]
    lose: Callable[[], tuple[Loss, ...]]
    gain: Callable[[], tuple[Loss, ...]]

    @property
    def delta_mean_minutes(self) -> float | None:
        """Change of the mean drive between colleagues, in minutes."""
        return self.figures.delta_mean_minutes

    @property
    def delta_max_minutes(self) -> float | None:
        """Change of the longest drive, in minutes."""
        return self.figures.delta_max_minutes

    @property
    def delta_objective(self) -> float:
        """Change of the plan's yearly hours."""
        return self.figures.delta_objective

    @property
    def more_posts(self) -> int:
        """How many posts more the plan would have."""
        return self.figures.more_posts

    @property
    def more_points(self) -> int:
        """How many points to watch more the plan would have."""
        return self.points.more

    @property
    def short(self) -> str:
        """The value of the move: ``favorable``, ``1 poste de plus``, ``aucune relève``."""
        return self._worded("" if self.judgement is None else self.judgement.short)

    @property
    def text(self) -> str:
        """The same, with the rate at which the judgement turns."""
        return self._worded("" if self.judgement is None else self.judgement.text)

    def _worded(self, judged: str) -> str:
        return NO_RELEVE if self.alone else judged or posts_text(self.more_posts)

    @property
    def rank(self) -> "Rank":
        """Rank among the destinations; smaller is better."""
        hours = self.figures.road if self.more_posts else self.delta_objective
        posts = 0 if not self.more_posts else 1 if self.more_posts < 0 else 2
        # the sort key of a change; NaN (infinite minus infinite) ranks last
        return (
            not self.allowed,
            self.alone,
            not self.touches,
            posts,
            math.inf if math.isnan(hours) else hours,
            self.zone,
        )

    @property
    def after(self) -> Plan:
        """The plan after the move; computed on demand."""
        return self.move()

    @cached_property
    def losses(self) -> tuple[Loss, ...]:
        """Who loses by the move, the worst first; computed on demand."""
        return self.lose()

    @cached_property
    def gains(self) -> tuple[Loss, ...]:
        """Who gains by the move, the greatest first; computed on demand."""
        return self.gain()

    @cached_property
    def points(self) -> PointsChange:
        """The change of the plan's points to watch; computed on demand."""
        return self.watch()

    @cached_property
    def verdict(self) -> Verdict:
        """The verdict of the rules on the move, with its reasons; computed on demand."""
        return self.judge()


#: Refused, leaves a lycée alone, does not touch, posts (0 as many, 1 fewer, 2 more), hours, zone.
type Rank = tuple[bool, bool, bool, int, float, str]


@dataclass(frozen=True, slots=True)
class Compensation:
    """A lycée to take back into a zone that a move would leave too small.

    ``after`` is the plan after both moves; ``delta_objective`` covers both together.
    """

    lycee: str
    origin: str
    target: str
    delta_objective: float
    after: Plan


def destinations(
    study: Study, *lycees: str, aimed_at: str | None = None
) -> tuple[Destination, ...]:
    """Rank the zones that a lycée, or several at once, could join: those within reach.

    The ranking is this one, on every screen and in every answer. Allowed moves come first, and
    those that leave nobody alone in a zone. Then the zones that touch the zone of one of the
    lycées. Then the moves that keep the number of posts, by their total (road + rate × hours
    without technician); then those with a post less or more, by their road alone.

    The zone where all the lycées are is left out; the zone (id) that they are ``aimed_at`` is
    included, however far it is.
    """
    near = {zone.id for zone in zones_in_reach(study.plan, study.times, lycees)} | {aimed_at}
    every = group_moves(study.plan, lycees)
    moves = {zone_id: there for zone_id, there in every.items() if zone_id in near}
    figures, points, alone = _figures(study, lycees, moves)
    cost, touching = study.cost(), zones_around(study, lycees)

    def judged(zone_id: str) -> Callable[[], Verdict]:
        return lambda: study.may_move_all(moves[zone_id])

    def told(zone_id: str, find: Callable[[Study, Study], tuple[Loss, ...]]) -> tuple[Loss, ...]:
        return find(study, study.with_plan(study.plan.move_all(moves[zone_id])))

    ranked = [
        Destination(
            zone_id,
            are_allowed(study.plan, moves[zone_id], study.analysis.context, study.locks),
            alone[zone_id],
            zone_id in touching,
            colleague_minutes(study, lycees, zone_id),
            figures[zone_id],
            hours_change(cost.total_hours, figures[zone_id].delta_objective),
            figure_changes(cost, figures[zone_id]),
            judgement_of(study.analysis, figures[zone_id]),
            partial(study.plan.move_all, moves[zone_id]),
            judged(zone_id),
            partial(points, zone_id),
            partial(told, zone_id, losses_of),
            partial(told, zone_id, gains_of),
        )
        for zone_id in moves
    ]
    return tuple(sorted(ranked, key=lambda entry: entry.rank))


def judgement_of(analysis: Analysis, delta: MoveDelta) -> Judgement | None:
    """Judge a move between two zones; ``None`` if it changes the number of posts."""
    if delta.more_posts:
        return None
    return plan_judgement(analysis, delta.road, delta.unattended, _PAIR)


def zones_around(study: Study, lycees: Iterable[str]) -> frozenset[str]:
    """Return the zones (ids) that touch those of some lycées (ids), these zones included."""
    plan, neighbours = study.plan, study.territory.neighbours
    own = [other for lycee_id in lycees for other in plan.members(plan.zone_of(lycee_id).id)]
    around = {other for lycee_id in own for other in neighbours.get(lycee_id, ())}
    return frozenset(
        plan.zone_by_lycee[lycee_id] for lycee_id in around if lycee_id in plan.zone_by_lycee
    )


def colleague_minutes(study: Study, lycees: Sequence[str], zone_id: str) -> float:
    """Return the minutes from the nearest colleague in a zone (id), for the worst-placed lycée."""
    one_way = study.times.one_way
    there = [key for key in study.plan.members(zone_id) if key not in lycees]
    return max(
        min((one_way[key][lycee_id] for key in there), default=math.inf) for lycee_id in lycees
    )


def zones_in_reach(plan: Plan, times: TravelTimes, lycees: Iterable[str]) -> tuple[Zone, ...]:
    """Return the zones within the limit of the matrix from some lycées (ids), and empty zones.

    These are all zones if the matrix holds every drive. In a country, some tens of the hundreds of
    zones are within reach of a lycée: ranking all took 3 s.
    """
    if times.beyond is None:
        return plan.zones
    rows = [times.origin_index[lycee_id] for lycee_id in lycees]
    columns = np.flatnonzero((~times.beyond[rows]).any(axis=0))
    near = frozenset(times.destinations[column] for column in columns)
    members = ((zone, plan.members(zone.id)) for zone in plan.zones)
    return tuple(zone for zone, there in members if not there or not near.isdisjoint(there))


def group_moves(plan: Plan, lycees: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return the moves of some lycées (ids) to each zone (id) where they are not all already."""
    here = {lycee_id: plan.zone_of(lycee_id).id for lycee_id in lycees}
    going = {
        zone.id: {lycee_id: zone.id for lycee_id in here if here[lycee_id] != zone.id}
        for zone in plan.zones
    }
    return {zone: moves for zone, moves in going.items() if moves}


type _Found = tuple[Mapping[str, MoveDelta], Callable[[str], PointsChange], Mapping[str, bool]]


def _figures(
    study: Study, lycees: tuple[str, ...], moves: Mapping[str, Mapping[str, str]]
) -> _Found:
    """Return what moves to each zone change, the points that they bring, whom they leave alone."""
    plan, deltas = study.plan, study.ranking.move_deltas
    if len(lycees) == 1:
        (lycee_id,) = lycees
        alone = {zone_id: is_alone(plan, lycee_id, zone_id) for zone_id in moves}
        return deltas.of(plan, lycee_id, moves), points_brought(study, lycee_id, moves), alone
    moved, touched = _after(plan, moves)
    alone = {
        zone_id: any(len(moved[zone_id].members(each)) == 1 for each in touched[zone_id])
        for zone_id in moves
    }

    def points(zone_id: str) -> PointsChange:
        return points_brought_by(study, moved[zone_id], touched[zone_id])

    return deltas.of_group(plan, moved, touched), points, alone


def _after(
    plan: Plan, moves: Mapping[str, Mapping[str, str]]
) -> tuple[dict[str, Plan], dict[str, tuple[str, ...]]]:
    """Return the plan after the moves to each zone, and the zones (ids) that they touch."""
    moved = {zone: plan.move_all(each) for zone, each in moves.items()}
    return moved, {zone: touched_zones(plan, each) for zone, each in moves.items()}


def is_alone(plan: Plan, lycee_id: str, zone_id: str) -> bool:
    """Return whether a move leaves a lycée alone in the zone left, or in the zone (id) joined."""
    return len(plan.members(plan.zone_of(lycee_id).id)) == _PAIR or not plan.members(zone_id)


def compensation(study: Study, lycee_id: str, zone_id: str) -> Compensation | None:
    """Return the best lycée to take back if a move leaves its zone with too few lycées.

    Taking it back leaves no other zone too small and breaks no rule that forbids; among such
    lycées, the best has the fewest hours a year. ``None`` if the move leaves enough lycées, or no
    lycée fits.
    """
    plan, move_deltas, context = study.plan, study.ranking.move_deltas, study.analysis.context
    origin, least = plan.zone_of(lycee_id).id, study.settings.zone_min
    if origin == zone_id or len(plan.members(origin)) - 1 >= least:
        return None
    moved = plan.move(lycee_id, zone_id)
    first = move_deltas.of(plan, lycee_id, [zone_id])[zone_id].delta_objective
    donors = [moved.members(donor.id) for donor in moved.zones if donor.id != origin]
    others = [
        other for donor in donors if len(donor) > least for other in donor if other != lycee_id
    ]
    move_deltas.prepare(moved, [(other, origin) for other in others])
    best: tuple[float, str] | None = None
    for other in others:
        then = move_deltas.of(moved, other, [origin])[origin].delta_objective
        rank = (first + then, other)
        better = not math.isnan(rank[0]) and (best is None or rank < best)
        if better and is_allowed(moved, other, origin, context, study.locks):
            best = rank
    if best is None:
        return None
    total, other = best
    return Compensation(other, moved.zone_of(other).id, origin, total, moved.move(other, origin))


#: Word for a move that leaves a lycée alone in its zone, where nobody could replace anybody.
NO_RELEVE = "aucune relève"


def posts_text(more: int) -> str:
    """Return a change of posts in French: ``1 poste de plus``; empty if there is none."""
    way = "de plus" if more > 0 else "de moins"
    return f"{plural(abs(more), 'poste')} {way}" if more else ""


#: Id of the zone to create, until it is.
NEW_ZONE = "nouvelle-zone"


def with_new_zone(study: Study, lycees: Sequence[str], name: str = "") -> Study:
    """Return a study with one more zone, empty, in the sector of most of some lycées (ids).

    It is named after them, unless a name is given.
    """
    plan = study.plan
    sectors = Counter(plan.sector_of(lycee_id).id for lycee_id in lycees)
    taken = {name for zone in plan.zones for name in (zone.name, zone.own_name)}
    made = zone_name([study.territory.lycees[lycee_id] for lycee_id in lycees], taken)
    zone = Zone(NEW_ZONE, name.strip() or made, sectors.most_common(1)[0][0])
    return study.with_plan(plan.with_zone(zone))


def creating(study: Study, moves: Mapping[str, str]) -> dict[str, object]:
    """Return the data of an event ``redraw`` that creates a zone and moves lycées to it.

    ``study`` has the zone already, under a code for trials (`with_new_zone`); the event gives it a
    code of its own.
    """
    plan, code = study.plan, f"Z-{token_hex(3)}"
    zone = plan.zone(NEW_ZONE)
    return RedrawZones.data_of(
        (Zone(code, zone.name, zone.sector),), dict.fromkeys(moves, code), ()
    )


type Fact = tuple[str, str]

#: Grades of a forbidden move, of one that is equivalent to staying, or better by the rate alone, of
#: one that is clearly bad, and of one that changes the number of posts, which nothing grades.
REFUSED, EQUIVALENT, FAR, POSTS = -1, 2, 5, 6
#: Outcomes in which neither staying nor going is better.
_UNSURE = frozenset({Outcome.EQUIVALENT, Outcome.BY_RATE})
#: Changes of yearly hours (36: an hour a week) from which a move is much better, much worse, `FAR`.
_MUCH_BETTER, _MUCH_WORSE, _FAR_WORSE = -36.0, 36.0, 150.0
_MOVES = 16384


@dataclass(frozen=True, slots=True)
class Hint:
    """Summary of a move."""

    grade: int  # From 0 (much better) to 5 (`FAR`); `EQUIVALENT`, `REFUSED`, `POSTS`.
    #: The figures of `plan_change`, by their short names; none of a refused move.
    facts: tuple[Fact, ...]
    #: Why it is refused; else the worst loss, where posts change, or that it is equivalent.
    remark: str = ""


type Hints = dict[str, Hint]


class _Open:
    """Recent plans on screen of this process, by key.

    A key is derived from a secret of the process: a browser that did not receive it cannot guess
    it.
    """

    def __init__(self, most: int) -> None:
        self._most, self._secret = most, secrets.token_bytes(32)
        self._plans: OrderedDict[str, Study] = OrderedDict()
        self._turn = Lock()

    def add(self, study: Study) -> str:
        """Store a plan; return its key, the same each time."""
        shown = (study.plan, study.locks, study.teams, study.retained)
        named = f"{id(study.analysis)} {hash(shown)} {id(study.kept)}"
        key = blake2b(named.encode(), key=self._secret, digest_size=16).hexdigest()
        with self._turn:
            self._plans[key] = replace(study)  # without the figures that it has computed
            self._plans.move_to_end(key)
            if len(self._plans) > self._most:
                self._plans.popitem(last=False)
        return key

    def get(self, key: str) -> Study | None:
        """Return the plan of a key; ``None`` if it was dropped."""
        with self._turn:
            study = self._plans.get(key)
        return None if study is None else replace(study)


_OPEN = _Open(most=2048)


def lycee_hints(study: Study, lycee_id: str) -> Hints:
    """Return a hint for each zone (id) in reach, without the lycée's own."""
    return _hints(study, lycee_id)


def plan_key(study: Study) -> str:
    """Return the key of `plan_on_screen` for a study; it changes when its plan or figures do."""
    return _OPEN.add(study)


def plan_on_screen(key: str) -> Study | None:
    """Return the study of a key; ``None`` if this process has no plan on screen with it."""
    return _OPEN.get(key)


def packed_hints(key: str, lycee_id: str) -> str | None:
    """Return the hints of a lycée as JSON, ``{zone: {"grade", "facts", "remark"}}``.

    ``None`` if this process has no plan on screen with this key, or the plan lacks the lycée.
    """
    study = plan_on_screen(key)
    if study is None or lycee_id not in study.plan.zone_by_lycee:
        return None
    hints = _hints(study, lycee_id)
    content = {zone: asdict(hint) for zone, hint in hints.items()}
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def _hints(study: Study, lycee_id: str) -> Hints:
    hinting = _hinting(study.analysis, study.teams)
    hints = hinting.of(study.plan, study.locks, study.ranking, lycee_id)
    open_to = [zone for zone, hint in hints.items() if hint.grade != REFUSED]
    return hints | dict(_with_changes(study, lycee_id, {key: hints[key] for key in open_to}))


def _with_changes(study: Study, lycee_id: str, hints: Hints) -> Iterator[tuple[str, Hint]]:
    """Yield hints with what the moves change in the whole plan, as destinations do."""
    plan = study.plan
    deltas = study.ranking.move_deltas.of(plan, lycee_id, hints)
    points, cost = points_brought(study, lycee_id, hints), study.cost()
    for zone_id, hint in hints.items():
        figures = figure_changes(cost, deltas[zone_id])
        hours = ((change.metric.short, short_value(change)) for change in figures)
        watched = VIGILANCE.label, points_counted(points(zone_id)) or "inchangés"
        moved = study.with_plan(plan.move(lycee_id, zone_id))
        said, remark = "", hint.remark
        if not is_alone(plan, lycee_id, zone_id):
            said = posts_sentence(study, moved)
            if deltas[zone_id].more_posts:
                remark = f"{capital(NO_VERDICT)}."
        worst = told_losses(of_places(losses_of(study, moved)), most=1)[:1]
        remark = " ".join(filter(None, (*worst, said, remark)))
        yield zone_id, replace(hint, facts=(*hours, *hint.facts, watched), remark=remark)


@lru_cache(maxsize=8)
def _hinting(analysis: Analysis, teams: Teams) -> "_Hinting":
    return _Hinting(analysis, teams)


class _Hinting:
    """Cache of hints over one analysis, for some posts.

    A move changes the breaches of two zones, and of their sectors if it breaks a rule about
    sectors; the other breaches come from the cache.
    """

    def __init__(self, analysis: Analysis, teams: Teams) -> None:
        self._analysis = analysis
        self._context = replace(analysis.context, teams=teams)
        self._records = tuple(
            record for record in shown_in(MetricPlace.HEADLINE) if record.unit == "min"
        )
        self._hints: dict[tuple[object, ...], Hint] = {}
        self._breaches: dict[tuple[Zone, str, tuple[str, ...]], tuple[Violation, ...]] = {}
        self._sectors = SectorBreaches(self._context)

    def of(self, plan: Plan, locks: Locks, ranking: Ranking, lycee_id: str) -> dict[str, Hint]:
        """Return the hints of a lycée by zone (id) within its reach, without its own."""
        name = self._analysis.context.name
        origin = plan.zone_of(lycee_id)
        staying = (lycee_id, origin, plan.members(origin.id))
        near = zones_in_reach(plan, self._analysis.times, [lycee_id])
        others = [zone for zone in near if zone.id != origin.id]
        locked = {zone.id: locks.refusal(plan, lycee_id, zone.id, name) for zone in others}
        whole = self._sectors.around(plan, lycee_id, others)
        keys = {
            zone.id: (*staying, zone, plan.members(zone.id), locked[zone.id], whole[zone.id])
            for zone in others
        }
        known = {zone: self._hints.get(key) for zone, key in keys.items()}
        new = {
            zone_id: (locked[zone_id], whole[zone_id])
            for zone_id, hint in known.items()
            if hint is None
        }
        worked_out = dict(self._work_out(plan, lycee_id, ranking, new))
        if len(self._hints) + len(new) > _MOVES:
            self._hints, self._breaches = {}, {}  # other threads may be reading the old ones
        self._hints |= {keys[zone_id]: hint for zone_id, hint in worked_out.items()}
        return {zone_id: hint or worked_out[zone_id] for zone_id, hint in known.items()}

    def _work_out(
        self,
        plan: Plan,
        lycee_id: str,
        ranking: Ranking,
        asked: Mapping[str, tuple[str | None, Pair]],
    ) -> Iterator[tuple[str, Hint]]:
        """Compute the hints of some zones (ids).

        ``asked`` has, for each zone, why locks refuse the move or ``None``, and the breaches of
        both sectors.
        """
        deltas = ranking.move_deltas.of(plan, lycee_id, asked)
        for zone_id, delta in deltas.items():
            refusal, whole = asked[zone_id]
            if refusal is not None:
                yield zone_id, Hint(REFUSED, (), refusal)
            else:
                yield zone_id, self._hint(plan, lycee_id, zone_id, delta, whole)

    def _hint(self, plan: Plan, lycee_id: str, zone_id: str, delta: MoveDelta, whole: Pair) -> Hint:
        origin, moved = plan.zone_of(lycee_id).id, self._context.named(plan.move(lycee_id, zone_id))
        before = (*self._check(plan, origin), *self._check(plan, zone_id), *whole[0])
        joined = check_zones(moved, [zone_id], self._context)
        after = (*self._check(moved, origin), *joined, *whole[1])
        introduced = difference(before, after).introduced
        refusals = [
            breach.message for breach in introduced if breach.severity is Severity.FORBIDDEN
        ]
        if refusals:
            return Hint(REFUSED, (), refusals[0])
        figures = tuple(self._figures(plan, moved, origin, zone_id))
        judgement = judgement_of(self._analysis, delta)
        unsure = judgement is not None and judgement.outcome in _UNSURE
        remark = capital(judgement.text) if judgement is not None and unsure else ""
        grade = POSTS if delta.more_posts else _grade(delta.delta_objective, tie=unsure)
        if is_alone(plan, lycee_id, zone_id):
            grade = POSTS if delta.more_posts else _grade(delta.delta_objective, tie=False)
        return Hint(grade, figures, remark)

    def _check(self, plan: Plan, zone_id: str) -> tuple[Violation, ...]:
        """Return the breaches of one zone, which depend only on its lycées."""
        key = plan.zone(zone_id), plan.zone(zone_id).name, plan.members(zone_id)
        known = self._breaches.get(key)
        if known is None:
            known = self._breaches[key] = check_zones(plan, [zone_id], self._context)
        return known

    def _figures(self, plan: Plan, moved: Plan, origin: str, zone_id: str) -> Iterable[Fact]:
        evaluator = self._analysis.evaluator
        before = self._together([evaluator.entry(plan, key) for key in (origin, zone_id)])
        centre = moved.sector(moved.zone(zone_id).sector).support_centre
        # `compute_zone` does not cache: this is one of thousands of zones
        joined = evaluator.compute_zone(moved.members(zone_id), centre)
        after = self._together([evaluator.entry(moved, origin), joined])
        for record in self._records:
            change = Change(record, before[record.key], after[record.key])
            yield record.short, short_value(change)

    def _together(self, zones: Iterable[tuple[ZoneView, Values]]) -> Values:
        entries = ((str(rank), *zone) for rank, zone in enumerate(zones) if zone[0].members)
        return together(entries, self._records)


def _grade(cost: float, *, tie: bool) -> int:
    """Grade a change of yearly hours; NaN, between two infinities, is `FAR`."""
    if tie or cost == 0:
        return EQUIVALENT
    if cost < 0:
        return 0 if cost <= _MUCH_BETTER else 1
    if cost < _FAR_WORSE:
        return 3 if cost < _MUCH_WORSE else 4
    return FAR
