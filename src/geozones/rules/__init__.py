"""Rules of a plan and verdicts on moves of lycées, with reasons in words."""

from geozones.rules.check import check, check_around, check_sectors, check_zones
from geozones.rules.difference import Difference, difference
from geozones.rules.rule import Rule, RuleContext, RuleOrigin, RuleScope, Severity, Violation
from geozones.rules.rule_registry import REGISTRY
from geozones.rules.verdict import Verdict, is_allowed, may_move

__all__ = [
    "REGISTRY",
    "Difference",
    "Rule",
    "RuleContext",
    "RuleOrigin",
    "RuleScope",
    "Severity",
    "Verdict",
    "Violation",
    "check",
    "check_around",
    "check_sectors",
    "check_zones",
    "difference",
    "is_allowed",
    "may_move",
]
