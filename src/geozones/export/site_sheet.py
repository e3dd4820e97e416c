"""Sheet of one lycée: effects of a plan, and of a proposed change, for its head."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SiteFact:
    """A fact of a lycée in a plan; ``before`` is the same in the previous plan.

    ``before`` is empty where no previous plan is compared, or where it had no such fact.
    """

    label: str
    value: str
    before: str = ""

    @property
    def changes(self) -> bool:
        """Whether the previous plan had another value."""
        return bool(self.before) and self.before != self.value


@dataclass(frozen=True, slots=True)
class SiteSheet:
    """Contents of the sheet of a lycée (id) in a plan, in sentences or facts.

    Parameters
    ----------
    name, status
        Its name with its town, and the decision status of its zone.
    worse
        What is worse than in the previous plan; empty without one.
    facts
        Zone, sector, RNS, support centre, drives.
    presence
        Half-days of the week when a technician is due; empty without posts.
    cover
        Who comes when that technician is away; without posts, who is the nearest.
    dates
        Dates of the deployment for its sector.
    doubts
        What is still to be confirmed.
    """

    lycee: str
    name: str
    status: str
    worse: tuple[str, ...]
    facts: tuple[SiteFact, ...]
    presence: str
    cover: tuple[str, ...]
    dates: tuple[str, ...]
    doubts: tuple[str, ...]

    @property
    def is_compared(self) -> bool:
        """Whether a fact changed since the previous plan."""
        return any(fact.changes for fact in self.facts)

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """Facts as rows: label, value, and the value before, « idem » where it is the same."""
        if not self.is_compared:
            return tuple((fact.label, fact.value) for fact in self.facts)
        return tuple((fact.label, fact.value, _before(fact)) for fact in self.facts)


def _before(fact: SiteFact) -> str:
    if fact.before == fact.value:
        return "idem"
    return fact.before or "—"
