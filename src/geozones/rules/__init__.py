"""Rules of a plan, their breaches, and verdicts on moves of lycées, in French sentences.

May import `common`, `domain`, `territory`.
"""

from geozones.rules.check import (
    Difference,
    Verdict,
    are_allowed,
    check,
    check_around,
    check_sectors,
    check_zones,
    difference,
    is_allowed,
    may_move,
    may_move_all,
    touched_zones,
)
from geozones.rules.rule_registry import (
    MINUTES,
    REGISTRY,
    Rule,
    RuleContext,
    RuleOrigin,
    RuleScope,
    Severity,
    Violation,
)

__all__ = [
    "MINUTES",
    "REGISTRY",
    "Difference",
    "Rule",
    "RuleContext",
    "RuleOrigin",
    "RuleScope",
    "Severity",
    "Verdict",
    "Violation",
    "are_allowed",
    "check",
    "check_around",
    "check_sectors",
    "check_zones",
    "difference",
    "is_allowed",
    "may_move",
    "may_move_all",
    "touched_zones",
]
