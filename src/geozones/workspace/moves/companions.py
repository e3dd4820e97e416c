"""Joint moves of a lycée: alone, with a lycée of its zone, or in exchange for one of another."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import inf, isnan

from geozones.domain import Plan
from geozones.rules import Difference, Severity, Violation, check_around, difference
from geozones.workspace.moves.destinations import Kind, kind_of
from geozones.workspace.moves.new_points import points_brought_by
from geozones.workspace.study import Study


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
    more_posts, more_points
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
    more_points: int
    introduced: tuple[Violation, ...]
    noted: tuple[Violation, ...]
    after: Plan

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
    ranked as destinations: fewest points to watch first, then the fewest hours; those that add a
    post come after, those that leave a lycée alone in its zone last. Locked lycées and zones stay,
    and forbidden moves are left out.
    """
    candidates = list(_candidates(study.plan, lycee))
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
        points_brought_by(study, after, zones).more,
        breaches.introduced,
        breaches.noted,
        after,
    )


def _candidates(plan: Plan, lycee: str) -> Iterator[tuple[JointMoveKind, _Moves]]:
    origin = plan.zone_of(lycee).id
    mates = [mate for mate in plan.members(origin) if mate != lycee]
    for zone in plan.zones:
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
