"""Preview of a move: figures before and after, breaches, a summary sentence."""

from dataclasses import dataclass, replace

from geozones.common.french import of, plural
from geozones.domain import Plan
from geozones.metrics import Change, Judgement, Values
from geozones.metrics.headline_effects import sentences
from geozones.rules import Verdict
from geozones.workspace.plan_comparison import headline
from geozones.workspace.plan_judgement import judge_studies
from geozones.workspace.study import Study


@dataclass(frozen=True, slots=True)
class MoveEffect:
    """Effect of a move, computed before the move is made.

    Parameters
    ----------
    origin, target
        Ids of the zones that the lycée leaves and joins.
    verdict
        Whether the move is allowed, and the breaches that it brings and ends.
    after
        The plan after the move.
    zones, region
        Figures before and after, by metric key: of the two zones (ids), and of the region.
    headline
        Changes of the headline figures, deteriorations first: of both zones taken together, and the
        region's points to watch.
    judgement
        The plan's objective after, against before, given the error of minutes.
    sentence
        The effect in one French sentence.
    """

    lycee: str
    origin: str
    target: str
    verdict: Verdict
    after: Plan
    zones: dict[str, tuple[Values, Values]]
    region: tuple[Values, Values]
    headline: tuple[Change, ...]
    judgement: Judgement
    sentence: str

    @property
    def summary(self) -> str:
        """Overall comparison in a French sentence; `sentence` for a null or forbidden move."""
        if self.origin == self.target or not self.verdict.allowed:
            return self.sentence
        return f"Au total, c'est {self.judgement.text}."

    @property
    def is_worse(self) -> bool:
        """Whether anything gets worse: a figure, an alert, or the whole."""
        return (
            bool(self.verdict.introduced)
            or self.judgement.is_better is False
            or any(change.better is False for change in self.headline)
        )


def preview(study: Study, lycee: str, zone: str) -> MoveEffect:
    """Compute the effect of a move; raise ``UnknownLyceeError`` or ``UnknownZoneError``."""
    plan, evaluator = study.plan, study.evaluator
    origin = plan.zone_of(lycee).id
    verdict = study.may_move(lycee, zone)
    after = plan.move(lycee, zone)
    zones = {key: (evaluator.zone(plan, key), evaluator.zone(after, key)) for key in (origin, zone)}
    region = (evaluator.region(plan), evaluator.region(after))
    then = study.with_plan(after)
    effect = MoveEffect(
        lycee, origin, zone, verdict, after, zones, region,
        headline=headline(study, then, touched=True),
        judgement=judge_studies(study, then),
        sentence="",
    )  # fmt: skip
    return replace(effect, sentence=_sentence(study, effect))


def _sentence(study: Study, effect: MoveEffect) -> str:
    """Describe where the lycée goes, then what gets worse, then the rest."""
    name = study.name(effect.lycee)
    target, origin = study.plan.zone(effect.target), study.plan.zone(effect.origin)
    if effect.origin == effect.target:
        return f"{name} est déjà dans la zone {target.name} : rien ne change."
    goes = f"{name} passe {of(origin.name)} à {target.name}."
    if not effect.verdict.allowed:
        return f"{goes} Ce déplacement est interdit."
    effects = sentences(effect.headline, *_alerts(effect.verdict)).values()
    return " ".join((goes, *effects, effect.summary))


def _alerts(verdict: Verdict) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Describe how many alerts a move brings or worsens, and how many it ends."""
    worse, better = len(verdict.introduced), len(verdict.resolved)
    return (
        (plural(worse, "alerte nouvelle ou aggravée", "alertes nouvelles ou aggravées"),)
        if worse
        else (),
        (plural(better, "alerte levée", "alertes levées"),) if better else (),
    )
