"""Who made the figures of a matrix."""

from dataclasses import dataclass, field

#: The engine whose figures are estimates, and are always shown as such.
ESTIMATE = "estimate"
#: What corrects the figures of an engine by journeys that were made.
JOURNAL = "journal"
_LABELS = {
    JOURNAL: "corrigé par les trajets du journal",
    "roadgraph": "modèle routier",
    ESTIMATE: "estimation à vol d'oiseau",
}


@dataclass(frozen=True)
class Provenance:
    """Who made the figures: engine, date, profile, parameters, data source and its licence."""

    engine: str
    date: str
    profile: str = "voiture"
    source: str = ""
    licence: str = ""
    parameters: dict[str, object] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """What made the figures, in French, for people who know no engine."""
        return _LABELS.get(self.engine, self.engine)

    @property
    def is_estimate(self) -> bool:
        """Whether the figures are estimates rather than a road engine's."""
        return self.engine == ESTIMATE
