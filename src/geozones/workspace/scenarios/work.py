"""A scenario on screen: its history, and what the store holds of it."""

from dataclasses import dataclass, field

from geozones.common.errors import InputError
from geozones.domain import Event, Plan, Scenario
from geozones.domain.events import State
from geozones.domain.timeline import Timeline

PUBLISHED = "le plan livré"


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
        What someone else made of it meanwhile, to choose from; ``None`` for none.
    """

    timeline: Timeline
    scenario: Scenario | None = None
    origin: str = PUBLISHED
    pending: tuple[Event, ...] = ()
    problem: str | None = None
    conflict: "Work | None" = field(default=None, repr=False)

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
        return "Nouvel essai" if self.scenario is None else self.scenario.name

    @property
    def is_dirty(self) -> bool:
        """Whether something on screen is not in the store."""
        return bool(self.pending)

    @property
    def saved(self) -> Scenario:
        """The scenario as the store holds it; raises ``InputError`` where it is not there whole."""
        if self.scenario is None or self.pending:
            msg = "Ce scénario n'est pas encore enregistré : faites un premier déplacement."
            raise InputError(msg)
        return self.scenario
