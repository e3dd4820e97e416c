"""A list that someone brings: read, resolved, located, made into a plan.

What a page shows of the reading of a list is handed on here: it asks the use cases, not the intake.
"""

from geozones.intake.report import LEAVE, NEW, AmbiguousRow, Repair, Report

__all__ = ["LEAVE", "NEW", "AmbiguousRow", "Repair", "Report"]
