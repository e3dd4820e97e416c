"""Health check of an installation: one finding for each part that the app depends on."""

from geozones.workspace.doctor.record import Finding, FindingState
from geozones.workspace.doctor.registry import CHECKS, examine

__all__ = ["CHECKS", "Finding", "FindingState", "examine"]
