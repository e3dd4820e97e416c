"""Thresholds and weights, in one place, shown to the user as they are."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ObjectiveWeights:
    """Weights of the objective of a plan (see ``domain.objective``), in minutes of penalty."""

    alone: float = 120.0
    size_one: float = 200.0
    size_two: float = 60.0
    per_lycee_above: float = 20.0
    size_limit: int = 5


@dataclass(frozen=True, slots=True)
class Settings:
    """What the rules ask of a zone.

    ``zone_min`` and ``zone_max`` come from the source document ("moyenne de 3 à 5 lycées par zone
    de continuité"); ``max_minutes`` is this tool's default, to be set by the planners.
    """

    zone_min: int = 3
    zone_max: int = 5
    max_minutes: float = 45.0
    weights: ObjectiveWeights = field(default_factory=ObjectiveWeights)
