"""Preview of a move: figures before and after, breaches, a summary sentence."""

from dataclasses import dataclass, replace

from geozones.common.french import of, plural
from geozones.domain import Plan
from geozones.metrics import Change, Judgement, Values, metric
from geozones.metrics.headline_effects import sentences
from geozones.rules import Verdict
from geozones.workspace.moves.hours_change import hours_text
from geozones.workspace.moves.new_points import points_brought_by
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
    hours, more_points
        Changes of the plan's yearly hours, and of the count of its points to watch.
    answer
        The effect in three lines, for the message after the move.
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
    hours: Change
    more_points: int
    answer: str
    sentence: str

    @property
    def summary(self) -> str:
        """Overall comparison in a French sentence; `sentence` for a null or forbidden move."""
        if self.origin == self.target or not self.verdict.allowed:
            return self.sentence
        return f"Au total : {self.judgement.text}."

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
        hours=Change(metric("total_hours"), study.cost().total_hours, then.cost().total_hours),
        more_points=points_brought_by(study, after, (origin, zone)),
        answer="",
        sentence="",
    )  # fmt: skip
    return replace(effect, answer=_answer(study, effect), sentence=_sentence(study, effect))


def _answer(study: Study, effect: MoveEffect) -> str:
    """Answer a gesture in three lines: where the lycée goes, hours a year, points to watch."""
    name, target = study.name(effect.lycee), study.plan.zone(effect.target)
    hours = f"{hours_text(effect.hours)} par an, {effect.judgement.text}"
    more = effect.more_points
    count = plural(abs(more), "point") if more else "aucun point"
    points = f"{count} de vigilance de {'moins' if more < 0 else 'plus'}"
    return f"{name} rejoint {target.name}.\n{hours}.\n{points[:1].upper()}{points[1:]}."


def _sentence(study: Study, effect: MoveEffect) -> str:
    """Describe where the lycée goes, then what gets worse, then the rest."""
    name = study.name(effect.lycee)
    target, origin = study.plan.zone(effect.target), study.plan.zone(effect.origin)
    if effect.origin == effect.target:
        return f"{name} est déjà dans la zone {target.name} : rien ne change."
    goes = f"{name} passe {of(origin.name)} à {target.name}."
    if not effect.verdict.allowed:
        return f"{goes} Ce déplacement est interdit."
    effects = sentences(effect.headline).values()
    return " ".join((goes, *effects, effect.summary))
