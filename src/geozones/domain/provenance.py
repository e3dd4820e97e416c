"""Provenance of the figures of a travel-time matrix."""

from dataclasses import dataclass, field

#: Engine of straight-line estimates, always labelled as such.
ESTIMATE = "estimate"
#: Correction of an engine's figures by observed journeys.
JOURNAL = "journal"
_LABELS = {
    JOURNAL: "corrigé par les trajets du journal",
    "roadgraph": "modèle routier",
    ESTIMATE: "estimation à vol d'oiseau",
}


@dataclass(frozen=True)
class Provenance:
    """Provenance of figures: engine, date, profile, parameters, data source and its licence."""

    engine: str
    date: str
    profile: str = "voiture"
    source: str = ""
    licence: str = ""
    parameters: dict[str, object] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """French name of the engine, for people who know no engine."""
        return _LABELS.get(self.engine, self.engine)

    @property
    def is_estimate(self) -> bool:
        """Whether the figures are estimates rather than times of a road engine."""
        return self.engine == ESTIMATE
