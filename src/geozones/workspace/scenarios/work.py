"""A scenario on screen: its history, and what the store holds of it."""

from dataclasses import dataclass, field

from geozones.common.errors import InputError
from geozones.domain import Event, Plan, Scenario, ScenarioStatus
from geozones.domain.events import State
from geozones.domain.timeline import Timeline
from geozones.workspace.analysis import Analysis
from geozones.workspace.study import Study, study_of

#: Where a scenario starts from, in words, unless it is told otherwise.
IN_FORCE = "le plan en vigueur"


@dataclass(frozen=True)
class Work:
    """A scenario on screen, saved or not; every change makes another one.

    Parameters
    ----------
    timeline
        Its history, as this session sees it.
    scenario
        What the store holds of it; ``None`` until the first change is saved.
    origin
        Where its base comes from, in words.
    pending
        Events that could not be saved yet; tried again with the next one.
    problem
        Why they could not be.
    conflict
        What someone else made of the same things meanwhile, to choose from; ``None`` for none.
    others
        Ids of the events that came from others since this session opened it.
    undone
        One's own events taken back from among others', the last last: redo makes them again.
    gone
        That someone deleted it meanwhile, in a sentence; empty while it is kept.
    title
        How it will be called once it is saved; empty for a name of the tool.
    follows
        Whether it was begun on the plan in force, whichever that is when something is made of it.
    read_only
        Whether it is others' to change: a copy takes the user's changes.
    said
        What its user is to be told of the last change, in a sentence.
    """

    timeline: Timeline
    scenario: Scenario | None = None
    origin: str = IN_FORCE
    pending: tuple[Event, ...] = ()
    problem: str | None = None
    conflict: "Conflict | None" = field(default=None, repr=False)
    others: frozenset[str] = frozenset()
    undone: tuple[Event, ...] = ()
    gone: str = ""
    title: str = ""
    follows: bool = False
    read_only: bool = False
    said: str = ""

    @property
    def plan(self) -> Plan:
        """The plan on screen."""
        return self.timeline.plan

    @property
    def state(self) -> State:
        """The plan, the locks, and what people chose for their zones."""
        return self.timeline.state

    @property
    def base(self) -> Plan:
        """The plan it starts from."""
        return self.timeline.start.plan

    @property
    def name(self) -> str:
        """How it is called."""
        return (self.title or "Nouvel essai") if self.scenario is None else self.scenario.name

    @property
    def is_retained(self) -> bool:
        """Whether it was decided on: it changes no more, a copy does."""
        return self.scenario is not None and self.scenario.status is ScenarioStatus.KEPT

    @property
    def is_untouched(self) -> bool:
        """Whether nothing was made of the plan in force yet."""
        return self.follows and self.scenario is None and not self.timeline.events

    @property
    def is_dirty(self) -> bool:
        """Whether something on screen is not in the store."""
        return bool(self.pending)

    @property
    def saved(self) -> Scenario:
        """The scenario as the store holds it; raises ``InputError`` where it is not there whole."""
        if self.gone:
            msg = f"{self.gone} Gardez-en d'abord une copie, depuis la carte."
            raise InputError(msg)
        if self.scenario is None or self.pending:
            msg = "Ce scénario n'est pas encore enregistré : faites un premier déplacement."
            raise InputError(msg)
        return self.scenario


@dataclass(frozen=True)
class Conflict:
    """Changes of two people that do not hold together: ``question`` asks in French which to keep.

    ``theirs`` is the scenario as the store holds it.
    """

    theirs: Work
    question: str


def study_of_work(analysis: Analysis, work: Work) -> Study:
    """Return a scenario as it is on screen, under the hypotheses of an analysis.

    Raises
    ------
    InputError
        If the land cannot be shared out between its locations.
    """
    return study_of(analysis, work.state, retained=work.is_retained)
