"""Provenance of the figures of a travel-time matrix."""

from dataclasses import dataclass, field

#: Engine of straight-line estimates, always labelled as such.
ESTIMATE = "estimate"
#: Correction of an engine's figures by observed journeys.
JOURNAL = "journal"
#: Parameter of a matrix whose intervals were measured: ``{"drives": 107, "held": 90}``.
INTERVAL_CHECK = "interval_check"
_LABELS = {
    JOURNAL: "corrigé par les trajets du journal",
    "shipped": "matrice livrée",
    "roadgraph": "modèle routier",
    ESTIMATE: "estimation à vol d'oiseau",
}


@dataclass(frozen=True, slots=True)
class IntervalCheck:
    """Control drives that the intervals were measured on, and how many of them fell inside."""

    drives: int
    held: int

    @property
    def percent(self) -> float:
        """Share of the control drives inside their interval, in %."""
        return 100 * self.held / self.drives


def engine_label(engine: str) -> str:
    """Return the French name of an engine; that of a product is its own."""
    return _LABELS.get(engine, engine)


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
        return engine_label(self.engine)

    @property
    def interval_check(self) -> "IntervalCheck | None":
        """How many control drives the intervals held; ``None`` if they were not measured."""
        match self.parameters.get(INTERVAL_CHECK):
            case {"drives": int(drives), "held": int(held)} if 0 <= held <= drives and drives:
                return IntervalCheck(drives, held)
        return None

    @property
    def is_estimate(self) -> bool:
        """Whether the figures are estimates rather than times of a road engine."""
        return self.engine == ESTIMATE
