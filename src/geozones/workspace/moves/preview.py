"""What a move would change: figures before and after, breaches, one sentence."""

from dataclasses import dataclass, replace

from geozones.common.french import minutes, of, plural, signed
from geozones.domain import Plan
from geozones.metrics import Judgement, Values, metric, number_of
from geozones.rules import Severity, Verdict
from geozones.workspace.figures import judge_studies
from geozones.workspace.study import Study


@dataclass(frozen=True, slots=True)
class MoveEffect:
    """A move looked at before it is made.

    Parameters
    ----------
    origin, target
        Ids of the zone that the lycée leaves and of the one it joins.
    verdict
        Whether it is allowed, and the breaches that it brings and ends.
    after
        The plan it leads to.
    zones, region
        Figures before and after, by metric key: of the two zones (ids), and of the region.
    judgement
        The plan's objective after, against before, given the error of minutes.
    sentence
        What it changes, in one French sentence.
    """

    lycee: str
    origin: str
    target: str
    verdict: Verdict
    after: Plan
    zones: dict[str, tuple[Values, Values]]
    region: tuple[Values, Values]
    judgement: Judgement
    sentence: str


def preview(study: Study, lycee: str, zone: str) -> MoveEffect:
    """Look at a move; raises ``UnknownLyceeError`` or ``UnknownZoneError``."""
    plan, evaluator = study.plan, study.evaluator
    origin = plan.zone_of(lycee).id
    verdict = study.may_move(lycee, zone)
    after = plan.move(lycee, zone)
    zones = {key: (evaluator.zone(plan, key), evaluator.zone(after, key)) for key in (origin, zone)}
    region = (evaluator.region(plan), evaluator.region(after))
    judgement = judge_studies(study, study.with_plan(after))
    effect = MoveEffect(lycee, origin, zone, verdict, after, zones, region, judgement, sentence="")
    return replace(effect, sentence=_sentence(study, effect))


def _joint_max(values: list[Values]) -> float | None:
    longest = (number_of(entry["max_minutes"]) for entry in values)
    return max((value for value in longest if value is not None), default=None)


def _joint_mean(values: list[Values]) -> float | None:
    """Mean minutes over the pairs of some zones, each weighing its number of pairs."""
    total, pairs = 0.0, 0.0
    for entry in values:
        size, mean = number_of(entry["lycees"]), number_of(entry["mean_minutes"])
        if size is not None and mean is not None:
            total += size * (size - 1) / 2 * mean
            pairs += size * (size - 1) / 2
    return total / pairs if pairs else None


def _sentence(study: Study, effect: MoveEffect) -> str:
    name = study.name(effect.lycee)
    target, origin = study.plan.zone(effect.target), study.plan.zone(effect.origin)
    if effect.origin == effect.target:
        return f"{name} est déjà dans la zone {target.name} : rien ne change."
    before, after = ([pair[side] for pair in effect.zones.values()] for side in (0, 1))
    parts = [
        f"c'est {effect.judgement.text}",
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
    for record in (metric("unmet"), metric("uncovered")):
        known = [[number_of(entry[record.key]) for entry in values] for values in (before, after)]
        first, then = (sum(filter(None, counts)) for counts in known)
        if first != then:
            name = record.label[0].lower() + record.label[1:]
            said.append(f"{name} : {record.write(first)} → {record.write(then)}")
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
