"""Parts of a dossier: points to watch, and the sheet of one lycée for its head."""

from dataclasses import dataclass

#: Title of information, which is listed apart from the points that count.
NOT_COUNTED = "À savoir, sans être compté"


@dataclass(frozen=True, slots=True)
class PointRow:
    """Point to watch: sentence, place, origin of the rule, status of the place.

    ``zone`` is empty, and ``zone_id`` too, for a whole sector (``sector_id``); ``is_alert`` is
    false for information, which is listed and not counted; ``to_confirm``, true if the threshold is
    inside the interval of the minutes.
    """

    kind: str
    sentence: str
    about: str
    status: str
    sector: str
    zone: str
    zone_id: str
    is_alert: bool
    sector_id: str = ""
    to_confirm: bool = False

    @property
    def where(self) -> str:
        """Name of its zone, or of its sector."""
        return self.zone or f"Secteur {self.sector}"

    @property
    def kind_and_origin(self) -> str:
        """Point, origin and status in words: ``zone fragile, seuil de l'outil``."""
        return self.about if self.is_alert else f"information, {self.about}"


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
    """Contents of the sheet of a lycée (id) in a plan, in sentences or facts."""

    lycee: str
    name: str  # Its name with its town, and the decision status of its zone.
    status: str
    worse: tuple[str, ...]  # What is worse than in the previous plan; empty without one.
    facts: tuple[SiteFact, ...]  # Zone, sector, RNS, support centre, drives.
    presence: str  # Half-days of the week when a technician is due; empty without posts.
    #: Who comes when that technician is away; without posts, who is the nearest.
    cover: tuple[str, ...]
    dates: tuple[str, ...]  # Dates of the deployment for its sector.
    doubts: tuple[str, ...]  # What is still to be confirmed.

    @property
    def is_compared(self) -> bool:
        """Whether a fact changed since the previous plan."""
        return any(fact.changes for fact in self.facts)

    @property
    def changes(self) -> bool:
        """Whether the plan changes something for the lycée."""
        return bool(self.worse) or self.is_compared

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
