"""The values everything else is computed from: lycées, zones, sectors, plans, travel times."""

from geozones.domain.entities import Lycee, Sector, Status, Zone
from geozones.domain.errors import (
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
    UnknownLyceeError,
    UnknownPlaceError,
    UnknownSectorError,
    UnknownZoneError,
)
from geozones.domain.history import History, Move
from geozones.domain.plan import Plan
from geozones.domain.settings import ObjectiveWeights, Settings
from geozones.domain.times import Provenance, TravelTimes
from geozones.domain.uai import is_uai, uai_key

__all__ = [
    "DataFileError",
    "EngineAnswerError",
    "EngineCancelledError",
    "EngineError",
    "EngineKeyError",
    "EngineQuotaError",
    "EngineUnavailableError",
    "GeozonesError",
    "History",
    "InputError",
    "Lycee",
    "Move",
    "NoRouteError",
    "ObjectiveWeights",
    "Plan",
    "PlanFileError",
    "Provenance",
    "Sector",
    "Settings",
    "Status",
    "TravelTimes",
    "UnknownLyceeError",
    "UnknownPlaceError",
    "UnknownSectorError",
    "UnknownZoneError",
    "Zone",
    "is_uai",
    "uai_key",
]
