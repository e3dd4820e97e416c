"""The values everything else is computed from: lycées, zones, sectors, plans, travel times."""

from geozones.domain.entities import Lycee, Sector, Status, Zone
from geozones.domain.errors import (
    ConflictError,
    DataFileError,
    EngineAnswerError,
    EngineCancelledError,
    EngineError,
    EngineKeyError,
    EngineQuotaError,
    EngineUnavailableError,
    GeozonesError,
    InputError,
    NoRouteError,
    PlanFileError,
    SearchCancelledError,
    StoreError,
    UnknownLyceeError,
    UnknownPlaceError,
    UnknownScenarioError,
    UnknownSectorError,
    UnknownZoneError,
)
from geozones.domain.plan import Plan
from geozones.domain.scenario import (
    Decision,
    Event,
    Scenario,
    ScenarioStatus,
    ScenarioSummary,
)
from geozones.domain.settings import ObjectiveWeights, Settings
from geozones.domain.times import Provenance, TravelTimes
from geozones.domain.uai import is_uai, uai_key

__all__ = [
    "ConflictError",
    "DataFileError",
    "Decision",
    "EngineAnswerError",
    "EngineCancelledError",
    "EngineError",
    "EngineKeyError",
    "EngineQuotaError",
    "EngineUnavailableError",
    "Event",
    "GeozonesError",
    "InputError",
    "Lycee",
    "NoRouteError",
    "ObjectiveWeights",
    "Plan",
    "PlanFileError",
    "Provenance",
    "Scenario",
    "ScenarioStatus",
    "ScenarioSummary",
    "SearchCancelledError",
    "Sector",
    "Settings",
    "Status",
    "StoreError",
    "TravelTimes",
    "UnknownLyceeError",
    "UnknownPlaceError",
    "UnknownScenarioError",
    "UnknownSectorError",
    "UnknownZoneError",
    "Zone",
    "is_uai",
    "uai_key",
]
