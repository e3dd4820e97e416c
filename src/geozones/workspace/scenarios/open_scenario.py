"""Open scenario of a session: its history, and its stored state."""

from dataclasses import dataclass, field, replace

from geozones.common.errors import InputError
from geozones.domain import Event, Plan, Scenario, ScenarioStatus
from geozones.domain.events import State
from geozones.domain.kept_figures import KeptFigures
from geozones.domain.timeline import Timeline
from geozones.workspace.analysis import Analysis
from geozones.workspace.study import Study, study_of


@dataclass(frozen=True)
class Work:
    """An open scenario, saved or not; immutable, every change returns a new one.

    Parameters
    ----------
    timeline
        Its history in this session.
    scenario
        Its stored state; ``None`` until the first change is saved.
    origin
        Where its base plan comes from, in words.
    pending
        Unsaved events; saved with the next change.
    problem
        Why the pending events could not be saved.
    conflict
        Others' changes to the same things, for the user to choose; ``None`` for none.
    others
        Ids of the events that came from others since this session opened it.
    undone
        The user's undone events, undone from among others' events, the last one last; redo
        re-applies them.
    gone
        A sentence if someone deleted it meanwhile; empty otherwise.
    title
        Its name once it is saved; empty for a default name.
    follows
        Whether it started on the baseline, and follows it until the first change.
    read_only
        Whether the user may not change it: changes go into a copy.
    notice
        Message about the last change for the user, in a sentence.
    kept
        Figures kept with a frozen version; ``None`` for a scenario, whose figures are today's.
    source
        The scenario (id) that a frozen version is a copy of; empty if unknown. Never shown: whoever
        has it may ask for the scenario itself.
    """

    timeline: Timeline
    scenario: Scenario | None = None
    origin: str = ""
    pending: tuple[Event, ...] = ()
    problem: str | None = None
    conflict: "Conflict | None" = field(default=None, repr=False)
    others: frozenset[str] = frozenset()
    undone: tuple[Event, ...] = ()
    gone: str = ""
    title: str = ""
    follows: bool = False
    read_only: bool = False
    notice: str = ""
    kept: KeptFigures | None = None
    source: str = ""

    @property
    def plan(self) -> Plan:
        """The plan of the current state."""
        return self.timeline.plan

    @property
    def state(self) -> State:
        """The current state: plan, locks, and people's choices for zones."""
        return self.timeline.state

    @property
    def base(self) -> Plan:
        """The plan that it starts from."""
        return self.timeline.start.plan

    @property
    def name(self) -> str:
        """Its name."""
        return (self.title or "Nouveau scénario") if self.scenario is None else self.scenario.name

    @property
    def is_retained(self) -> bool:
        """Whether it is retained: it can no longer change, only a copy can."""
        return self.scenario is not None and self.scenario.status is ScenarioStatus.KEPT

    @property
    def is_untouched(self) -> bool:
        """Whether it is still the unchanged baseline."""
        return self.follows and self.scenario is None and not self.timeline.events

    @property
    def is_dirty(self) -> bool:
        """Whether it has unsaved events."""
        return bool(self.pending)

    @property
    def saved(self) -> Scenario:
        """The stored scenario; raise ``InputError`` if it is missing or has unsaved changes."""
        if self.gone:
            msg = f"{self.gone} Gardez-en d'abord une copie, depuis la carte."
            raise InputError(msg)
        if self.scenario is None or self.pending:
            msg = "Ce scénario n'est pas encore enregistré : faites un premier déplacement."
            raise InputError(msg)
        return self.scenario


@dataclass(frozen=True)
class Conflict:
    """Conflicting changes of two people; ``question`` asks in French which to keep.

    ``theirs`` is the scenario as stored.
    """

    theirs: Work
    question: str


def study_of_work(analysis: Analysis, work: Work) -> Study:
    """Return the current state of a work as a study, under the hypotheses of an analysis.

    Raises
    ------
    InputError
        If the land cannot be shared out between its locations.
    """
    own = analysis_of_work(analysis, work)
    return study_of(own, work.state, retained=work.is_retained, kept=work.kept)


def analysis_of_work(analysis: Analysis, work: Work) -> Analysis:
    """Return the analysis with the starting plan of a work, if it starts from an earlier one.

    A scenario keeps the starting plan that it was made from as its baseline when newer drafts
    replace it, until a plan comes in force.
    """
    held, zones = analysis.baseline, work.base.zone_by_lycee
    if held.is_in_force or held.plan.zone_by_lycee == zones:
        return analysis
    for starting in analysis.territory.atlas.data.earlier_starting_plans:
        if starting.plan.zone_by_lycee == zones:
            return analysis.with_baseline(replace(starting.baseline(), problem=held.problem))
    return analysis
