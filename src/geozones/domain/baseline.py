"""Plan in force, the reference of every change, comparison and rule."""

from dataclasses import dataclass, field

from geozones.common.french import long_date
from geozones.domain.places import LocationOverrides
from geozones.domain.plan import Plan
from geozones.domain.publications import SHIPPED_ID


@dataclass(frozen=True)
class Baseline:
    """Plan in force, and its publication.

    Parameters
    ----------
    plan
        The plan.
    places
        Lycées that the data folder lacks and positions corrected by hand, which the plan needs.
    publication
        The publication (id) of the plan.
    since
        The day from which it is in force (ISO); empty where it is not known.
    approved_by, reference, second
        Who approved it, the reference of the decision, and the second approval in French; each may
        be empty.
    problem
        Why another plan may be in force, in French: some publications could not be read.
    """

    plan: Plan
    places: LocationOverrides = field(default_factory=LocationOverrides)
    publication: str = SHIPPED_ID
    since: str = ""
    approved_by: str = ""
    reference: str = ""
    second: str = ""
    problem: str = ""

    @property
    def terms(self) -> str:
        """Who approved it, and the decision: ``approuvé par Grace Hopper, référence n° 12``."""
        return plan_terms(self.approved_by, self.reference, self.second)

    @property
    def origin(self) -> str:
        """Origin written in a scenario that starts from this plan, in French."""
        return f"la {title_of(self.since)}" if self.since else "le plan en vigueur"


def plan_terms(approved_by: str, reference: str, second: str = "") -> str:
    """Return who approved a plan, the decision, and the second approver, in French; "" for none."""
    phrases = [f"approuvé par {approved_by}"] if approved_by else []
    phrases += [f"référence {reference}"] if reference else []
    return ", ".join([*phrases, second] if second else phrases)


def title_of(since: str) -> str:
    """Return the title of a publication, by effective day: « publication du 11 juin 2025 »."""
    return f"publication du {long_date(since)}"
