"""Preview of moves made at once: figures before and after, breaches, a summary sentence."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from geozones.common.french import listing, of
from geozones.domain import Plan
from geozones.domain.terms import terms
from geozones.metrics import Change, Judgement, Values, metric
from geozones.metrics.headline_effects import sentences
from geozones.rules import Verdict, touched_zones
from geozones.workspace.moves.hours_change import hours_text
from geozones.workspace.moves.new_points import (
    PointsChange,
    points_brought_by,
    points_sentence,
)
from geozones.workspace.plan_comparison import headline
from geozones.workspace.plan_judgement import judge_studies
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
        """The effect in a few sentences: figures, what gets worse first, breaches, the whole."""
        verdict = self.verdict
        figures = sentences(self.headline).values()
        return (*figures, *verdict.reasons, *verdict.remarks, self.summary)

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
