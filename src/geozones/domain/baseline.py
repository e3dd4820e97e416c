"""Baseline, the plan that every change, comparison and rule is counted from.

It is the plan in force, or the starting plan as long as none is in force. The only place that names
it and says its standing.
"""

from dataclasses import dataclass, field

from geozones.common.french import inside, long_date
from geozones.domain.kept_figures import KeptFigures
from geozones.domain.places import LocationOverrides
from geozones.domain.plan import Plan
from geozones.domain.publications import SHIPPED_ID, STARTING_NAME


@dataclass(frozen=True)
class Baseline:
    """Plan in force or starting plan, and its publication.

    Parameters
    ----------
    plan
        The plan.
    places
        Lycées that the data folder lacks and positions corrected by hand, which the plan needs.
    publication
        The publication (id) of the plan.
    since
        The day from which it is in force (ISO); empty for a starting plan, which is not.
    approved_by, reference, second
        Who approved it, the reference of the decision, and the second approval in French; each may
        be empty.
    statement
        Content of a starting plan, in French; empty for a plan in force.
    problem
        Why another plan may be in force, in French: some publications could not be read.
    figures
        Figures kept with its publication; ``None`` for a plan that the data folder gives.
    """

    plan: Plan
    places: LocationOverrides = field(default_factory=LocationOverrides)
    publication: str = SHIPPED_ID
    since: str = ""
    approved_by: str = ""
    reference: str = ""
    second: str = ""
    statement: str = ""
    problem: str = ""
    figures: KeptFigures | None = None

    @property
    def is_in_force(self) -> bool:
        """Whether the plan is in force: published, or dated by the data folder."""
        return bool(self.since)

    @property
    def name(self) -> str:
        """Its name: « Plan en vigueur » or « Plan de départ »."""
        return "Plan en vigueur" if self.is_in_force else STARTING_NAME

    @property
    def noun(self) -> str:
        """Its name inside a sentence, after « le », « du » or « au »."""
        return inside(self.name)

    @property
    def terms(self) -> str:
        """Who approved it, and the decision: ``approuvé par Grace Hopper, référence n° 12``."""
        return plan_terms(self.approved_by, self.reference, self.second)

    @property
    def status(self) -> str:
        """Since when it is in force and its terms; the content of a starting plan."""
        if not self.is_in_force:
            return self.statement
        return ", ".join(filter(None, (f"depuis le {long_date(self.since)}", self.terms)))

    @property
    def origin(self) -> str:
        """Origin written in a scenario that starts from this plan, in French."""
        return f"la {title_of(self.since)}" if self.is_in_force else f"le {self.noun}"


def plan_terms(approved_by: str, reference: str, second: str = "") -> str:
    """Return who approved a plan, the decision, and the second approver, in French; "" for none."""
    phrases = [f"approuvé par {approved_by}"] if approved_by else []
    phrases += [f"référence {reference}"] if reference else []
    return ", ".join([*phrases, second] if second else phrases)


def title_of(since: str) -> str:
    """Return the title of a publication, by effective day: « publication du 11 juin 2025 »."""
    return f"publication du {long_date(since)}"
