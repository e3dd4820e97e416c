"""Hypotheses and drive corrections that a scenario adopted from a journal of observations."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from geozones.domain.settings import CostSettings, DriveCorrection, Settings, TeamSettings

#: Hypotheses that a journal may replace: settings record, minimum, maximum, name (for `worded`).
ADOPTABLE: Mapping[str, tuple[str, float, float, str]] = MappingProxyType(
    {
        "visits_per_month": ("cost", 0, 20, "visites de continuité par mois"),
        "absence_rate": ("teams", 0, 0.5, "taux d'absence"),
        "absence_days": ("teams", 1, 120, "durée moyenne d'une absence"),
        "tis_visits": ("teams", 0, 20, "visites {of_a_sector_technician} par {site} et par mois"),
        "tis_minutes": ("teams", 15, 480, "durée d'une visite {of_a_sector_technician}"),
    }
)
_DEFAULTS = {"cost": CostSettings(), "teams": TeamSettings()}


@dataclass(frozen=True, slots=True)
class Observation:
    """Figure observed in a journal.

    ``low`` and ``high`` are its 95 % interval, ``count`` the number of observations, ``first`` and
    ``last`` their days (ISO); ``invented`` where a generator made some of them.
    """

    value: float
    low: float
    high: float
    count: int
    first: str
    last: str
    invented: bool = False


@dataclass(frozen=True)
class AdoptedHypotheses:
    """Observed hypotheses by name, and corrections of drives."""

    hypotheses: Mapping[str, Observation] = field(default_factory=dict)
    drives: tuple[DriveCorrection, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "hypotheses", MappingProxyType(dict(self.hypotheses)))

    def __hash__(self) -> int:
        """Hash by content."""
        return hash((frozenset(self.hypotheses.items()), self.drives))

    def with_hypothesis(self, name: str, observed: Observation | None) -> "AdoptedHypotheses":
        """Return a copy with one hypothesis as observed, or with the default (``None``)."""
        kept = {key: known for key, known in self.hypotheses.items() if key != name}
        return replace(self, hypotheses=kept if observed is None else {**kept, name: observed})

    def removed_from(self, settings: Settings) -> Settings:
        """Return settings before `applied_to`: defaults in place of the adopted hypotheses."""
        for name, observed in self.hypotheses.items():
            owner = ADOPTABLE[name][0]
            held = getattr(settings, owner)
            if getattr(held, name) == observed.value:
                default = getattr(_DEFAULTS[owner], name)
                settings = replace(settings, **{owner: replace(held, **{name: default})})
        return replace(settings, drive_corrections=()) if self.drives else settings

    def applied_to(self, settings: Settings) -> Settings:
        """Return settings with the adopted values, except where someone set another value."""
        for name, observed in self.hypotheses.items():
            owner = ADOPTABLE[name][0]
            held = getattr(settings, owner)
            if getattr(held, name) == getattr(_DEFAULTS[owner], name):
                changed = replace(held, **{name: observed.value})
                settings = replace(settings, **{owner: changed})
        if self.drives != settings.drive_corrections:
            settings = replace(settings, drive_corrections=self.drives)
        return settings
