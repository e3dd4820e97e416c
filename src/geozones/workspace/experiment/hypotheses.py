"""Hypotheses of the tool against the journal: observed values, and the events that adopt them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from geozones.common.french import NBSP, number, plural
from geozones.domain.events.need_events import FACTORS
from geozones.domain.field_journal import ADOPTABLE, AdoptedHypotheses, Observation
from geozones.domain.settings import CostSettings, DriveCorrection, TeamSettings
from geozones.domain.terms import terms, worded
from geozones.experiment.estimates import Estimate
from geozones.experiment.observed import Observed, Observer
from geozones.experiment.observed_figures import BY_KEY, FIGURES, ObservedFigure
from geozones.workspace.experiment.areas import as_supposed, whole
from geozones.workspace.study import Study

#: Fewest observations for a hypothesis to be adopted.
ENOUGH = 20
#: Figure of each adoptable setting.
OF_SETTING = {figure.setting.partition(".")[2]: figure for figure in FIGURES if figure.setting}
#: Hypotheses that the journal cannot correct, as they are choices or prices; for `worded`.
_CHOICES: tuple[tuple[str, str], ...] = (
    ("monthly_cap", "Interventions hors {of_the_site} du jour, au maximum"),
    ("gap_days", "Jours de suite sans personne dans {a_site}, au plus"),
    ("split_minutes", "Trajet le plus long entre deux {sites} d'une journée"),
    ("shared_minutes", "De la résidence aux autres {sites} du poste, au plus"),
    ("max_posts", "Postes d'une zone, au plus"),
    (
        "max_known",
        "{Proximity_technicians} différent{e_proximity_technician}s dans {a_site}, au plus",
    ),
    ("near_minutes", "Durée maximale d'une relève rapide"),
    ("year_days", "Jours travaillés par an"),
    ("half_day_minutes", "Durée d'une demi-journée"),
    ("months", "Mois travaillés par an"),
    ("lost_hour", "Poids d'une heure de rupture"),
    ("euros_per_km", "Indemnité kilométrique"),
    ("kg_co2_per_km", "Émissions par km"),
)


@dataclass(frozen=True)
class HypothesisRow:
    """A hypothesis, and the journal's observation of it."""

    name: str  # The setting; ``drives`` for the minutes of the matrix.
    label: str
    #: The tool's value, and the journal's with its interval; empty if the journal has none.
    supposed: str
    observed: str
    counted: str  # Number of observations, in words.
    why_not: str  # Why it cannot be adopted, in a sentence; empty if it can.
    event: tuple[str, Mapping[str, Any]] | None  # The kind and data of the event that adopts it.
    adopted: str = ""  # The value that the scenario adopted, in words; empty if it adopted none.


def hypothesis_rows(study: Study, observer: Observer) -> tuple[HypothesisRow, ...]:
    """Return the hypotheses of costs, teams and times, the adoptable ones first."""
    observed = observer.observe(whole(study, observer).lycees)
    rows = [_row(study, observer, observed, name) for name in ADOPTABLE]
    rows.append(_drives(study, observer))
    return (*rows, *choices(study, observed))


def _row(study: Study, observer: Observer, observed: Observed, name: str) -> HypothesisRow:
    figure = OF_SETTING[name]
    estimate = observed.estimates[figure.key]
    tool = getattr(_default(name), name)
    held = study.state.adopted.hypotheses.get(name)
    adopted = "" if held is None else _adopted(figure, held)
    supposed = figure.value_text(tool)
    if estimate is None:
        why = "aucune donnée dans le journal."
        return HypothesisRow(name, figure.label, supposed, "", "", why, None, adopted)
    why = why_not(estimate)
    _, low, high, _ = ADOPTABLE[name]
    if not why and not low <= estimate.value <= high:
        why = "valeur hors des bornes de l'outil."
    event = None
    if not why:
        event = ("adopt_hypothesis", {"hypothesis": name, "observed": _data(estimate, observer)})
    seen, counted = _seen(figure, estimate), figure.count_text(estimate.count, observed.days)
    return HypothesisRow(name, figure.label, supposed, seen, counted, why, event, adopted)


def _adopted(figure: ObservedFigure, held: Observation) -> str:
    invented = ", journal inventé" if held.invented else ""
    return f"{figure.value_text(held.value)}, {figure.count_text(held.count)}{invented}"


def _seen(figure: ObservedFigure, estimate: Estimate) -> str:
    interval = figure.interval(estimate)
    return f"{figure.observed_text(estimate.value)}{f' ({interval})' if interval else ''}"


def why_not(estimate: Estimate) -> str:
    """Explain why a figure is too unsure to be adopted; empty if it is sure enough."""
    if estimate.count < ENOUGH or not estimate.is_bounded:
        return f"trop peu d'observations : {estimate.count}, il en faut {ENOUGH}."
    return ""


def _data(estimate: Estimate, observer: Observer) -> dict[str, Any]:
    first, last = observer.facts.journal.period or ("", "")
    data = {
        "value": estimate.value,
        "low": estimate.low,
        "high": estimate.high,
        "count": estimate.count,
        "first": str(first),
        "last": str(last),
    }
    return data | ({"invented": True} if observer.facts.journal.invented else {})


def _drives(study: Study, observer: Observer) -> HypothesisRow:
    """Return the row of the matrix's minutes: one factor per zone with enough journeys."""
    factors = observer.factors
    held = study.state.adopted.drives
    invented = ", journal inventé" if any(one.invented for one in held) else ""
    adopted = f"dans {plural(len(held), 'zone')}{invented}" if held else ""
    figure = BY_KEY["drive_ratio"]
    label, supposed = figure.label, f"×{NBSP}1"
    estimate = factors.whole
    if estimate is None:
        why = "le journal ne mesure aucun trajet deux fois."
        return HypothesisRow("drives", label, supposed, "", "", why, None, adopted)
    groups = drive_groups(study, observer)
    why = ""
    if not groups:
        why = "trop peu de trajets dans chaque zone pour corriger la matrice."
    data = {"groups": [_group(one) for one in groups]}
    seen = _seen(figure, estimate)
    if groups:
        seen += f", dans {plural(len(groups), 'zone')}"
    event = ("correct_drives", data) if groups else None
    counted = figure.count_text(estimate.count)
    return HypothesisRow("drives", label, supposed, seen, counted, why, event, adopted)


def drive_groups(study: Study, observer: Observer) -> tuple[DriveCorrection, ...]:
    """Return the corrections of zones with enough journeys (`DriveFactors.may_correct`)."""
    first, last = (str(day) for day in observer.facts.journal.period or ("", ""))
    least, most = FACTORS
    groups = []
    for zone, estimate in sorted(observer.factors.zones.items()):
        bounded = estimate.low is not None and estimate.high is not None
        if not (observer.factors.may_correct(zone) and bounded and least <= estimate.value <= most):
            continue
        groups.append(
            DriveCorrection(
                frozenset(study.plan.members(zone)),
                round(estimate.value, 4),
                estimate.low or 0.0,
                estimate.high or 0.0,
                estimate.count,
                first,
                last,
                observer.facts.journal.invented,
            )
        )
    return tuple(groups)


def _group(one: DriveCorrection) -> dict[str, Any]:
    data = {
        "lycees": sorted(one.lycees),
        "factor": one.factor,
        "low": one.low,
        "high": one.high,
        "count": one.count,
        "first": one.first,
        "last": one.last,
    }
    return data | ({"invented": True} if one.invented else {})


def choices(study: Study, observed: Observed) -> tuple[HypothesisRow, ...]:
    """Return the hypotheses that no journal can correct, with the related observations."""
    rows = []
    for name, label in _CHOICES:
        value = getattr(getattr(study.settings, _owner(name)), name)
        seen, counted = "", ""
        if name == "gap_days" and observed.gaps:
            days = plural(observed.gaps[0].days, "jour ouvré", "jours ouvrés")
            seen, counted = f"{days} au plus long", terms().site.counted(len(observed.gaps))
        why = "un choix ou un tarif : le journal ne le corrige pas."
        rows.append(HypothesisRow(name, worded(label), _plain(value), seen, counted, why, None))
    return tuple(rows)


def _owner(name: str) -> str:
    return "cost" if hasattr(CostSettings(), name) else "teams"


def _default(name: str) -> CostSettings | TeamSettings:
    return CostSettings() if ADOPTABLE[name][0] == "cost" else TeamSettings()


def _plain(value: float) -> str:
    return number(value, 3).rstrip("0").rstrip(",") if value % 1 else number(value)


def as_observed(study: Study, observer: Observer) -> Study:
    """Return a scenario under every adoptable value of its journal, adopted or not."""
    adopted = study.state.adopted
    for row in hypothesis_rows(study, observer):
        if row.event is not None and row.event[0] == "adopt_hypothesis":
            data = row.event[1]["observed"]
            adopted = adopted.with_hypothesis(row.name, Observation(**{"invented": False} | data))
    groups = drive_groups(study, observer)
    adopted = replace(adopted, drives=groups or adopted.drives)
    return with_adopted(as_supposed(study), adopted)


def with_adopted(study: Study, adopted: AdoptedHypotheses) -> Study:
    """Return a scenario under the values adopted from a journal."""
    analysis = study.analysis.adopting(adopted)
    return replace(study, analysis=analysis, state=replace(study.state, adopted=adopted))
