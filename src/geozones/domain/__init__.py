"""Core values: lycées, zones, sectors, plans, events, travel times; no files.

May import `common`. Names load their module when first used: a command without a plan does not wait
for numpy.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from geozones.domain.errors import (
        ConflictError,
        DamagedScenarioError,
        EngineAnswerError,
        EngineCancelledError,
        EngineError,
        EngineKeyError,
        EngineMissingError,
        EngineQuotaError,
        EngineUnavailableError,
        ExecutorError,
        ExportError,
        GeocoderAnswerError,
        GeocoderError,
        GeocoderQuotaError,
        GeocoderUnavailableError,
        PlanFileError,
        PublicationConflictError,
        SearchCancelledError,
        StoreError,
        UnknownLyceeError,
        UnknownPlaceError,
        UnknownPublicationError,
        UnknownScenarioError,
        UnknownSectorError,
        UnknownZoneError,
    )
    from geozones.domain.identifiers import is_uai, uai_key
    from geozones.domain.plan import DecisionStatus, Lycee, Milestone, Origin, Plan, Sector, Zone
    from geozones.domain.publications import Publication
    from geozones.domain.scenario import (
        Decision,
        Event,
        Scenario,
        ScenarioStatus,
        ScenarioSummary,
    )
    from geozones.domain.settings import ObjectiveWeights, Settings
    from geozones.domain.times import Provenance, TravelTimes

__all__ = [
    "ConflictError",
    "DamagedScenarioError",
    "Decision",
    "DecisionStatus",
    "EngineAnswerError",
    "EngineCancelledError",
    "EngineError",
    "EngineKeyError",
    "EngineMissingError",
    "EngineQuotaError",
    "EngineUnavailableError",
    "Event",
    "ExecutorError",
    "ExportError",
    "GeocoderAnswerError",
    "GeocoderError",
    "GeocoderQuotaError",
    "GeocoderUnavailableError",
    "Lycee",
    "Milestone",
    "ObjectiveWeights",
    "Origin",
    "Plan",
    "PlanFileError",
    "Provenance",
    "Publication",
    "PublicationConflictError",
    "Scenario",
    "ScenarioStatus",
    "ScenarioSummary",
    "SearchCancelledError",
    "Sector",
    "Settings",
    "StoreError",
    "TravelTimes",
    "UnknownLyceeError",
    "UnknownPlaceError",
    "UnknownPublicationError",
    "UnknownScenarioError",
    "UnknownSectorError",
    "UnknownZoneError",
    "Zone",
    "is_uai",
    "uai_key",
]
#: Modules of these names, those that import nothing else first.
_MODULES = (
    "errors",
    "identifiers",
    "settings",
    "plan",
    "times",
    "scenario",
    "publications",
)


def __getattr__(name: str) -> Any:  # noqa: ANN401 - of that name
    if name in __all__:
        for module in _MODULES:
            found = vars(import_module(f"{__name__}.{module}"))
            if name in found:
                globals()[name] = found[name]
                return found[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
