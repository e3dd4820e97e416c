"""Bilan of an experiment: expected and observed figures, and their effect on costs."""

from collections.abc import Mapping
from dataclasses import dataclass

from geozones.common.french import NBSP, long_date, number, plural
from geozones.domain.bilan_line import BilanLine, BilanVerdict
from geozones.domain.field_journal import Journal
from geozones.experiment.bilan_lines import bilan_line
from geozones.experiment.observed import Observed, Observer
from geozones.experiment.observed_figures import FIGURES
from geozones.workspace.experiment.area_rows import AreaRow, month_rows, part_rows
from geozones.workspace.experiment.areas import (
    Area,
    area_costs,
    as_supposed,
    expected,
    observer,
    recorded,
    sector_area,
    whole,
    zone_area,
)
from geozones.workspace.experiment.counts import RATE_NOTE, counts_of
from geozones.workspace.experiment.decisions import decisions_of
from geozones.workspace.experiment.findings import BilanFinding, findings_of, plain_title
from geozones.workspace.experiment.hypotheses import as_observed
from geozones.workspace.experiment.points import DocumentPoint, document_points
from geozones.workspace.study import Study

#: Warning on every page, slide and section about a journal that a generator made.
INVENTED_NOTICE = "Journal d'essai, inventé par l'outil : aucun de ces chiffres n'est réel."
#: Title of the decisions, wherever they are shown.
DECISIONS_TITLE = "À décider, d'après tout le journal"


_ORDER = {verdict: rank for rank, verdict in enumerate(BilanVerdict)}


@dataclass(frozen=True)
class CostChange:
    """Yearly hours under the supposed and the observed figures: total, road, ruptures."""

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
    """The bilan of an area.

    Parameters
    ----------
    period
        The first and last day (ISO); ``None`` for an empty journal.
    invented
        Whether a generator made some of the journal.
    lines
        The figures, worse before better.
    findings
        The figures outside their expectation, in sentences, the most telling first.
    decisions
        What is to be decided, each with its effect on the yearly cost.
    counts
        How the figures are counted, and where counts differ, in sentences.
    parts, months
        The figures of each part of the area, and of each month.
    points
        The points to watch of the source document, one by one.
    cost
        Change of the yearly cost; ``None`` without rows in the journal.
    """

    area: Area
    period: tuple[str, str] | None
    days: int
    invented: bool
    lines: tuple[BilanLine, ...]
    findings: tuple[BilanFinding, ...]
    decisions: tuple[str, ...]
    counts: tuple[str, ...]
    parts: tuple[AreaRow, ...]
    months: tuple[AreaRow, ...]
    points: tuple[DocumentPoint, ...]
    cost: CostChange | None

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
    """Return the bilan of the narrowest given of zone, sector (ids), whole.

    Raises
    ------
    InputError
        If there is no such zone or sector.
    """
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
        sum(cost.rupture_hours for cost in costs),
    )
