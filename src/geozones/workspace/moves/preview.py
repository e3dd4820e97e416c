"""Preview of moves made at once, figures before and after; joint moves of a lycée."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from math import inf, isnan

from geozones.common.french import listing, of
from geozones.domain import Plan
from geozones.domain.terms import terms
from geozones.metrics import Change, Judgement, Values, metric
from geozones.metrics.metric_changes import sentences
from geozones.rules import (
    Difference,
    Severity,
    Verdict,
    Violation,
    check_around,
    difference,
    touched_zones,
)
from geozones.workspace.moves.destinations import Kind, hours_text, kind_of, zones_in_reach
from geozones.workspace.moves.new_points import (
    PointsChange,
    points_brought_by,
    points_sentence,
    points_told,
)
from geozones.workspace.plan_comparison import headline, judge_studies
from geozones.workspace.study import Study

#: Lycées from which an answer counts them instead of naming them.
_NAMED = 3


@dataclass(frozen=True, slots=True)
class MoveEffect:
    """Effect of moves made at once, computed before they are made.

    Parameters
    ----------
    moves
        The zone (id) that each lycée (id) joins.
    origin
        Id of the zone that the first of these lycées leaves.
    verdict
        Whether the moves are allowed, and the breaches that they bring and end.
    after
        The plan after the moves.
    zones, region
        Figures before and after, by metric key: of the zones touched (ids), and of the region.
    headline
        Changes of the headline figures, deteriorations first: of the zones touched taken together,
        and the region's points to watch.
    judgement
        The plan's objective after, against before, given the error of minutes.
    hours, points
        Changes of the plan's yearly hours, and of its points to watch.
    answer
        The effect in three lines, for the message after the moves.
    sentence
        The effect in one French sentence.
    """

    moves: Mapping[str, str]
    origin: str
    verdict: Verdict
    after: Plan
    zones: dict[str, tuple[Values, Values]]
    region: tuple[Values, Values]
    headline: tuple[Change, ...]
    judgement: Judgement
    hours: Change
    points: PointsChange
    answer: str
    sentence: str

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
        return f"Au total : {self.judgement.text}."

    @property
    def lines(self) -> tuple[str, ...]:
        """The effect in a few sentences: figures, what gets worse first, points, the whole."""
        figures = sentences(self.headline).values()
        points = (*self.worse, *self.lifted)
        return (*figures, *points, *self.verdict.remarks, self.summary)

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
        """Every point to watch that is lifted, then rules on posts that are kept again."""
        posts = (f"Réglé : {b.message}" for b in self.verdict.resolved if b.post is not None)
        return (*points_told(self.points).ended, *posts)

    @property
    def is_worse(self) -> bool:
        """Whether anything gets worse: a figure, an alert, or the whole."""
        return (
            bool(self.verdict.introduced)
            or self.judgement.is_better is False
            or bool(self.points.introduced)
            or any(change.better is False for change in self.headline)
        )


def preview(study: Study, lycee: str, zone: str) -> MoveEffect:
    """Compute the effect of a move; raise ``UnknownLyceeError`` or ``UnknownZoneError``."""
    return preview_all(study, {lycee: zone})


def preview_all(study: Study, moves: Mapping[str, str]) -> MoveEffect:
    """Compute the effect of moves made at once (the zone that each lycée joins), as `preview`."""
    plan, evaluator = study.plan, study.evaluator
    origin = plan.zone_of(next(iter(moves))).id
    verdict = study.may_move_all(moves)
    after, touched = plan.move_all(moves), touched_zones(plan, moves)
    zones = {key: (evaluator.zone(plan, key), evaluator.zone(after, key)) for key in touched}
    region = (evaluator.region(plan), evaluator.region(after))
    then = study.with_plan(after)
    effect = MoveEffect(
        dict(moves), origin, verdict, after, zones, region,
        headline=headline(study, then, touched=True),
        judgement=judge_studies(study, then),
        hours=Change(metric("total_hours"), study.cost().total_hours, then.cost().total_hours),
        points=points_brought_by(study, after, touched),
        answer="",
        sentence="",
    )  # fmt: skip
    return replace(effect, answer=_answer(study, effect), sentence=_sentence(study, effect))


def _answer(study: Study, effect: MoveEffect) -> str:
    """Answer a gesture in three lines: where lycées go, hours a year, points to watch."""
    hours = f"{hours_text(effect.hours)} par an, {effect.judgement.short}"
    return f"{_arrivals(study, effect.moves)}.\n{hours}.\n{points_sentence(effect.points)}"


def _arrivals(study: Study, moves: Mapping[str, str]) -> str:
    """Name the lycées that join each zone; count them if there are more than two."""
    joined: dict[str, list[str]] = {}
    for lycee, zone in moves.items():
        joined.setdefault(zone, []).append(study.name(lycee))
    parts = []
    for zone, names in joined.items():
        who = listing(names) if len(names) < _NAMED else terms().site.counted(len(names))
        parts.append(f"{who} {'rejoint' if len(names) == 1 else 'rejoignent'} {_zone(study, zone)}")
    return " ; ".join(parts)


def _zone(study: Study, zone: str) -> str:
    return study.plan.zone(zone).name


def _sentence(study: Study, effect: MoveEffect) -> str:
    """Describe where lycées go, then what gets worse, then the rest."""
    name, origin = study.name(effect.lycee), study.plan.zone(effect.origin)
    if effect.origin == effect.target:
        return f"{name} est déjà dans la zone {_zone(study, effect.target)} : rien ne change."
    goes = f"{name} passe {of(origin.name)} à {_zone(study, effect.target)}."
    if len(effect.moves) > 1:
        goes = f"{_arrivals(study, effect.moves)}."
    if not effect.verdict.allowed:
        refused = "Ce déplacement est interdit."
        return f"{goes} {refused if len(effect.moves) == 1 else 'Ces déplacements sont interdits.'}"
    effects = sentences(effect.headline).values()
    return " ".join((goes, *effects, effect.summary))


class JointMoveKind(StrEnum):
    """Kind of a joint move."""

    ALONE = "alone"
    ALONG = "along"
    SWAP = "swap"


@dataclass(frozen=True, slots=True)
class JointMove:
    """A move of a lycée, alone or with another one.

    Parameters
    ----------
    way
        Whether the other lycée goes along or comes in exchange, or there is none.
    moves
        The zone (id) that each lycée (id) joins, the requested lycée first.
    delta_objective
        Change of the plan's yearly hours, both lycées together.
    alone
        Whether a zone that it touches would have a single lycée.
    more_posts, points
        Change of the plan's posts, and of its points to watch.
    introduced, noted
        The breaches that it brings or worsens, and the new information, which is no breach.
    after
        The plan after the move.
    """

    way: JointMoveKind
    moves: Mapping[str, str]
    delta_objective: float
    alone: bool
    more_posts: int
    points: PointsChange
    introduced: tuple[Violation, ...]
    noted: tuple[Violation, ...]
    after: Plan

    @property
    def more_points(self) -> int:
        """How many points to watch more the plan would have."""
        return self.points.more

    @property
    def companion(self) -> str | None:
        """The other lycée (id), if there is one."""
        return next(iter(tuple(self.moves)[1:]), None)

    @property
    def kind(self) -> Kind:
        """Rank before the hours."""
        return kind_of(self)


type _Moves = dict[str, str]


def joint_moves(study: Study, lycee: str, most: int = 5) -> tuple[JointMove, ...]:
    """Return the best moves of a lycée: alone, along with another of its zone, or as a swap.

    The list has at most ``most`` moves of all kinds, and each lowers the yearly hours. They are
    ranked as destinations: fewest points to watch first, then the fewest hours; moves that add a
    post come after, moves that leave a lycée alone in its zone last. Locked lycées and zones stay,
    and forbidden moves are left out.
    """
    candidates = list(_candidates(study, lycee))
    changes = _changes(study, [moves for _, moves in candidates])
    found = []
    for (way, moves), (hours, posts) in zip(candidates, changes, strict=True):
        if hours < 0 and not _is_locked(study, moves):
            move = _joint_move(study, way, moves, (hours, posts))
            if all(breach.severity is not Severity.FORBIDDEN for breach in move.introduced):
                found.append(move)
    found.sort(key=lambda move: (move.kind, move.delta_objective))
    return tuple(found[:most])


def _joint_move(
    study: Study, way: JointMoveKind, moves: "_Moves", change: tuple[float, int]
) -> JointMove:
    after, zones = study.plan.move_all(moves), _zones(study.plan, moves)
    breaches = _changed_breaches(study, moves, after)
    return JointMove(
        way,
        moves,
        change[0],
        any(len(members) == 1 for members in zones.values()),
        change[1],
        points_brought_by(study, after, zones),
        breaches.introduced,
        breaches.noted,
        after,
    )


def _candidates(study: Study, lycee: str) -> Iterator[tuple[JointMoveKind, _Moves]]:
    plan = study.plan
    origin = plan.zone_of(lycee).id
    mates = [mate for mate in plan.members(origin) if mate != lycee]
    for zone in zones_in_reach(plan, study.times, [lycee]):
        if zone.id == origin:
            continue
        members = plan.members(zone.id)
        if mates:
            yield JointMoveKind.ALONE, {lycee: zone.id}
        if len(mates) > 1:
            yield from ((JointMoveKind.ALONG, {lycee: zone.id, mate: zone.id}) for mate in mates)
        yield from ((JointMoveKind.SWAP, {lycee: zone.id, other: origin}) for other in members)


def _changes(study: Study, candidates: list[_Moves]) -> list[tuple[float, int]]:
    """Return the change of yearly hours and of posts of each move.

    Hours are ``inf`` if they are undefined.
    """
    plan, deltas = study.plan, study.ranking.move_deltas
    changed = [_zones(plan, moves) for moves in candidates]
    before = [[plan.members(zone) for zone in zones] for zones in changed]
    after = [list(zones.values()) for zones in changed]
    asked = list(dict.fromkeys(members for zones in (*before, *after) for members in zones))
    hours, posts = (
        dict(zip(asked, figure.of_all(asked), strict=True))
        for figure in (deltas.costs, deltas.posts)
    )

    def total(known: dict[tuple[str, ...], float], zones: list[tuple[str, ...]]) -> float:
        return sum(known[members] for members in zones)

    found = []
    for now, then in zip(before, after, strict=True):
        delta = total(hours, then) - total(hours, now)
        more = round(total(posts, then) - total(posts, now))
        found.append((inf if isnan(delta) else delta, more))
    return found


def _zones(plan: Plan, moves: _Moves) -> dict[str, tuple[str, ...]]:
    """Return the lycées of each zone (id) that some moves touch, after the moves."""
    touched = dict.fromkeys([*(plan.zone_by_lycee[lycee] for lycee in moves), *moves.values()])
    return {
        zone: tuple(
            sorted(
                [lycee for lycee in plan.members(zone) if moves.get(lycee, zone) == zone]
                + [
                    lycee
                    for lycee, target in moves.items()
                    if target == zone != plan.zone_by_lycee[lycee]
                ]
            )
        )
        for zone in touched
    }


def _is_locked(study: Study, moves: _Moves) -> bool:
    plan, locks = study.plan, study.locks
    return any(locks.refusal(plan, lycee, zone) is not None for lycee, zone in moves.items())


def _changed_breaches(study: Study, moves: _Moves, after: Plan) -> Difference[Violation]:
    """Return what moves change in the breaches of their zones and sectors."""
    zones = _zones(study.plan, moves)
    now, then = (check_around(plan, zones, study.context) for plan in (study.plan, after))
    return difference(now, then)
