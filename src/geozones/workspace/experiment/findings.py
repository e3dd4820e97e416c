"""Findings of a bilan: figures outside their expectation, hypotheses that the journal moves."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from geozones.common.french import NBSP, in_words, number, plural
from geozones.domain.events.need_events import FACTORS
from geozones.domain.field_journal import (
    ADOPTABLE,
    OUTSIDE,
    AdoptedHypotheses,
    BilanVerdict,
    Observation,
)
from geozones.domain.settings import (
    HYPOTHESIS_BOUNDS,
    CostSettings,
    DriveCorrection,
    TeamSettings,
)
from geozones.domain.terms import terms, worded
from geozones.experiment.estimates import Estimate
from geozones.experiment.observed import Observed, Observer
from geozones.experiment.observed_figures import BY_KEY, FIGURES, ObservedFigure, verdict_of
from geozones.workspace.experiment.areas import Area, as_supposed, whole
from geozones.workspace.study import Study

#: Events that were expected at a rate: their name, then the unit of the rate; for `worded`.
_EVENTS: Mapping[str, tuple[str, str, str]] = {
    "visits_per_month": ("visite de continuité", "visites de continuité", "par mois"),
    "tis_visits": (
        "visite {of_sector_technician}",
        "visites {of_sector_technician}",
        "par mois et par {site}",
    ),
}
#: Other figures: a sentence that the value ends, for `worded`.
_VALUES: Mapping[str, str] = {
    "presence": "En moyenne, {a_site} a eu",
    "absence_rate": "Les absences ont pris",
    "absence_days": "Une absence a duré en moyenne",
    "cover_minutes": "La relève a fait un trajet moyen de",
    "tis_minutes": "Une visite {of_sector_technician} a duré en moyenne",
}
#: Words after the value, before what was expected.
_AFTER = {
    "presence": "demi-journées de présence par semaine",
    "absence_rate": "% des jours de travail",
}
#: Shares that are told in words, « un sur trois », where they are near enough.
_SHARES = (
    (1, 2), (1, 3), (2, 3), (1, 4), (3, 4), (1, 5), (2, 5), (3, 5), (4, 5), (1, 6), (1, 8), (1, 10),
)  # fmt: skip
_NEAR = 0.02


@dataclass(frozen=True, slots=True)
class BilanFinding:
    """Observed figure outside its expectation.

    ``gap`` is the natural logarithm of the least ratio between both that the interval allows: how
    telling the finding is. ``text`` has no full stop.
    """

    key: str
    text: str
    gap: float


def findings_of(seen: Observed, expects: Mapping[str, float]) -> tuple[BilanFinding, ...]:
    """Return the findings, the most telling first."""
    found = [
        BilanFinding(figure.key, _text(figure, estimate, hoped), _gap(estimate, hoped))
        for figure in FIGURES
        if (estimate := seen.estimates[figure.key]) is not None
        and (hoped := expects.get(figure.key)) is not None
        and verdict_of(figure, estimate, hoped, seen.days) in OUTSIDE
    ]
    return tuple(sorted(found, key=lambda finding: -finding.gap))


def plain_title(verdicts: Sequence[BilanVerdict]) -> str:
    """Return the title of a bilan without finding, from the verdicts on its figures."""
    known = verdicts.count(BilanVerdict.AS_EXPECTED)
    unsure = verdicts.count(BilanVerdict.UNSURE)
    if not known:
        return "Trop peu d'observations pour juger ce qui était prévu"
    if unsure:
        compared = plural(known, "chiffre conforme", "chiffres conformes")
        left = plural(unsure, "encore trop peu observé", "encore trop peu observés")
        return f"{compared} à ce qui était prévu, {left}"
    return "Tout se passe comme prévu"


def _gap(estimate: Estimate, hoped: float) -> float:
    near = estimate.low if estimate.value > hoped else estimate.high
    return abs(math.log(near / hoped)) if near and hoped > 0 else math.inf


def _text(figure: ObservedFigure, estimate: Estimate, hoped: float) -> str:
    value = estimate.value
    if figure.key in _EVENTS:
        return _events(figure, value, hoped)
    if figure.key == "drive_ratio":
        more = "de plus" if value > 1 else "de moins"
        return f"Les trajets ont duré {_percent(abs(value - 1))} {more} que les durées calculées"
    if figure.key == "cover_share":
        return _covered(value, hoped)
    begun = worded(_VALUES[figure.key])
    unit = _AFTER.get(figure.key, figure.unit)
    shown = f"{figure.number_text(value)}{NBSP}{unit}"
    return f"{begun} {shown}, au lieu de {figure.number_text(hoped)}"


def _events(figure: ObservedFigure, value: float, hoped: float) -> str:
    one, many, unit = map(worded, _EVENTS[figure.key])
    shown = f"{figure.number_text(value)} {unit}, au lieu de {figure.number_text(hoped)}"
    if value > hoped:
        return f"{_percent(value / hoped - 1)} de {many} de plus que prévu : {shown}"
    if not value:
        return f"Aucune {one} n'a eu lieu, au lieu de {figure.number_text(hoped)} {unit}"
    told = _share(1 - value / hoped, (one, many), ("n'a pas eu lieu", "n'ont pas eu lieu"))
    return f"{told} : {shown}"


def _covered(value: float, hoped: float) -> str:
    nouns = ("demi-journée d'absence", "demi-journées d'absence")
    if value > hoped:
        return f"{_percent(value)} des {nouns[1]} ont été relevées, au lieu de {_percent(hoped)}"
    told = _share(1 - value, nouns, ("n'a pas été relevée", "n'ont pas été relevées"))
    return f"{told}, au lieu de {_percent(1 - hoped)}"


def _share(share: float, nouns: tuple[str, str], verbs: tuple[str, str]) -> str:
    """Tell a share of events: « Une visite sur trois n'a pas eu lieu »."""
    part, whole = min(_SHARES, key=lambda pair: abs(share - pair[0] / pair[1]))
    if abs(share - part / whole) > _NEAR:
        return f"{_percent(share)} des {nouns[1]} {verbs[1]}"
    rank = int(part > 1)
    count = in_words(part, feminine=True).capitalize()
    return f"{count} {nouns[rank]} sur {in_words(whole)} {verbs[rank]}"


def _percent(share: float) -> str:
    return f"{number(100 * share)}{NBSP}%"


@dataclass(frozen=True, slots=True)
class DocumentPoint:
    """A point of the document in its words, the journal's figure, and whether it is alarming.

    ``alarming`` is ``None`` if the journal has no data about the point.
    """

    title: str
    shown: str
    alarming: bool | None


def document_points(
    study: Study, watched: Observer, area: Area, seen: Observed
) -> tuple[DocumentPoint, ...]:
    """Return the points, the alarming ones first, the unknown ones last."""
    points = (
        _presence(study, seen),
        _visits(study, seen),
        _continuity(seen),
        _ticketing(watched, area),
        DocumentPoint(
            "Intérêt de la fonction ATI au sein de la communauté éducative",
            "Le journal ne mesure pas ce point : lisez les avis et commentaires reçus.",
            None,
        ),
        DocumentPoint(
            "Activités hors champ de compétences régionales, projets transversaux des "
            + terms().site.plural,
            "Le journal ne les distingue pas : demandez-les aux équipes.",
            None,
        ),
    )
    return tuple(sorted(points, key=lambda point: _RANK[point.alarming]))


_RANK = {True: 0, False: 1, None: 2}


def _presence(study: Study, seen: Observed) -> DocumentPoint:
    title = worded("Présence physique régulière des {technicians} au sein des {sites}")
    if not seen.gaps:
        return DocumentPoint(title, "Le journal ne donne pas les présences.", None)
    limit = study.settings.teams.gap_days
    late = [gap for gap in seen.gaps if gap.days > limit]
    longest = seen.gaps[0]
    presence = seen.estimates["presence"]
    shown = []
    if presence is not None:
        shown.append(f"{_estimate_text('presence', presence)} par {terms().site} en moyenne")
    days = plural(longest.days, "jour ouvré", "jours ouvrés")
    many = f"{terms().site.counted(len(late))} sur {number(len(seen.gaps))}"
    stayed = _stayed(len(late))
    who = f"{many} {stayed}" if late else _none(seen)
    shown.append(
        f"{who} plus de {plural(limit, 'jour ouvré', 'jours ouvrés')} de suite sans personne ; "
        "le plus long, "
        f"{study.name(longest.lycee)} : {days}"
    )
    return DocumentPoint(title, f"{' ; '.join(shown)}.", bool(late))


def _none(seen: Observed) -> str:
    many = len(seen.gaps)
    site = terms().site
    if many == 1:
        return f"{site.the} n'est pas resté{site.e}"
    return f"aucun{site.e} des {many} {site.plural} n'est resté{site.e}"


def _stayed(count: int) -> str:
    e = terms().site.e
    return f"est resté{e}" if count < 2 else f"sont resté{e}s"


def _visits(study: Study, seen: Observed) -> DocumentPoint:
    title = "Zone de continuité : fréquence mensuelle à ajuster à l'issue de l'expérimentation"
    visits = seen.estimates["visits_per_month"]
    if visits is None or not visits.count:
        return DocumentPoint(title, "Le journal ne montre aucune visite.", None)
    supposed = as_supposed(study).settings.cost.visits_per_month
    figure = BY_KEY["visits_per_month"]
    sure = (figure.interval(visits), figure.count_text(visits.count, seen.days))
    who, whom = terms().proximity_technician, terms().site
    shown = (
        f"Chaque {who} a visité chaque autre {whom} de sa zone, au rythme de "
        f"{figure.number_text(visits.value)} fois par mois "
        f"({' ; '.join(part for part in sure if part)} ; supposé : {number(supposed, 2)})."
    )
    return DocumentPoint(title, shown, not visits.holds(supposed) and visits.value < supposed)


def _continuity(seen: Observed) -> DocumentPoint:
    title = worded("Continuité de service en cas d'absence {of_a_proximity_technician}")
    share = seen.estimates["cover_share"]
    if share is None:
        return DocumentPoint(title, "Le journal ne montre aucune absence à relever.", None)
    shown = f"{_estimate_text('cover_share', share)} des demi-journées manquées ont été relevées"
    delay = seen.estimates["cover_minutes"]
    if delay is not None:
        shown += f", en {number(delay.value)}{NBSP}min de trajet en moyenne"
    # without an interval nothing is certain, so any uncovered half-day counts as alarming
    return DocumentPoint(title, f"{shown}.", share.value < 1)


def _ticketing(watched: Observer, area: Area) -> DocumentPoint:
    title = "Maîtrise de l'outil de gestion des demandes (« ticketing »)"
    lycees = frozenset(area.lycees)
    done = watched.work(lycees)
    if not done.asked:
        return DocumentPoint(title, "Le journal ne montre aucune demande.", None)

    def share(count: int) -> str:
        return f"{number(100 * count / done.asked)}{NBSP}%"

    shown = (
        f"Sur {plural(done.asked, 'demande')}, {share(done.tickets)} ont un numéro de ticket, "
        f"{share(done.graded)} un niveau, {share(done.timed)} une durée."
    )
    least = min(done.tickets, done.graded, done.timed)
    return DocumentPoint(title, shown, least < 0.9 * done.asked)


def _estimate_text(key: str, estimate: Estimate) -> str:
    figure = BY_KEY[key]
    interval = figure.interval(estimate)
    sure = f" ({interval} ; {figure.count_text(estimate.count)})" if interval else ""
    return f"{figure.value_text(estimate.value)}{sure}"


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
    ("absence_weight", "Heures de route que vaut une heure sans {technician}"),
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
    low, high = HYPOTHESIS_BOUNDS[name]
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
