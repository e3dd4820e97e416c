"""State of a scenario at a point of its history."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from geozones.domain.adopted_hypotheses import AdoptedHypotheses
from geozones.domain.locks import Locks
from geozones.domain.places import LocationOverrides
from geozones.domain.plan import Plan
from geozones.domain.story import Story
from geozones.domain.teams import Teams


@dataclass(frozen=True)
class State:
    """State of a scenario: plan, locks, choices for zones, and its own places.

    Parameters
    ----------
    colours
        Zone → ``#rrggbb``, where someone chose another colour than the palette's.
    pivots
        Zone → lycée, where someone chose another pivot than the computed one.
    places
        Lycées that the data folder lacks, and positions corrected by hand.
    teams
        Needs and posts; the names of post holders are not part of a scenario.
    story
        The story of its webinar; ``None`` for the default story.
    adopted
        Hypotheses and drive corrections adopted from a journal.
    """

    plan: Plan
    locks: Locks = field(default_factory=Locks)
    colours: Mapping[str, str] = field(default_factory=dict)
    pivots: Mapping[str, str] = field(default_factory=dict)
    places: LocationOverrides = field(default_factory=LocationOverrides)
    teams: Teams = field(default_factory=Teams)
    story: Story | None = None
    adopted: AdoptedHypotheses = field(default_factory=AdoptedHypotheses)
