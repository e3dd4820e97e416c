"""Items of the yearly cost, with their formulas, and the activity that they are counted from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geozones.domain import Settings
from geozones.domain.settings import CostSettings
from geozones.domain.teams import ServiceHalfDays
from geozones.domain.terms import Worded

#: Figure of one zone (0-d), or of several at once: ``float[zone]``.
type Figure = NDArray[np.float64] | float
#: Half-days of a year, by field of `ServiceHalfDays`.
type Service = Mapping[str, Figure]
#: Trips between the lycées of a zone. A leg is a drive one way, ``float[k, k]``, or there and back,
#: ``float[pair, zone]``: the code that creates the trips decides, and has the minutes of each leg.
type Legs = NDArray[np.float64]
#: Trips there and back between the support centre and each lycée: ``float[k]``, ``float[k, zone]``.
type CentreLegs = NDArray[np.float64]


@dataclass(frozen=True)
class Hypotheses:
    """Figures that scale a week and an absence to a year; each may differ by zone."""

    weeks: Figure  # Weeks and months of school in a year.
    months: Figure
    absence_rate: Figure  # Share of working days that a post is absent, from 0 to 1.
    #: Visits of each T.I.P. to each lycée of the zone that they do not serve.
    visits_per_month: Figure
    tis_visits: Figure  # Visits of a T.I.S. to each lycée in a month.


def hypotheses_of(settings: Settings) -> Hypotheses:
    """Return the hypotheses in the settings."""
    teams, cost = settings.teams, settings.cost
    return Hypotheses(
        teams.year_days / 5,
        cost.months,
        teams.absence_rate,
        cost.visits_per_month,
        teams.tis_visits,
    )


def half_days_of(service: Service) -> ServiceHalfDays:
    """Return the half-days of the only zone, as numbers."""
    return ServiceHalfDays(**{name: float(np.ravel(value)[0]) for name, value in service.items()})


@dataclass(frozen=True)
class Activity:
    """Activity of the posts of a zone."""

    #: Trips of a week in which nobody is away: from the résidences to the other lycées, and back.
    week: Legs
    #: Trips of one visit by each T.I.P. to each lycée of the zone that they do not serve.
    visits: Legs
    covers: Legs  # Trips in a year of colleagues who replace someone absent.
    #: Trips of one visit by a T.I.S. to each lycée; ``None`` if their start is unknown.
    tis: CentreLegs | None
    #: Trips in a year of T.I.S. who replace someone absent; 0 unless the hypothesis is on.
    tis_covers: CentreLegs | float
    service: Service  # Half-days of a year.
    unmet: Figure  # Half-days of need a week that no post meets.


@dataclass(frozen=True)
class Part:
    """Part of an activity that one item counts."""

    legs: Legs | None = None  # Trips in a year; ``None`` if the item has none.
    centre_legs: CentreLegs | None = None
    half_days: Figure = 0.0  # Half-days in a year that the item counts beside its trips.


@dataclass(frozen=True, kw_only=True)
class Item:
    """Named item of the yearly cost."""

    key: str  # Its name in JSON and in the code.
    label: Worded = Worded()  # Its name and its formula, in French.
    formula: Worded = Worded()
    #: Names of the settings that it depends on, besides minutes, needs and posts.
    hypotheses: tuple[str, ...]
    #: Function that counts it; returns ``None`` if its input is unknown.
    part: Callable[[Activity, Hypotheses], Part | None]
    weighted: bool = False  # Whether its half-days are weighted by ``absence_weight``.
    apart: bool = False  # Whether totals leave it out: it is shown beside them.

    def weight(self, settings: CostSettings) -> float:
        """Return the worth of an hour of its half-days, in hours on the road."""
        return settings.absence_weight if self.weighted else 1.0


def _absences(activity: Activity, _: Hypotheses) -> Part:
    r"""Count the trips: :math:`T_{ij} = c_{ij}`, those of the covers of a year, there and back.

    A colleague who covers both halves of a day drives once.
    """
    return Part(activity.covers)


ABSENCES = Item(
    key="absences",
    label="Relève des absents",
    formula=(
        "demi-journées {of_a_site} sans personne × part relevée par un collègue sous le plafond "
        "mensuel × aller et retour depuis {the_site} où il est (un seul pour une journée entière)"
    ),
    hypotheses=("absence_rate", "absence_days", "monthly_cap", "year_days"),
    part=_absences,
)


def _unattended(activity: Activity, _: Hypotheses) -> Part:
    """Count the half-days of a year at which a lycée expects somebody and has nobody."""
    return Part(half_days=activity.service["unattended"])


UNATTENDED = Item(
    key="unattended",
    label="Heures sans {technician}",
    formula=(
        "demi-journées {of_a_site} où l'on attend quelqu'un et où personne n'est × durée d'une "
        "demi-journée × taux d'échange"
    ),
    hypotheses=("absence_rate", "absence_days", "monthly_cap", "half_day_minutes"),
    part=_unattended,
    weighted=True,
)


def _sans_poste(activity: Activity, hypotheses: Hypotheses) -> Part:
    r"""Count the half-days: :math:`u \cdot w`, need a week without a post, weeks of a year."""
    return Part(half_days=activity.unmet * hypotheses.weeks)


SANS_POSTE = Item(
    key="sans_poste",
    label="Besoins sans poste",
    formula=(
        "demi-journées de besoin par semaine sans poste × semaines de l'année × durée d'une "
        "demi-journée"
    ),
    hypotheses=("year_days", "half_day_minutes"),
    part=_sans_poste,
)


def _tis(activity: Activity, hypotheses: Hypotheses) -> Part | None:
    r"""Count the trips: :math:`T_i = s_i \cdot f \cdot m + r_i`, from the support centre and back.

    s is one visit to lycée i, f the visits a month, m the months of a year, r the trips of covers.
    """
    if activity.tis is None:
        return None
    visits = activity.tis * (hypotheses.tis_visits * hypotheses.months)
    return Part(centre_legs=visits + activity.tis_covers)


TIS = Item(
    key="tis",
    label="Déplacements des {sector_technicians}",
    formula=(
        "aller et retour {of_the_support_centre} à chaque {site} × visites par mois × mois de "
        "l'année, "
        "et leurs relèves si l'hypothèse est retenue"
    ),
    hypotheses=("tis_visits", "months", "tis_replaces"),
    part=_tis,
    apart=True,
)


def _tournees(activity: Activity, hypotheses: Hypotheses) -> Part:
    r"""Count the trips: :math:`T_{ij} = t_{ij} \cdot w \cdot (1 - a)`.

    t are the trips of a week in which nobody is away, w the weeks of a year, a the absence rate:
    whoever is away does not drive.
    """
    present = hypotheses.weeks * (1 - hypotheses.absence_rate)
    return Part(activity.week * present)


TOURNEES = Item(
    key="tournees",
    label="Tournées",
    formula=(
        "trajets de la semaine (chaque jour, de la résidence aux {sites} du jour et retour) "
        "× semaines de l'année × part des jours où l'agent est présent"
    ),
    hypotheses=("year_days", "absence_rate", "shared_minutes"),
    part=_tournees,
)


def _visites(activity: Activity, hypotheses: Hypotheses) -> Part:
    r"""Count the trips: :math:`T_{ij} = v_{ij} \cdot f \cdot m`.

    v are the trips of one visit by each T.I.P. to each lycée of the zone that they do not serve,
    there and back from the résidence, f the visits a month, m the months of a year.
    """
    return Part(activity.visits * (hypotheses.visits_per_month * hypotheses.months))


VISITES = Item(
    key="visites",
    label="Visites de continuité",
    formula=(
        "aller et retour de la résidence à chaque {site} de la zone que l'agent ne sert pas "
        "× visites par mois × mois de l'année"
    ),
    hypotheses=("visits_per_month", "months"),
    part=_visites,
)


ITEMS: dict[str, Item] = {
    item.key: item
    for item in (
        TOURNEES,
        VISITES,
        ABSENCES,
        UNATTENDED,
        SANS_POSTE,
        TIS,
    )
}
