"""Preview of moves made at once, figures before and after; joint moves of a lycée."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from math import inf, isnan

import numpy as np

from geozones.common.french import capital, listing
from geozones.domain import Plan
from geozones.domain.decisions import Locks
from geozones.domain.events import State
from geozones.domain.teams import Teams
from geozones.domain.terms import terms
from geozones.effect import Effect
from geozones.metrics import Values
from geozones.rules import (
    Severity,
    Verdict,
    Violation,
    check_around,
    difference,
    touched_zones,
)
from geozones.workspace.figures.analysis import Analysis
from geozones.workspace.figures.plan_comparison import plan_change
from geozones.workspace.figures.study import Study
from geozones.workspace.moves.destinations import zones_in_reach
from geozones.workspace.moves.new_points import (
    PointsChange,
    points_brought_by,
    points_told,
)

#: Lycées from which an answer counts them instead of naming them.
_NAMED = 3


@dataclass(frozen=True, slots=True)
class MoveEffect:
    """Effect of moves made at once, computed before they are made."""

    moves: Mapping[str, str]  # The zone (id) that each lycée (id) joins.
    origin: str  # Id of the zone that the first of these lycées leaves.
    verdict: Verdict  # Whether the moves are allowed, and the breaches that they bring and end.
    after: Plan  # The plan after the moves.
    #: Figures before and after, by metric key: of the zones touched (ids), and of the region.
    zones: dict[str, tuple[Values, Values]]
    region: tuple[Values, Values]
    change: Effect  # The effect on the plan: posts, figures, verdict.
    points: PointsChange  # Change of the plan's points to watch.
    arrivals: str  # Where lycées go, in a sentence.
    answer: str  # The effect in a few lines, for the message after the moves.
    sentence: str  # The effect in one French sentence.

    @property
    def lycee(self) -> str:
        """The first lycée (id) that moves."""
        return next(iter(self.moves))

    @property
    def target(self) -> str:
        """The zone (id) that it joins."""
        return self.moves[self.lycee]

    @property
    def summary(self) -> str:
        """Overall comparison in a French sentence; `sentence` for a null or forbidden move."""
        if self.origin == self.target or not self.verdict.allowed:
            return self.sentence
        return self.change.conclusion

    @property
    def lines(self) -> tuple[str, ...]:
        """The effect in a few sentences: posts, figures, worse ones first, points, the whole."""
        points = (*self.worse, *self.lifted)
        return (*self.change.told, *points, *self.verdict.remarks, self.summary)

    @property
    def worse(self) -> tuple[str, ...]:
        """Every point to watch that is new or worse, then rules on posts that the moves break.

        Why they are refused, if they are.
        """
        if not self.verdict.allowed:
            return self.verdict.reasons
        posts = (breach.message for breach in self.verdict.introduced if breach.post is not None)
        return (*points_told(self.points).brought, *posts)

    @property
    def lifted(self) -> tuple[str, ...]:
        """Sentences of the points to watch that end, then of the post rules respected again."""
        posts = (f"Réglé : {b.message}" for b in self.verdict.resolved if b.post is not None)
        return (*points_told(self.points).ended, *posts)

    @property
    def is_worse(self) -> bool:
        """Whether anything gets worse: a figure, an alert, or the whole."""
        return bool(self.verdict.introduced) or bool(self.points.introduced) or self.change.is_worse


def preview(study: Study, lycee_id: str, zone_id: str) -> MoveEffect:
    """Compute the effect of a move; raise ``UnknownLyceeError`` or ``UnknownZoneError``."""
    return preview_all(study, {lycee_id: zone_id})


def preview_all(study: Study, moves: Mapping[str, str]) -> MoveEffect:
    """Compute the effect of moves made at once (the zone that each lycée joins), as `preview`.

    It is computed once for the lycée that hovers over a zone, is dropped there, and is answered.
    """
    return _previewed(study.analysis, study.plan, study.locks, study.teams, tuple(moves.items()))


@lru_cache(maxsize=256)
def _previewed(
    analysis: Analysis, plan: Plan, locks: Locks, teams: Teams, asked: tuple[tuple[str, str], ...]
) -> MoveEffect:
    study, moves = Study(analysis, State(plan, locks=locks, teams=teams)), dict(asked)
    plan, evaluator = study.plan, study.evaluator
    origin = plan.zone_of(next(iter(moves))).id
    verdict = study.may_move_all(moves)
    then, touched = study.with_plan(plan.move_all(moves)), touched_zones(plan, moves)
    after = then.plan
    zones = {key: (evaluator.zone(plan, key), evaluator.zone(after, key)) for key in touched}
    region = (evaluator.region(plan), evaluator.region(after))
    effect = MoveEffect(
        dict(moves), origin, verdict, after, zones, region,
        change=plan_change(study, then),
        points=points_brought_by(study, after, touched),
        arrivals="",
        answer="",
        sentence="",
    )  # fmt: skip
    # answer a gesture in a few lines: where lycées go, who loses and gains, posts, the whole
    change = effect.change
    effect = replace(effect, arrivals=f"{_arrivals(study, effect)}.")
    whom = *change.lost_in_short, *change.gained_in_short
    lines = (effect.arrivals, *map(capital, whom), change.posts, change.conclusion)
    return replace(effect, answer="\n".join(filter(None, lines)), sentence=_sentence(study, effect))


def _arrivals(study: Study, effect: MoveEffect) -> str:
    """Name the lycées that join each zone, and their new sector; count them if more than two."""
    joined: dict[tuple[str, str], list[str]] = {}
    for lycee_id, zone_id in effect.moves.items():
        here, there = (plan.sector_of(lycee_id).id for plan in (study.plan, effect.after))
        joined.setdefault((zone_id, there if there != here else ""), []).append(
            study.name(lycee_id)
        )
    parts = []
    for (zone_id, sector), names in joined.items():
        one = len(names) == 1
        who = listing(names) if len(names) < _NAMED else terms().site.counted(len(names))
        part = f"{who} {'rejoint' if one else 'rejoignent'} {effect.after.zone(zone_id).name}"
        if sector:
            named = _sector_and_rns(effect.after, sector)
            part = f"{part} et {'passe' if one else 'passent'} au secteur {named}"
        parts.append(part)
    return " ; ".join(parts)


def _sector_and_rns(plan: Plan, code: str) -> str:
    """Name a sector (id) and its RNS, or say that it has none where another sector has one."""
    sector = plan.sector(code)
    if sector.rns:
        return f"{sector.name}, RNS {sector.rns}"
    known = any(other.rns for other in plan.sectors)
    return f"{sector.name}, sans RNS nommé" if known else sector.name


def _sentence(study: Study, effect: MoveEffect) -> str:
    """Describe where lycées go, then posts, what gets worse, and the rest."""
    if effect.origin == effect.target:
        name, zone = study.name(effect.lycee), study.plan.zone(effect.target).name
        return f"{name} est déjà dans la zone {zone} : rien ne change."
    if not effect.verdict.allowed:
        one = len(effect.moves) == 1
        refused = "Ce déplacement est interdit." if one else "Ces déplacements sont interdits."
        return f"{effect.arrivals} {refused}"
    return " ".join((effect.arrivals, *effect.change.told, effect.summary))


class JointMoveKind(StrEnum):
    """Kind of a joint move."""

    ALONE = "alone"
    ALONG = "along"
    SWAP = "swap"


@dataclass(frozen=True, slots=True)
class JointMove:
    """A move of a lycée, alone or with another one."""

    way: JointMoveKind  # Whether the other lycée goes along or comes in exchange, or there is none.
    moves: Mapping[str, str]  # The zone (id) that each lycée (id) joins, the requested lycée first.
    delta_objective: float  # Change of the plan's yearly hours, both lycées together.
    alone: bool  # Whether a zone that it touches would have a single lycée.
    points: PointsChange  # Change of the plan's points to watch.
    #: The breaches that it brings or worsens, and the new information, which is no breach.
    introduced: tuple[Violation, ...]
    noted: tuple[Violation, ...]
    after: Plan  # The plan after the move.

    @property
    def companion(self) -> str | None:
        """The other lycée (id), if there is one."""
        return next(iter(tuple(self.moves)[1:]), None)


type _Moves = dict[str, str]


def joint_moves(study: Study, lycee_id: str, most: int = 5) -> tuple[JointMove, ...]:
    """Return the best moves of a lycée: alone, along with another of its zone, or as a swap.

    The list has at most ``most`` moves of all kinds. Each lowers the total and keeps the number of
    posts. The greatest gain comes first, moves that leave a lycée alone in its zone last. Locked
    lycées and zones stay, and forbidden moves are left out.
    """
    candidates = list(_candidates(study, lycee_id))
    changes = _changes(study, [moves for _, moves in candidates])
    found = []
    for (way, moves), (hours, posts) in zip(candidates, changes, strict=True):
        if hours < 0 and not posts and not _is_locked(study, moves):
            after, zones = study.plan.move_all(moves), _zones(study.plan, moves)
            now, then = (check_around(plan, zones, study.context) for plan in (study.plan, after))
            breaches = difference(now, then)
            move = JointMove(
                way,
                moves,
                hours,
                any(len(members) == 1 for members in zones.values()),
                points_brought_by(study, after, zones),
                breaches.introduced,
                breaches.noted,
                after,
            )
            if all(breach.severity is not Severity.FORBIDDEN for breach in move.introduced):
                found.append(move)
    found.sort(key=lambda move: (move.alone, move.delta_objective))
    return tuple(found[:most])


def _candidates(study: Study, lycee_id: str) -> Iterator[tuple[JointMoveKind, _Moves]]:
    plan = study.plan
    origin = plan.zone_of(lycee_id).id
    mates = [mate for mate in plan.members(origin) if mate != lycee_id]
    for zone in zones_in_reach(plan, study.times, [lycee_id]):
        if zone.id == origin:
            continue
        members = plan.members(zone.id)
        if mates:
            yield JointMoveKind.ALONE, {lycee_id: zone.id}
        if len(mates) > 1:
            yield from ((JointMoveKind.ALONG, {lycee_id: zone.id, mate: zone.id}) for mate in mates)
        yield from ((JointMoveKind.SWAP, {lycee_id: zone.id, other: origin}) for other in members)


def _changes(study: Study, candidates: list[_Moves]) -> list[tuple[float, int]]:
    """Return the change of yearly hours and of posts of each move.

    Hours are ``inf`` if they are undefined.
    """
    plan, deltas = study.plan, study.ranking.move_deltas
    changed = [_zones(plan, moves) for moves in candidates]
    before = [[plan.members(zone_id) for zone_id in zones] for zones in changed]
    after = [list(zones.values()) for zones in changed]
    asked = list(dict.fromkeys(members for zones in (*before, *after) for members in zones))
    known = dict(zip(asked, deltas.figures.of_all(asked), strict=True))
    found = []
    for now, then in zip(before, after, strict=True):
        ended, made = (sum(known[members] for members in zones) for zones in (now, then))
        with np.errstate(invalid="ignore"):
            delta, more, *_ = (float(figure) for figure in made - ended)
        found.append((inf if isnan(delta) else delta, round(more)))
    return found


def _zones(plan: Plan, moves: _Moves) -> dict[str, tuple[str, ...]]:
    """Return the lycées of each zone (id) that some moves touch, after the moves."""
    touched = dict.fromkeys(
        [*(plan.zone_by_lycee[lycee_id] for lycee_id in moves), *moves.values()]
    )
    return {
        zone_id: tuple(
            sorted(
                [
                    lycee_id
                    for lycee_id in plan.members(zone_id)
                    if moves.get(lycee_id, zone_id) == zone_id
                ]
                + [
                    lycee_id
                    for lycee_id, target in moves.items()
                    if target == zone_id != plan.zone_by_lycee[lycee_id]
                ]
            )
        )
        for zone_id in touched
    }


def _is_locked(study: Study, moves: _Moves) -> bool:
    plan, locks = study.plan, study.locks
    return any(locks.refusal(plan, lycee, zone) is not None for lycee, zone in moves.items())
