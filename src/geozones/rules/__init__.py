"""Rules of a plan and verdicts on moves of lycées, with reasons in words."""

from geozones.rules.check import check, check_around, check_sectors, check_zones
from geozones.rules.difference import Difference, difference
from geozones.rules.rule import (
    MINUTES,
    Rule,
    RuleContext,
    RuleOrigin,
    RuleScope,
    Severity,
    Violation,
)
from geozones.rules.rule_registry import REGISTRY
from geozones.rules.verdict import (
    Verdict,
    are_allowed,
    is_allowed,
    may_move,
    may_move_all,
    touched_zones,
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
