"""Figures kept with a publication or a frozen version: metrics and yearly cost of each area."""

from collections.abc import Iterator, Mapping
from typing import Any

from geozones.domain.events import State
from geozones.domain.kept_figures import area_key, kept_document
from geozones.metrics import BREACHES, VIGILANCE, MetricPlace, shown_in
from geozones.metrics.watch_list import watch_list
from geozones.workspace.analysis import Analysis, analysis_of
from geozones.workspace.costs import cost_json
from geozones.workspace.plan_comparison import areas_of, with_posts_of
from geozones.workspace.study import Study, study_of
from geozones.workspace.vigilance import chosen, vigilance


def figures_to_keep(
    analysis: Analysis, state: State, base: State | None, day: str
) -> dict[str, Any]:
    """Return the figures to keep with a plan decided on a day (ISO), and those of its base.

    They are made under the tool's hypotheses and those that the scenario adopted, off-peak:
    whatever the session of the user looks at.
    """
    usual = analysis_of(analysis.territory, baseline=analysis.baseline)
    study = study_of(usual, state)
    areas = dict(_areas(study, study, costs=True))
    if base is None:
        return kept_document(day, areas, {})
    before = study_of(usual, base)
    return kept_document(day, areas, dict(_areas(before, study, costs=False)))


def _areas(study: Study, other: Study, *, costs: bool) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the figures of each area; points are counted with the posts of ``other`` if no own."""
    plan, watched = study.plan, with_posts_of(study, other)
    points, alerts = vigilance(watched), watched.alerts()
    keys = _keys(study)
    for sector, zone in areas_of(plan):
        values = study.area(sector, zone)
        inside = [
            breach
            for breach in alerts
            if zone in {None, breach.zone} and sector in {None, breach.sector_in(plan)}
        ]
        metrics = {key: values[key] for key in keys if key in values} | {
            VIGILANCE.key: watch_list(chosen(points, sector=sector, zone=zone)).count,
            BREACHES.key: len(inside),
        }
        cost = {"cost": cost_json(study.cost(sector=sector, zone=zone))} if costs else {}
        yield area_key(sector, zone), {"metrics": metrics, **cost}


def _keys(study: Study) -> tuple[str, ...]:
    """Return the keys of the metrics that some page or file shows, and of the lycées they name."""
    posts = bool(study.teams.posts)
    records = [record for place in MetricPlace for record in shown_in(place, posts=posts)]
    return tuple(dict.fromkeys(key for each in records for key in (each.key, each.lycees) if key))
