"""Record types of a rule and of its breach."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from geozones.domain import Lycee, Plan, Settings, TravelTimes
from geozones.domain.settings import documented
from geozones.domain.teams import Teams


class Severity(StrEnum):
    """Severity of a breach; only a forbidden breach refuses the change that causes it.

    Information is worth knowing but no alert: it is neither counted nor reported as worse.
    """

    INFO = "information"
    WARNING = "avertissement"
    FORBIDDEN = "interdit"


class RuleOrigin(StrEnum):
    """Origin of a rule: the Région's document, this tool, or the planner who set its bound."""

    DOCUMENT = "document"
    TOOL = "outil"
    YOURS = "vous"

    @property
    def label(self) -> str:
        """Return the name of this origin, on screen and in files."""
        if self is RuleOrigin.DOCUMENT:
            return documented("règle du document", "règle du réseau")
        return _ORIGIN_LABELS[self]


_ORIGIN_LABELS = {
    RuleOrigin.TOOL: "règle de l'outil",
    RuleOrigin.YOURS: "votre règle",
}


#: Unit of a breach whose measure is the minutes between two lycées.
MINUTES = "min"


class RuleScope(StrEnum):
    """Scope of a rule: each zone, or each sector."""

    ZONE = "zone"
    SECTOR = "secteur"


def _as_it_is(plan: Plan) -> Plan:
    return plan


@dataclass(frozen=True)
class RuleContext:
    """Inputs of rules, besides the plan.

    ``reference`` is the plan whose sectors count as the starting point (the shipped one);
    ``neighbours`` maps each lycée id to the lycées whose cells touch its own; ``teams`` holds the
    posts, none by default; ``named`` gives a plan made by moves the names that its zones show.
    """

    lycees: Mapping[str, Lycee]
    times: TravelTimes
    neighbours: Mapping[str, frozenset[str]]
    reference: Plan
    settings: Settings
    teams: Teams = field(default_factory=Teams)
    named: Callable[[Plan], Plan] = _as_it_is

    def name(self, lycee: str) -> str:
        """Return the name of a lycée in a sentence (see `Lycee.label`)."""
        return self.lycees[lycee].label


@dataclass(frozen=True, slots=True)
class Violation:
    """Breach of a rule in a zone or a sector, as one French sentence.

    ``zone`` is ``None`` if the rule judges the whole of ``sector``, which is ``None`` otherwise.
    ``lycees`` (ids) are the lycées in the sentence: all of the zone if it is about the zone.
    ``measure`` grows with the breach (minutes, lycées too many, pieces), so that two states of the
    same breach can be compared. ``per_lycee``: the zone may break the rule several times, each time
    for other lycées; with ``post`` (id), each time for another post; otherwise it breaks it once,
    whichever its lycées. ``to_confirm``: its threshold is inside the interval of its minutes.
    ``unit`` is that of ``measure``, if it is worth a figure: `MINUTES` between its lycées, pieces.
    """

    rule: str
    severity: Severity
    origin: RuleOrigin
    zone: str | None
    lycees: tuple[str, ...]
    message: str
    measure: float = 1.0
    per_lycee: bool = False
    sector: str | None = None
    post: str | None = None
    to_confirm: bool = False
    unit: str = ""

    @property
    def key(self) -> tuple[str, str, tuple[str, ...]]:
        """Identity of the breach before and after a move."""
        part = self.lycees if self.per_lycee else () if self.post is None else (self.post,)
        return (self.rule, self.zone or self.sector or "", part)

    @property
    def is_alert(self) -> bool:
        """Return whether the breach is more than information."""
        return self.severity is not Severity.INFO

    def sector_in(self, plan: Plan) -> str:
        """Return the sector (id) of the breach, in the plan that breaks the rule."""
        return self.sector or plan.zone(self.zone or "").sector


@dataclass(frozen=True, slots=True)
class Rule:
    """Rule of a plan: key, highest severity, origin, check."""

    key: str
    severity: Severity
    origin: RuleOrigin
    #: Returns the breaches of this rule in one zone or sector (id) of a plan, according to
    #: ``scope``.
    check: Callable[["Rule", Plan, str, RuleContext], tuple[Violation, ...]]
    scope: RuleScope = RuleScope.ZONE
    #: Returns whether a planner chose its bound in some settings, and so owns the rule.
    set_by: Callable[[Settings], bool] | None = None

    def breach(
        self, place: str, lycees: tuple[str, ...], message: str, measure: float = 1.0
    ) -> Violation:
        """Return a breach of this rule in a zone or a sector (id); see `Violation`."""
        whole = self.scope is RuleScope.SECTOR
        return Violation(
            self.key,
            self.severity,
            self.origin,
            None if whole else place,
            lycees,
            message,
            measure,
            sector=place if whole else None,
        )
