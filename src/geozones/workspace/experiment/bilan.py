"""Bilan of an experiment: figures, counts, effect on costs, decisions that it asks for."""

from collections.abc import Mapping
from dataclasses import dataclass

from geozones.common.french import NBSP, listing, long_date, number, plural
from geozones.domain.field_journal import (
    ADOPTABLE,
    AdoptedHypotheses,
    BilanLine,
    BilanVerdict,
    Journal,
    Observation,
)
from geozones.domain.teams import MONTH_DAYS
from geozones.domain.terms import terms, worded
from geozones.experiment.estimates import Estimate
from geozones.experiment.observed import Observed, Observer
from geozones.experiment.observed_figures import BY_KEY, FIGURES, bilan_line
from geozones.workspace.experiment.areas import (
    Area,
    AreaRow,
    area_costs,
    as_supposed,
    expected,
    month_rows,
    observer,
    part_rows,
    recorded,
    sector_area,
    whole,
    zone_area,
)
from geozones.workspace.experiment.findings import (
    OF_SETTING,
    BilanFinding,
    DocumentPoint,
    HypothesisRow,
    as_observed,
    document_points,
    drive_groups,
    findings_of,
    hypothesis_rows,
    plain_title,
    with_adopted,
)
from geozones.workspace.study import Study

#: What a hypothesis is of, after « Porter » or « Ramener », for `worded`.
_SUBJECTS: Mapping[str, str] = {
    "visits_per_month": "les visites de continuité",
    "absence_rate": "le taux d'absence prévu",
    "absence_days": "la durée prévue d'une absence",
    "tis_visits": "les visites {of_sector_technician} par {site}",
    "tis_minutes": "la durée prévue d'une visite {of_sector_technician}",
}


def decisions_of(study: Study, watched: Observer, area: Area) -> tuple[str, ...]:
    """Return a sentence for each hypothesis that the interval of the whole journal excludes.

    Each has its effect on the yearly hours of an area, all other hypotheses as supposed; the
    largest effect on the cost is first.
    """
    supposed = as_supposed(study)
    estimates = watched.observe(whole(study, watched).lycees).estimates
    before = _decision_hours(supposed, area, watched)
    decided = []
    for row in hypothesis_rows(study, watched):
        if row.event is None:
            continue
        if row.name == "drives":
            factor = watched.factors.whole
            if factor is None or factor.holds(1.0):
                continue
            text = _drives(factor.value, len(drive_groups(study, watched)))
        else:
            estimate, hoped = estimates[OF_SETTING[row.name].key], _default(supposed, row.name)
            if estimate is None or estimate.holds(hoped):
                continue
            text = _setting(row.name, hoped, estimate.value)
        after = _decision_hours(
            with_adopted(supposed, _adopting(study, watched, row)), area, watched
        )
        more = tuple(late - early for early, late in zip(before, after, strict=True))
        decided.append((more, f"{text} : {_effect(more)}."))
    decided.sort(key=lambda one: [-abs(hours) for hours in one[0]])
    return tuple(sentence for _, sentence in decided)


def _default(study: Study, name: str) -> float:
    value: float = getattr(getattr(study.settings, ADOPTABLE[name][0]), name)
    return value


def _setting(name: str, hoped: float, value: float) -> str:
    figure = OF_SETTING[name]
    verb = "Porter" if value > hoped else "Ramener"
    return (
        f"{verb} {worded(_SUBJECTS[name])} de {figure.number_text(hoped)} à "
        f"{figure.value_text(value)}"
    )


def _drives(factor: float, zones: int) -> str:
    short = "courtes" if factor > 1 else "longues"
    percent = f"{number(100 * abs(factor - 1))}{NBSP}%"
    where = plural(zones, "zone")
    return f"Corriger les durées calculées, trop {short} de {percent}, dans {where}"


def _adopting(study: Study, watched: Observer, row: HypothesisRow) -> AdoptedHypotheses:
    if row.name == "drives":
        return AdoptedHypotheses(drives=drive_groups(study, watched))
    assert row.event is not None  # noqa: S101 - the caller looked
    observed = Observation(**row.event[1]["observed"])
    return AdoptedHypotheses({row.name: observed})


def _decision_hours(study: Study, area: Area, watched: Observer) -> tuple[int, int]:
    """Return the yearly hours of the cost, and those of T.I.S., which it does not count."""
    costs = area_costs(study, area, recorded(study, watched))
    hours = sum(cost.total_hours for cost in costs), sum(cost.tis_hours or 0.0 for cost in costs)
    return round(hours[0]), round(hours[1])


def _effect(more: tuple[int, ...]) -> str:
    """Describe the change of the cost or, if none, of the T.I.S. hours."""
    whose = ("", f" de route {terms().sector_technician.of}")
    for hours, of_whom in zip(more, whose, strict=True):
        if hours:
            way = "de plus" if hours > 0 else "de moins"
            return f"{number(abs(hours))}{NBSP}h{of_whom} {way} par an"
    return "sans effet sur le coût annuel"


#: How a rate by month is computed.
RATE_NOTE = (
    f"Un rythme par mois est calculé pour {MONTH_DAYS}{NBSP}jours ouvrés, d'après ceux du "
    "journal ; les tableaux donnent le nombre de demandes."
)


def counts_of(watched: Observer, area: Area) -> tuple[str, ...]:
    """Return the sentences of an area; the whole also has the requests of no known lycée.

    A figure that is of some rows only has a sentence with both counts.
    """
    work = watched.work(frozenset(area.lycees))
    seen = watched.observe(area.lycees).estimates
    sentences = [
        _requests(watched, area),
        _some(plural(work.asked, "demande"), work.asked, work.timed, "avec une durée notée"),
        *(_some_of(seen, *row) for row in _PARTIAL),
    ]
    if work.presences:
        present = plural(work.presences, "ligne de présence", "lignes de présence")
        sentences.append(
            f"{present} (jour fixe, visite ou relève sans ticket) : ce ne sont pas des demandes."
        )
    return tuple(sentence for sentence in sentences if sentence)


#: Key of a figure of all rows, of the one of some of them, and words on these.
_PARTIAL = (
    ("cover_by_zone", "cover_minutes", "avec un trajet noté"),
    (
        "driven",
        "drive_ratio",
        "comparés aux durées calculées : entre deux {sites} relié{e_site}s ici au moins deux fois",
    ),
)


def _some_of(seen: Mapping[str, Estimate | None], whole: str, part: str, words: str) -> str:
    total, some = seen[whole], seen[part]
    if total is None:
        return ""
    counted = BY_KEY[whole].count_text(total.count)
    return _some(counted, total.count, 0 if some is None else some.count, worded(words))


def _some(counted: str, total: int, part: int, words: str) -> str:
    """Return how many rows are in a figure; empty if all are."""
    return f"{counted}, dont {number(part)} {words}." if part < total else ""


def _requests(watched: Observer, area: Area) -> str:
    """Return the number of requests and, for the whole, how many are of no lycée of the plan."""
    counted = watched.work(frozenset(area.lycees)).asked
    total = watched.work(None).asked if area.kind == "region" else counted
    if not total:
        return ""
    nowhere = watched.work(frozenset({""})).asked if total > counted else 0
    outside = total - counted - nowhere
    apart, site = [], terms().site
    if nowhere:
        apart.append(f"{number(nowhere)} sans {site} reconnu{site.e}")
    if outside:
        apart.append(f"{number(outside)} {site.of_a} hors du plan")
    left = f", dont {listing(apart)} : les tableaux en comptent {number(counted)}" if apart else ""
    return f"{plural(total, 'demande')}{left}."


#: Warning on every page, slide and section about a journal that a generator made.
INVENTED_NOTICE = "Journal d'essai, inventé par l'outil : aucun de ces chiffres n'est réel."
#: Title of the decisions, wherever they are shown.
DECISIONS_TITLE = "À décider, d'après tout le journal"


_ORDER = {verdict: rank for rank, verdict in enumerate(BilanVerdict)}


@dataclass(frozen=True)
class CostChange:
    """Yearly hours under the supposed and the observed figures: total, road, without technician."""

    before: tuple[float, float, float]
    after: tuple[float, float, float]

    @property
    def sentence(self) -> str:
        """Describe the change in one sentence."""
        hours = round(self.before[0]), round(self.after[0])
        before, after = (f"{number(value)}{NBSP}h" for value in hours)
        more = hours[1] - hours[0]  # of the values shown
        if not more:
            return f"Le coût annuel ne change pas : {after}."
        way = "de plus" if more > 0 else "de moins"
        return (
            f"Avec ce qui a été observé, l'organisation coûte {number(abs(more))}{NBSP}h {way} "
            f"par an ({after} contre {before})."
        )


@dataclass(frozen=True)
class Bilan:
    """The bilan of an area."""

    area: Area
    period: tuple[str, str] | None  # The first and last day (ISO); ``None`` for an empty journal.
    days: int
    invented: bool  # Whether a generator made some of the journal.
    lines: tuple[BilanLine, ...]  # The figures, worse before better.
    #: The figures outside their expectation, in sentences, the most telling first.
    findings: tuple[BilanFinding, ...]
    decisions: tuple[str, ...]  # What is to be decided, each with its effect on the yearly cost.
    counts: tuple[str, ...]  # How the figures are counted, and where counts differ, in sentences.
    parts: tuple[AreaRow, ...]  # The figures of each part of the area, and of each month.
    months: tuple[AreaRow, ...]
    points: tuple[DocumentPoint, ...]  # The points to watch of the source document, one by one.
    cost: CostChange | None  # Change of the yearly cost; ``None`` without rows in the journal.

    @property
    def title(self) -> str:
        """The most telling finding, without a full stop; a plain sentence if there is none."""
        if self.findings:
            return self.findings[0].text
        return plain_title([line.verdict for line in self.lines])

    @property
    def keys(self) -> tuple[str, ...]:
        """The figures of the findings (keys), the most telling first."""
        return tuple(finding.key for finding in self.findings)

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
    seen = watched.observe(area.lycees)
    expects = expected(study, area)
    period = journal.period
    return Bilan(
        area,
        None if period is None else (period[0].isoformat(), period[1].isoformat()),
        seen.days,
        journal.invented,
        lines_of(seen, expects),
        findings_of(seen, expects),
        decisions_of(study, watched, area) if journal.rows else (),
        (*counts_of(watched, area), RATE_NOTE),
        part_rows(study, watched, area),
        month_rows(watched, area),
        document_points(study, watched, area, seen),
        _cost(study, watched, area) if journal.rows else None,
    )


def area_of(study: Study, watched: Observer, sector: str | None, zone: str | None) -> Area:
    """Return the narrowest given area; raise ``InputError`` if there is none."""
    if zone is not None:
        return zone_area(study, zone)
    return whole(study, watched) if sector is None else sector_area(study, sector)


def lines_of(seen: Observed, expects: Mapping[str, float]) -> tuple[BilanLine, ...]:
    """Return the lines of the observed figures, worse before better."""
    lines = [
        bilan_line(figure, estimate, expects.get(figure.key), seen.days)
        for figure in FIGURES
        if (estimate := seen.estimates[figure.key]) is not None
        and (estimate.count or figure.key not in {"level_3", "level_unknown"})
    ]
    return tuple(sorted(lines, key=lambda line: _ORDER[line.verdict]))


def _cost(study: Study, watched: Observer, area: Area) -> CostChange | None:
    """Return the yearly hours of an area under the tool's hypotheses and the observed ones."""
    sectors = recorded(study, watched)
    if not sectors:
        return None
    after = as_observed(study, watched)
    before = as_supposed(study)
    return CostChange(_hours(before, area, sectors), _hours(after, area, sectors))


def _hours(study: Study, area: Area, sectors: frozenset[str]) -> tuple[float, float, float]:
    costs = area_costs(study, area, sectors)
    return (
        sum(cost.total_hours for cost in costs),
        sum(cost.road_hours for cost in costs),
        sum(cost.unattended_hours for cost in costs),
    )
