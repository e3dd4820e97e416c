"""Whether an installation is fit to serve: one finding for each thing that it stands on."""

from geozones.workspace.doctor.record import Finding, State
from geozones.workspace.doctor.registry import CHECKS, examine

__all__ = ["CHECKS", "Finding", "State", "examine"]
