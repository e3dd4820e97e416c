"""Bilan of an experiment: observed figures against the plan, and what is to be decided."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from typing import Any

from geozones.common.french import NBSP, capital, listing, long_date, number, plural
from geozones.domain import Plan
from geozones.domain.field_journal import (
    ADOPTABLE,
    RETAINABLE,
    AdoptedHypotheses,
    Journal,
    Observation,
)
from geozones.domain.school_calendar import SchoolCalendar
from geozones.domain.settings import HYPOTHESIS_BOUNDS
from geozones.domain.teams import MONTH_DAYS, single_figures
from geozones.domain.terms import terms, worded
from geozones.features.experiment.observed import (
    BY_KEY,
    FIGURES,
    OUTSIDE,
    BilanVerdict,
    Estimate,
    Observed,
    ObservedFigure,
    Observer,
    facts_of,
    verdict_of,
)
from geozones.workspace.figures.study import Study

#: Warning on every page, slide and section about a journal that a generator made.
INVENTED_NOTICE = "Journal d'essai, inventé par l'outil : aucun de ces chiffres n'est réel."
#: Title of the decisions, wherever they are shown.
DECISIONS_TITLE = "À décider"
#: How a rate by month is computed.
RATE_NOTE = (
    f"Un rythme par mois est calculé pour {MONTH_DAYS}{NBSP}jours ouvrés, d'après ceux du journal."
)


@dataclass(frozen=True, slots=True)
class Area:
    """The whole, a sector, a zone or a lycée.

    ``key`` is its id, empty for the whole; ``kind`` is ``region``, ``sector``, ``zone`` or
    ``lycee``.
    """

    kind: str
    key: str
    name: str
    lycees: tuple[str, ...]

    @property
    def title(self) -> str:
        """The name as a title begins with it: « Secteur Sarthe »."""
        return capital(self.name.removeprefix("le ").removeprefix("la "))


def observer(study: Study, journal: Journal) -> Observer:
    """Return the cached figures of a journal over the zones of a scenario."""
    return _observer(journal, study.plan, study.atlas.school)


@lru_cache(maxsize=4)
def _observer(journal: Journal, plan: Plan, calendar: SchoolCalendar) -> Observer:
    return Observer(facts_of(journal, dict(plan.zone_by_lycee), calendar))


def recorded(study: Study, observed: Observer) -> tuple[str, ...]:
    """Return the sectors (ids) with rows in the journal, in the order of the plan."""
    plan = study.plan
    held = {plan.sector_of(key).id for key in observed.recorded & plan.zone_by_lycee.keys()}
    return tuple(sector.id for sector in plan.sectors if sector.id in held)


def area_of(
    study: Study, watched: Observer, sector: str | None = None, zone: str | None = None
) -> Area:
    """Return the narrowest given of zone, sector (ids), whole: all sectors with rows.

    An unknown id raises ``InputError``.
    """
    plan = study.plan
    if zone is not None:
        known = plan.zone(zone)
        return Area("zone", known.id, f"la zone {known.name}", plan.members(known.id))
    if sector is not None:
        named = plan.sector(sector)
        return Area("sector", named.id, f"le secteur {named.name}", plan.lycees_of(named.id))
    sectors = recorded(study, watched)
    lycees = (key for key in plan.lycees if plan.sector_of(key).id in sectors)
    return Area("region", "", "l'ensemble", tuple(lycees))


def parts_of(study: Study, watched: Observer, area: Area) -> list[Area]:
    """Return the sectors of the whole, the zones of a sector, or the lycées of a zone."""
    plan = study.plan
    if area.kind == "region":
        return [area_of(study, watched, sector) for sector in recorded(study, watched)]
    if area.kind == "sector":
        zones = (zone.id for zone in plan.zones_of(area.key) if plan.members(zone.id))
        return [area_of(study, watched, zone=zone_id) for zone_id in zones]
    return [Area("lycee", key, study.name(key), (key,)) for key in area.lycees]


def as_supposed(study: Study) -> Study:
    """Return a scenario under the supposed figures, without anything retained from a journal."""
    adopted = study.state.adopted
    state = replace(study.state, adopted=AdoptedHypotheses())
    return replace(study, analysis=study.analysis.leaving(adopted), state=state)


def expected(study: Study, area: Area) -> Mapping[str, float]:
    """Return the tool's expectation of each figure; figures that it does not model are left out.

    Visits and absences are the hypotheses, the presence is that of the needs; the share of absences
    covered and the median drive are those of the posts, where the plan has some.
    """
    study = as_supposed(study)
    values = {name: _supposed(study, name) for name in RETAINABLE}
    lycees = study.territory.lycees
    needs = [study.teams.need(lycees[key]).half_days for key in area.lycees]
    if needs:
        values["presence"] = sum(needs) / len(needs)
    if area.kind == "lycee":
        return values
    plan = study.plan
    zones = sorted({plan.zone_of(lycee).id for lycee in area.lycees})
    covers = (study.analysis.covers.cover(plan, study.teams, zone_id) for zone_id in zones)
    single = single_figures([cover for cover in covers if cover is not None])
    if single is not None and single.missed:
        values["cover_share"] = 1 - single.uncovered / single.missed
        if single.median is not None and math.isfinite(single.median):
            values["cover_minutes"] = single.median
    return values


def _supposed(study: Study, name: str) -> float:
    value: float = getattr(getattr(study.settings, ADOPTABLE[name][0]), name)
    return value


#: Fewest observations for a hypothesis to be retained.
ENOUGH = 20


@dataclass(frozen=True)
class HypothesisRow:
    """A hypothesis of the yearly hours, and the whole journal's observation of it."""

    name: str  # The setting.
    label: str
    supposed: str  # The value without the journal.
    observed: str  # The journal's, with its interval and observations; empty if it has none.
    why_not: str  # Why it cannot be retained, in a sentence; empty if it can.
    event: Mapping[str, Any] | None  # The data of the event that retains it.


def hypothesis_rows(study: Study, watched: Observer) -> tuple[HypothesisRow, ...]:
    """Return the hypotheses that a journal can replace."""
    seen = watched.observe(area_of(study, watched).lycees)
    supposed = as_supposed(study)
    rows = []
    for name in RETAINABLE:
        figure, estimate = BY_KEY[name], seen.estimates[name]
        text, why, event = "", "aucune donnée dans le journal.", None
        if estimate is not None:
            low, high = HYPOTHESIS_BOUNDS[name]
            sure = filter(None, (figure.interval(estimate), figure.count_text(estimate)))
            text, why = f"{figure.value_text(estimate.value)} ({' ; '.join(sure)})", ""
            if estimate.count < ENOUGH or estimate.low is None:
                why = f"trop peu d'observations : {estimate.count}, il en faut {ENOUGH}."
            elif not low <= estimate.value <= high:
                why = "valeur hors des bornes de l'outil."
            else:
                event = {"hypothesis": name, "observed": _data(estimate, watched.journal)}
        value = figure.value_text(_supposed(supposed, name))
        rows.append(HypothesisRow(name, figure.label, value, text, why, event))
    return tuple(rows)


def _data(estimate: Estimate, journal: Journal) -> dict[str, Any]:
    first, last = map(str, journal.period or ("", ""))
    data = asdict(estimate) | {"first": first, "last": last}
    return data | ({"invented": True} if journal.invented else {})


@dataclass(frozen=True, slots=True)
class BilanLine:
    """A figure of an area: its estimate, what was expected, the verdict; then in words."""

    figure: ObservedFigure
    estimate: Estimate
    hoped: float | None
    verdict: BilanVerdict

    @property
    def observed(self) -> str:
        """The value with its unit."""
        return self.figure.value_text(self.estimate.value)

    @property
    def interval(self) -> str:
        """The 95 % interval; empty if unbounded."""
        return self.figure.interval(self.estimate)

    @property
    def expected(self) -> str:
        """What was expected; empty if nothing was."""
        return "" if self.hoped is None else self.figure.value_text(self.hoped)

    @property
    def counted(self) -> str:
        """Number of observations."""
        return self.figure.count_text(self.estimate)

    @property
    def finding(self) -> str:
        """The value and what was expected, in a sentence without its full stop; else empty."""
        if self.hoped is None:
            return ""
        hoped = self.figure.number_text(self.hoped)
        return f"{worded(self.figure.told)} {self.observed}, au lieu de {hoped}"

    @property
    def gap(self) -> float:
        """How telling it is: the least log ratio to what was expected that the interval allows."""
        estimate, hoped = self.estimate, self.hoped or 0.0
        near = estimate.low if estimate.value > hoped else estimate.high
        return abs(math.log(near / hoped)) if near and hoped > 0 else math.inf


def lines_of(
    seen: Observed, expects: Mapping[str, float], figures: tuple[ObservedFigure, ...] = FIGURES
) -> tuple[BilanLine, ...]:
    """Return the lines of the figures that were observed, in their order."""
    lines = []
    for figure in figures:
        estimate, hoped = seen.estimates[figure.key], expects.get(figure.key)
        if estimate is not None:
            verdict = verdict_of(figure, estimate, hoped, seen.days)
            lines.append(BilanLine(figure, estimate, hoped, verdict))
    return tuple(lines)


@dataclass(frozen=True)
class Bilan:
    """The bilan of an area."""

    area: Area
    period: tuple[str, str] | None  # The first and last day (ISO); ``None`` for an empty journal.
    days: int
    invented: bool  # Whether a generator made some of the journal.
    seen: Observed
    lines: tuple[BilanLine, ...]
    #: The figures outside their expectation, in sentences without full stop, most telling first.
    findings: tuple[str, ...]
    decisions: tuple[str, ...]  # What is to be decided, in sentences.
    counts: tuple[str, ...]  # How the figures are counted, in sentences.
    parts: tuple[tuple[Area, Observed], ...]  # The figures of each part of the area.

    @property
    def title(self) -> str:
        """The most telling finding, without a full stop; a plain sentence if there is none."""
        if self.findings:
            return self.findings[0]
        verdicts = [line.verdict for line in self.lines]
        known = verdicts.count(BilanVerdict.AS_EXPECTED)
        unsure = verdicts.count(BilanVerdict.UNSURE)
        if not known:
            return "Trop peu d'observations pour juger ce qui était prévu"
        if not unsure:
            return "Tout se passe comme prévu"
        compared = plural(known, "chiffre conforme", "chiffres conformes")
        left = plural(unsure, "encore trop peu observé", "encore trop peu observés")
        return f"{compared} à ce qui était prévu, {left}"

    @property
    def period_text(self) -> str:
        """Describe the period in words."""
        if self.period is None:
            return "aucune période"
        first, last = map(long_date, self.period)
        days = plural(self.days, "jour ouvré", "jours ouvrés")
        return f"du {first} au {last} ({days})"


def bilan_of(
    study: Study, journal: Journal, *, sector: str | None = None, zone: str | None = None
) -> Bilan:
    """Return the bilan of the narrowest given of zone, sector (ids), whole."""
    watched = observer(study, journal)
    area = area_of(study, watched, sector, zone)
    seen, period = watched.observe(area.lycees), journal.period
    lines = lines_of(seen, expected(study, area))
    outside = sorted(
        (line for line in lines if line.verdict in OUTSIDE), key=lambda line: -line.gap
    )
    return Bilan(
        area,
        None if period is None else (period[0].isoformat(), period[1].isoformat()),
        seen.days,
        journal.invented,
        seen,
        lines,
        tuple(line.finding for line in outside),
        decisions_of(study, watched, area, lines) if journal.rows else (),
        counts_of(watched, area),
        tuple((part, watched.observe(part.lycees)) for part in parts_of(study, watched, area)),
    )


def decisions_of(
    study: Study, watched: Observer, area: Area, lines: tuple[BilanLine, ...]
) -> tuple[str, ...]:
    """Return what is to be decided of an area, from its lines.

    First each hypothesis that the interval of the whole journal excludes and that the scenario does
    not retain yet, with its effect on the yearly hours of the area, the largest first. Then each
    other figure that is worse than planned. Last the figures that nobody can judge yet.
    """
    supposed = as_supposed(study)
    before = _yearly_hours(supposed, area, watched)
    estimates = watched.observe(area_of(study, watched).lycees).estimates
    retained: list[tuple[int, str]] = []
    for row in hypothesis_rows(study, watched):
        estimate, hoped = estimates[row.name], _supposed(supposed, row.name)
        if row.event is None or estimate is None or estimate.holds(hoped):
            continue
        if row.name in study.state.adopted.hypotheses:
            continue
        adopted = AdoptedHypotheses({row.name: Observation(**row.event["observed"])})
        analysis = supposed.analysis.adopting(adopted)
        more = _yearly_hours(replace(supposed, analysis=analysis), area, watched) - before
        effect = "Sans effet sur le coût annuel"
        if more:
            effect = f"{number(abs(more))}{NBSP}h de {'plus' if more > 0 else 'moins'} par an"
        asked = f"retenir {row.observed} comme hypothèse, au lieu de {row.supposed} ?"
        retained.append((abs(more), f"{row.label} : {asked} {effect}."))
    retained.sort(key=lambda one: -one[0])
    worse = sorted(
        (line for line in lines if line.verdict is BilanVerdict.WORSE), key=lambda it: -it.gap
    )
    unsure = [line.figure.label for line in lines if line.verdict is BilanVerdict.UNSURE]
    long = f"{listing(unsure)} : trop peu d'observations pour juger ; faut-il prolonger le relevé ?"
    return (
        *(sentence for _, sentence in retained),
        *(f"{line.finding} : {line.figure.asked}" for line in worse if line.figure.asked),
        *([long] if unsure else []),
    )


def _yearly_hours(study: Study, area: Area, watched: Observer) -> int:
    """Return the yearly hours of an area: of the sectors with rows, for the whole."""
    if area.kind == "region":
        costs = [study.cost(sector_id=sector) for sector in recorded(study, watched)]
    else:
        costs = [study.cost(**{f"{area.kind}_id": area.key})]
    return round(sum(cost.total_hours for cost in costs))


def counts_of(watched: Observer, area: Area) -> tuple[str, ...]:
    """Return the sentences on how an area is counted: its requests, then the note on rates.

    The whole also counts the requests whose lycée is unknown, which belong to no area.
    """
    by_lycee = {key: levels.total() for key, levels in watched.requests.items()}
    counted = sum(by_lycee.get(key, 0) for key in area.lycees)
    total = sum(by_lycee.values()) if area.kind == "region" else counted
    if not total:
        return (RATE_NOTE,)
    site, nowhere = terms().site, by_lycee.get("", 0) if total > counted else 0
    outside = total - counted - nowhere
    apart = [f"{number(nowhere)} sans {site} reconnu"] if nowhere else []
    apart += [f"{number(outside)} {site.of_a} hors du plan"] if outside else []
    left = f", dont {listing(apart)} : les tableaux en comptent {number(counted)}" if apart else ""
    return f"{plural(total, 'demande')}{left}.", RATE_NOTE


def figures_json(seen: Observed, expects: Mapping[str, float]) -> dict[str, object]:
    """Return the figures in the format of the command line's JSON."""
    nothing = {"value": None, "low": None, "high": None, "count": 0}
    estimates = {key: seen.estimates[key] for key in BY_KEY}
    return {
        key: (nothing if one is None else asdict(one)) | {"expected": expects.get(key)}
        for key, one in estimates.items()
    }


#: Name of the parts of an area by its kind, a text for `worded`.
PART_NAMES = {"region": "secteur", "sector": "zone", "zone": "{site}"}


#: Titles of the columns of the parts, after the name, and what they hold, for `worded`.
PART_HEADS = ("Demandes", *(figure.short for figure in FIGURES))
PART_UNITS = (
    "Par mois : visites de chaque {proximity_technician}, interventions et demandes au niveau 2 "
    "par {site}. Absences relevées : en %. Trajet de la relève : en min. Présence : en "
    "demi-journées par semaine et par {site}. Entre parenthèses, l'intervalle à 95 %."
)


def part_cells(seen: Observed) -> tuple[str, ...]:
    """Return the cells of a part under `PART_HEADS`: each figure with its interval."""
    cells = [number(seen.requests)]
    for figure in FIGURES:
        estimate = seen.estimates[figure.key]
        interval = "" if estimate is None else figure.interval(estimate)
        text = "—" if estimate is None else figure.number_text(estimate.value)
        cells.append(f"{text} ({interval})" if interval else text)
    return tuple(cells)
