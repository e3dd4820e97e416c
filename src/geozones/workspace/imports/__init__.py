"""Import of a user's list: read, resolved, located, turned into a plan.

The names below come from the intake: pages import them here, since they may not import the intake.
"""

from geozones.intake.import_report import (
    LEAVE,
    NEW,
    AmbiguousRow,
    MatchCandidate,
    Repair,
    Report,
)

__all__ = ["LEAVE", "NEW", "AmbiguousRow", "MatchCandidate", "Repair", "Report"]
