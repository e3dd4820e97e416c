"""Short hints on the moves of a lycée, which the map shows while the lycée is dragged.

The map asks for the hints of one lycée, when it is pressed: computing them for every lycée would be
most of the work of a drawing, and few lycées are ever pressed.
"""

import json
import secrets
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from hashlib import blake2b
from threading import Lock

from geozones.common.french import capital
from geozones.domain import Plan, Zone
from geozones.domain.decisions import Locks
from geozones.domain.events import State
from geozones.domain.teams import Teams
from geozones.domain.terms import worded
from geozones.metrics import VIGILANCE, Change, MetricPlace, Values, shown_in
from geozones.metrics.metric_changes import NO_VERDICT, short_value
from geozones.metrics.metric_inputs import ZoneView
from geozones.metrics.metric_registry import together
from geozones.rules import Severity, Violation, check_zones, difference
from geozones.workspace.analysis import Analysis, Ranking
from geozones.workspace.moves.destinations import figure_changes, is_alone, zones_in_reach
from geozones.workspace.moves.new_points import (
    Pair,
    SectorBreaches,
    points_brought,
    points_counted,
)
from geozones.workspace.plan_comparison import posts_sentence
from geozones.workspace.study import Study

type Fact = tuple[str, str]

#: Grades of a forbidden move, of one that is equivalent to staying within the error, of one that is
#: clearly bad, and of one that changes the number of posts, which nothing grades.
REFUSED, EQUIVALENT, FAR, POSTS = -1, 2, 5, 6
#: Changes of yearly hours (36: an hour a week) from which a move is much better, much worse, `FAR`.
_MUCH_BETTER, _MUCH_WORSE, _FAR_WORSE = -36.0, 36.0, 150.0
#: Changes of yearly hours beyond which a move cannot be equivalent, so draws are not computed.
_NEAR = 40.0
_MOVES = 16384


@dataclass(frozen=True, slots=True)
class Hint:
    """Summary of a move."""

    grade: int  # From 0 (much better) to 5 (`FAR`); `EQUIVALENT`, `REFUSED`, `POSTS`.
    #: The figures of `plan_change`, by their short names; none of a refused move.
    facts: tuple[Fact, ...]
    #: Why it is refused, that a lycée would be alone, where posts change, or that it is equivalent;
    #: else empty.
    remark: str = ""


type Hints = dict[str, Hint]


@dataclass(frozen=True, slots=True)
class _Asked:
    """Everything that hints depend on."""

    analysis: Analysis
    plan: Plan
    locks: Locks
    teams: Teams


class _Open:
    """Recent plans on screen of this process, by key.

    A key is derived from a secret of the process: a browser that did not receive it cannot guess
    it.
    """

    def __init__(self, most: int) -> None:
        self._most, self._secret = most, secrets.token_bytes(32)
        self._plans: OrderedDict[str, _Asked] = OrderedDict()
        self._turn = Lock()

    def add(self, asked: _Asked) -> str:
        """Store a plan; return its key, the same each time."""
        named = f"{id(asked.analysis)} {hash((asked.plan, asked.locks, asked.teams))}"
        key = blake2b(named.encode(), key=self._secret, digest_size=16).hexdigest()
        with self._turn:
            self._plans[key] = asked
            self._plans.move_to_end(key)
            if len(self._plans) > self._most:
                self._plans.popitem(last=False)
        return key

    def get(self, key: str) -> _Asked | None:
        """Return the plan of a key; ``None`` if it was dropped."""
        with self._turn:
            return self._plans.get(key)


_OPEN = _Open(most=2048)


def lycee_hints(study: Study, lycee: str) -> Hints:
    """Return a hint for each zone (id) in reach, without the lycée's own."""
    return _hints(_asked(study), lycee)


def hints_key(study: Study) -> str:
    """Return the key for `packed_hints` of a study's hints; it changes when they change."""
    return _OPEN.add(_asked(study))


def packed_hints(key: str, lycee: str) -> str | None:
    """Return the hints of a lycée as JSON, ``{zone: {"grade", "facts", "remark"}}``.

    ``None`` if this process has no plan on screen with this key, or the plan lacks the lycée.
    """
    asked = _OPEN.get(key)
    if asked is None or lycee not in asked.plan.zone_by_lycee:
        return None
    hints = _hints(asked, lycee)
    content = {zone: asdict(hint) for zone, hint in hints.items()}
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def _asked(study: Study) -> _Asked:
    return _Asked(study.analysis, study.plan, study.locks, study.teams)


def _hints(asked: _Asked, lycee: str) -> Hints:
    ranking = asked.analysis.rankings.of(asked.plan, asked.teams)
    hinting = _hinting(asked.analysis, asked.teams)
    hints = hinting.of(asked.plan, asked.locks, ranking, lycee)
    open_to = [zone for zone, hint in hints.items() if hint.grade != REFUSED]
    return hints | dict(_with_changes(asked, ranking, lycee, {key: hints[key] for key in open_to}))


def _with_changes(
    asked: _Asked, ranking: Ranking, lycee: str, hints: Hints
) -> Iterator[tuple[str, Hint]]:
    """Yield hints with what the moves change in the whole plan, as destinations do."""
    study = Study(asked.analysis, State(asked.plan, locks=asked.locks, teams=asked.teams))
    deltas = ranking.move_deltas.of(asked.plan, lycee, hints)
    points, cost = points_brought(study, lycee, hints), study.cost()
    for zone, hint in hints.items():
        figures = figure_changes(cost, deltas[zone])
        hours = ((change.metric.short, short_value(change)) for change in figures)
        watched = VIGILANCE.label, points_counted(points[zone]) or "inchangés"
        remark = hint.remark
        if not is_alone(asked.plan, lycee, zone):
            moved = study.with_plan(asked.plan.move(lycee, zone))
            said = posts_sentence(study, moved)
            remark = " ".join(filter(None, (said, remark)))
            if deltas[zone].more_posts:
                remark = f"{said} {capital(NO_VERDICT)}."
        yield zone, replace(hint, facts=(*hours, *hint.facts, watched), remark=remark)


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

    def of(self, plan: Plan, locks: Locks, ranking: Ranking, lycee: str) -> dict[str, Hint]:
        """Return the hints of a lycée by zone (id) within its reach, without its own."""
        name = self._analysis.context.name
        origin = plan.zone_of(lycee)
        staying = (lycee, origin, plan.members(origin.id))
        near = zones_in_reach(plan, self._analysis.times, [lycee])
        others = [zone for zone in near if zone.id != origin.id]
        locked = {zone.id: locks.refusal(plan, lycee, zone.id, name) for zone in others}
        whole = self._sectors.around(plan, lycee, others)
        keys = {
            zone.id: (*staying, zone, plan.members(zone.id), locked[zone.id], whole[zone.id])
            for zone in others
        }
        known = {zone: self._hints.get(key) for zone, key in keys.items()}
        new = {zone: (locked[zone], whole[zone]) for zone, hint in known.items() if hint is None}
        worked_out = dict(self._work_out(plan, lycee, ranking, new))
        if len(self._hints) + len(new) > _MOVES:
            self._hints, self._breaches = {}, {}  # other threads may be reading the old ones
        self._hints |= {keys[zone]: hint for zone, hint in worked_out.items()}
        return {zone: hint or worked_out[zone] for zone, hint in known.items()}

    def _work_out(
        self,
        plan: Plan,
        lycee: str,
        ranking: Ranking,
        asked: Mapping[str, tuple[str | None, Pair]],
    ) -> Iterator[tuple[str, Hint]]:
        """Compute the hints of some zones (ids).

        ``asked`` has, for each zone, why locks refuse the move or ``None``, and the breaches of
        both sectors.
        """
        deltas = ranking.move_deltas.of(plan, lycee, asked)
        near = [zone for zone, delta in deltas.items() if abs(delta.delta_objective) <= _NEAR]
        judged = ranking.draws.moves(plan, lycee, near).judge() if near else {}
        for zone, delta in deltas.items():
            # a lycée alone is no equivalence
            tie = zone in judged and judged[zone].is_tie and not is_alone(plan, lycee, zone)
            grade = POSTS if delta.more_posts else _grade(delta.delta_objective, tie=tie)
            refusal, whole = asked[zone]
            if refusal is not None:
                yield zone, Hint(REFUSED, (), refusal)
            else:
                yield zone, self._hint(plan, lycee, zone, grade, whole)

    def _hint(self, plan: Plan, lycee: str, zone: str, grade: int, whole: Pair) -> Hint:
        origin, moved = plan.zone_of(lycee).id, self._context.named(plan.move(lycee, zone))
        before = (*self._check(plan, origin), *self._check(plan, zone), *whole[0])
        joined = check_zones(moved, [zone], self._context)
        after = (*self._check(moved, origin), *joined, *whole[1])
        introduced = difference(before, after).introduced
        refusals = [
            breach.message for breach in introduced if breach.severity is Severity.FORBIDDEN
        ]
        if refusals:
            return Hint(REFUSED, (), refusals[0])
        figures = tuple(self._figures(plan, moved, origin, zone))
        remark = "Équivalent, compte tenu de la marge d'erreur" if grade == EQUIVALENT else ""
        if is_alone(plan, lycee, zone):
            remark = worded("{A_site} serait seul{e_site}, sans relève possible")
        return Hint(grade, figures, remark)

    def _check(self, plan: Plan, zone: str) -> tuple[Violation, ...]:
        """Return the breaches of one zone, which depend only on its lycées."""
        key = plan.zone(zone), plan.zone(zone).name, plan.members(zone)
        known = self._breaches.get(key)
        if known is None:
            known = self._breaches[key] = check_zones(plan, [zone], self._context)
        return known

    def _figures(self, plan: Plan, moved: Plan, origin: str, zone: str) -> Iterable[Fact]:
        evaluator = self._analysis.evaluator
        before = self._together([evaluator.entry(plan, key) for key in (origin, zone)])
        centre = moved.sector(moved.zone(zone).sector).support_centre
        # `compute_zone` does not cache: this is one of thousands of zones
        joined = evaluator.compute_zone(moved.members(zone), centre)
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
