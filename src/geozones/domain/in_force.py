"""The plan in force, which every change, comparison and rule is counted from."""

from dataclasses import dataclass, field

from geozones.common.french import long_date
from geozones.domain.places import LocationOverrides
from geozones.domain.plan import Plan
from geozones.domain.publications import SHIPPED_ID


@dataclass(frozen=True)
class InForce:
    """A plan put in force, with what makes it one.

    Parameters
    ----------
    plan
        The plan.
    places
        Lycées that the data folder has not and positions corrected by hand, which it needs.
    publication
        The publication (id) that it is of.
    since
        The day from which it is in force (ISO); empty where it is not known.
    approved_by, reference, second
        Who approved it, what names the decision, and what is said of the second approval; each may
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
        return terms_of(self.approved_by, self.reference, self.second)

    @property
    def origin(self) -> str:
        """What a scenario that starts from it says of its start."""
        return f"la {title_of(self.since)}" if self.since else "le plan en vigueur"


def terms_of(approved_by: str, reference: str, second: str = "") -> str:
    """Say who approved a plan, what names the decision, and who approved second; "" for none."""
    said = [f"approuvé par {approved_by}"] if approved_by else []
    said += [f"référence {reference}"] if reference else []
    return ", ".join([*said, second] if second else said)


def title_of(since: str) -> str:
    """Name a publication by its effective day: « publication du 11 juin 2025 »."""
    return f"publication du {long_date(since)}"
