"""Overview of several territories: each asked for its figures in a process of its own."""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from geozones.common.errors import GeozonesError
from geozones.domain.settings import territory
from geozones.domain.terms import COMMON_TERMS, DEFAULT_SET, NetworkTerms, terms_of
from geozones.export.overview import FIGURES, Overview, OverviewRow
from geozones.intake.data_folder import find_data_folder
from geozones.intake.manifest_file import read_manifest
from geozones.metrics import ESTIMATED_SHARE, SECTORS, VIGILANCE, WHOLE_POSTS, Metric, number_of
from geozones.metrics.metric_registry import watch_list
from geozones.workspace.sharing.credits import credits_of
from geozones.workspace.study import Study, estimated_pairs
from geozones.workspace.territories import ask_territory, territory_folder
from geozones.workspace.vigilance import vigilance

#: Seconds that a territory has to open and to tell its figures.
_LIMIT_S = 1800
#: Parts of an outline's extent below which it is simplified, and decimals of its degrees.
_DETAIL, _DIGITS = 800, 4


def territory_row(study: Study) -> OverviewRow:
    """Return the figures, outline and credits of the territory that is open."""
    baseline = study.analysis.baseline
    folder = find_data_folder()
    return OverviewRow(
        folder=str(folder),
        name=territory().name or folder.name,
        plan=f"{baseline.name} {baseline.status}" if baseline.is_in_force else baseline.name,
        limit=study.settings.max_minutes,
        figures=_figures(study),
        outline=_outline(study),
        credits=credits_of(study),
    )


def _figures(study: Study) -> Mapping[str, float | None]:
    kept, values = study.kept_metrics(), dict(study.metrics_json()["region"])
    values[VIGILANCE.key] = kept.get(VIGILANCE.key, watch_list(vigilance(study)).count)
    values[SECTORS.key] = len(study.plan.sectors)
    cost = {} if study.kept is None else study.kept.cost()
    values[WHOLE_POSTS.key] = cost.get("posts", study.cost().posts)
    guessed, pairs = estimated_pairs(study, [zone.id for zone in study.plan.zones])
    values[ESTIMATED_SHARE.key] = 100 * guessed / pairs if pairs else None
    return {record.key: number_of(values[record.key]) for record in FIGURES}


def _outline(study: Study) -> BaseGeometry:
    land = study.territory.shape(study.territory.lycees)
    west, south, east, north = land.bounds
    step = max(east - west, north - south) / _DETAIL
    return shapely.set_precision(shapely.simplify(land, step), 10.0**-_DIGITS)


def row_json(row: OverviewRow) -> dict[str, Any]:
    """Return a territory as JSON; its outline is a GeoJSON geometry."""
    if row.problem:
        return {"folder": row.folder, "name": row.name, "problem": row.problem}
    return {
        "folder": row.folder,
        "name": row.name,
        "problem": None,
        "plan": row.plan,
        "limit_minutes": row.limit,
        "figures": figures_json(row.figures),
        "without_access": [key for key, value in row.figures.items() if value == math.inf],
        "outline": None if row.outline is None else mapping(row.outline),
        "credits": list(row.credits),
        "notes": list(row.notes),
    }


def figures_json(figures: Mapping[str, float | None]) -> dict[str, float | None]:
    """Return figures as JSON, ``None`` for infinity; unrounded, because they are added up."""
    return {
        key: None if value is None or not math.isfinite(value) else round(value, 6)
        for key, value in figures.items()
    }


def read_overview(
    asked: Sequence[str], jobs: int, figure: Metric, report: Callable[[int, int], None]
) -> Overview:
    """Return the territories asked for, in their order; one that cannot be opened says why.

    Parameters
    ----------
    asked
        Data folders, or names of territories made here.
    jobs
        Territories opened at a time.
    figure
        Figure of the map.
    report
        Called after each territory, with their number and how many were asked for.
    """
    places = list(dict.fromkeys(asked))
    rows: list[OverviewRow] = []
    with ThreadPoolExecutor(jobs) as pool:
        for row in pool.map(_read, places):
            rows.append(row)
            report(len(rows), len(places))
    words = {row.terms for row in rows if not row.problem}
    return Overview(tuple(rows), figure, words.pop() if len(words) == 1 else COMMON_TERMS)


def _read(asked: str) -> OverviewRow:
    """Ask a territory for its row."""
    try:
        folder = territory_folder(asked)
        name, words = _named(folder)
    except GeozonesError as error:
        return OverviewRow(folder=asked, name=asked, problem=str(error))
    answer = ask_territory(folder, "overview", "--json", limit_s=_LIMIT_S, partial=True)
    if answer.problem:
        return OverviewRow(folder=str(folder), name=name, terms=words, problem=answer.problem)
    told = json.loads(answer.output)["territories"][0]
    return OverviewRow(
        folder=str(folder),
        name=name,
        terms=words,
        plan=told["plan"],
        limit=told["limit_minutes"],
        figures=told["figures"] | dict.fromkeys(told["without_access"], math.inf),
        outline=shape(told["outline"]),
        credits=tuple(told["credits"]),
        notes=answer.notes,
    )


def _named(folder: Path) -> tuple[str, NetworkTerms]:
    """Return the name of a territory and its nouns, whether it can be opened or not."""
    manifest = read_manifest(folder)
    return manifest.name or folder.name, terms_of(manifest.word_set or DEFAULT_SET, manifest.nouns)
