"""Registry of rules, in the order of listing. A new rule is a module and a line here."""

from geozones.rules import (
    contiguity,
    minutes,
    posts,
    sectors,
    size,
)
from geozones.rules.rule import Rule

REGISTRY: tuple[Rule, ...] = (
    sectors.CENTRE,
    size.EMPTY,
    size.AVERAGE,
    size.SIZE,
    minutes.RULE,
    contiguity.RULE,
    sectors.CHANGE,
    posts.DEDICATED,
    posts.SHARED,
)
