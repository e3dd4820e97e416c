"""What a move would change: figures before and after, breaches, one sentence."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from geozones.domain import Plan
from geozones.domain.french import minutes, number, of, plural, signed
from geozones.domain.locks import Locks
from geozones.metrics import Values
from geozones.rules import Severity, Verdict

if TYPE_CHECKING:
    from geozones.workspace.core import Workspace


@dataclass(frozen=True, slots=True)
class MoveEffect:
    """A move looked at before it is made. ``after`` is the plan it leads to."""

    lycee: str
    origin: str
    target: str
    verdict: Verdict
    after: Plan
    zones: dict[str, tuple[Values, Values]]
    region: tuple[Values, Values]
    sentence: str


def preview(
    workspace: "Workspace", plan: Plan, lycee: str, zone: str, locks: Locks | None = None
) -> MoveEffect:
    """Look at a move; raises ``UnknownLyceeError`` or ``UnknownZoneError``."""
    origin = plan.zone_of(lycee).id
    verdict = workspace.may_move(plan, lycee, zone, locks)
    after = plan.move(lycee, zone)
    evaluator = workspace.evaluator
    zones = {key: (evaluator.zone(plan, key), evaluator.zone(after, key)) for key in (origin, zone)}
    region = (evaluator.region(plan), evaluator.region(after))
    effect = MoveEffect(lycee, origin, zone, verdict, after, zones, region, sentence="")
    return replace(effect, sentence=_sentence(workspace, plan, effect))


def _number(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) else 0.0


def _joint_max(values: list[Values]) -> float | None:
    return max(
        (_number(v["max_minutes"]) for v in values if v["max_minutes"] is not None), default=None
    )


def _joint_mean(values: list[Values]) -> float | None:
    """Mean minutes over the pairs of some zones, each weighing its number of pairs."""
    weighted = [
        (_number(v["lycees"]) * (_number(v["lycees"]) - 1) / 2, _number(v["mean_minutes"]))
        for v in values
    ]
    pairs = sum(weight for weight, _ in weighted)
    return sum(weight * mean for weight, mean in weighted) / pairs if pairs else None


def _sentence(workspace: "Workspace", plan: Plan, effect: MoveEffect) -> str:
    name = workspace.name(effect.lycee)
    target, origin = plan.zone(effect.target), plan.zone(effect.origin)
    if effect.origin == effect.target:
        return f"{name} est déjà dans la zone {target.name} : rien ne change."
    before, after = ([pair[side] for pair in effect.zones.values()] for side in (0, 1))
    parts = [
        _change(
            "le trajet moyen entre collègues des deux zones",
            _joint_mean(before),
            _joint_mean(after),
        ),
        _change("le trajet le plus long", _joint_max(before), _joint_max(after)),
    ]
    parts += _team_changes(before, after)
    return (
        f"{name} passe {of(origin.name)} à {target.name} : {' ; '.join(parts)} ; "
        f"{_breaches(effect.verdict)}."
    )


def _team_changes(before: list[Values], after: list[Values]) -> list[str]:
    """Say what becomes of the posts of both zones, where they have some."""
    said = []
    for key, what in (
        ("unmet", "demi-journées de besoin sans poste"),
        ("uncovered", "demi-journées sans relève"),
    ):
        counts = [
            [entry[key] for entry in values if isinstance(entry[key], (int, float))]
            for values in (before, after)
        ]
        first, then = (sum(_number(value) for value in values) for values in counts)
        if any(counts) and first != then:
            said.append(f"{what} : {number(first)} → {number(then)}")
    return said


def _change(what: str, before: float | None, after: float | None) -> str:
    if before is None or after is None:
        return f"{what} devient {minutes(after)}"
    gap = signed(after - before)
    if gap in {"0", "—"}:
        return f"{what} reste à {minutes(after)}"
    return f"{what} passe de {minutes(before)} à {minutes(after)} ({gap})"


def _breaches(verdict: Verdict) -> str:
    forbidden = [v for v in verdict.introduced if v.severity is Severity.FORBIDDEN]
    if forbidden or not verdict.allowed:
        return "ce déplacement est interdit"
    worse, better = len(verdict.introduced), len(verdict.resolved)
    if not worse and not better:
        return "les règles ne changent pas d'avis"
    said = []
    if worse:
        said.append(plural(worse, "alerte nouvelle ou aggravée", "alertes nouvelles ou aggravées"))
    if better:
        said.append(plural(better, "alerte levée", "alertes levées"))
    return " et ".join(said)
