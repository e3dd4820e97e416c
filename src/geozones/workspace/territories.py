"""Territories of this installation: the first one, those made here, and their overview.

Words, ids and thresholds are those of one territory a process (`domain.settings`), so no
process opens two of them.
"""

import json
import math
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from geozones.common.errors import DataFileError, GeozonesError, InputError
from geozones.common.files import DATA_FOLDER, territories_folder
from geozones.common.french import number
from geozones.domain.settings import territory
from geozones.domain.terms import COMMON_TERMS, DEFAULT_SET, NetworkTerms, terms_of
from geozones.export.file_parts import slug
from geozones.export.overview import FIGURES, Overview, OverviewRow
from geozones.intake.data_folder import delivered_folder, find_data_folder
from geozones.intake.manifest_file import read_manifest
from geozones.metrics import ESTIMATED_SHARE, SECTORS, VIGILANCE, WHOLE_POSTS, Metric, number_of
from geozones.metrics.metric_registry import watch_list
from geozones.workspace.sharing.credits import credits_of
from geozones.workspace.study import Study, estimated_pairs
from geozones.workspace.vigilance import vigilance

#: Variable of a server that changed territory: the data folder that it was started on.
STARTED_ON = "GEOZONES_STARTED_ON"
#: Seconds that a territory has to open.
_OPENING_S = 120


@dataclass(frozen=True, slots=True)
class KnownTerritory:
    """Territory that can be opened: its name, its data folder; ``is_open`` if it is on screen.

    ``problem`` says in French why it cannot be opened; empty if it can.
    """

    name: str
    folder: Path
    is_open: bool
    problem: str = ""


def known_territories() -> tuple[KnownTerritory, ...]:
    """Return the territory that the server was started on, then those made here by name."""
    here, made = find_data_folder(), _made()
    folders = (first for first in (_first(), *made) if first is not None)
    return tuple(_known(folder, here) for folder in dict.fromkeys(folders))


def _first() -> Path | None:
    """Return the data folder of the settings, or the delivered one; never one made here."""
    named = os.environ.get(STARTED_ON, os.environ.get(DATA_FOLDER, ""))
    first = Path(named).absolute() if named else delivered_folder()
    return delivered_folder() if first in _made() else first


def _made() -> list[Path]:
    folders = territories_folder().absolute().glob("[!.]*")
    return sorted(path for path in folders if path.is_dir())


def _known(folder: Path, here: Path) -> KnownTerritory:
    is_open = folder.absolute() == here.absolute()
    try:
        name = read_manifest(folder).name
    except DataFileError as error:
        return KnownTerritory(folder.name, folder, is_open, str(error))
    return KnownTerritory(name or folder.name, folder, is_open)


@dataclass(frozen=True, slots=True)
class TerritoryAnswer:
    """Answer of a command on a territory; ``problem`` says in French why there is none, or ``""``.

    ``notes`` are the sentences that came with an answer: what it leaves out.
    """

    output: str
    problem: str = ""
    notes: tuple[str, ...] = ()


def ask_territory(
    folder: Path, *command: str, limit_s: float = _OPENING_S, partial: bool = False
) -> TerritoryAnswer:
    """Run a command of this program on a territory and return its answer.

    The command runs in a process of its own, since a process has the words and ids of one territory
    only. An incomplete answer (status 1) is accepted only with ``partial``.
    """
    try:
        done = subprocess.run(  # noqa: S603 - a command of this program
            [sys.executable, "-m", "geozones.cli", *command],
            env=os.environ | {DATA_FOLDER: str(folder)},
            capture_output=True,
            text=True,
            timeout=limit_s,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return TerritoryAnswer("", f"Son ouverture prend plus de {number(limit_s)} secondes.")
    said = tuple(line.removeprefix("geozones : ") for line in done.stderr.strip().splitlines())
    if not done.returncode or (partial and done.returncode == 1 and done.stdout.strip()):
        return TerritoryAnswer(done.stdout, notes=said)
    # the last line gives the reason: the lines before are warnings, or a traceback
    return TerritoryAnswer("", said[-1] if said else _stopped_text(done.returncode))


def _stopped_text(status: int) -> str:
    if status == -signal.SIGKILL:
        return "Son ouverture a été arrêtée par le système : la mémoire manque sans doute."
    return f"Son ouverture s'est arrêtée sans rien dire (code {status})."


def opening_problem(folder: Path) -> str:
    """Return in French why a territory cannot be opened; empty if it can."""
    return ask_territory(folder, "plan", "--json").problem


def territory_folder(asked: str) -> Path:
    """Return the folder of a territory: a data folder, or the name of a territory made here.

    A name may be as it was given (« Bretagne ») or as its folder is named (« bretagne »).

    Raises
    ------
    InputError
        If there is no such folder.
    """
    places = [Path(asked), territories_folder() / asked]
    if Path(asked).name == asked:  # a name, not the path of a folder that is not there
        places.append(territories_folder() / slug(asked))
    for folder in places:
        if folder.is_dir():
            return folder.absolute()
    made = ", ".join(path.name for path in _made())
    known = f" Territoires créés ici : {made}." if made else ""
    msg = f"Aucun dossier de données « {asked} », ni aucun territoire de ce nom.{known}"
    raise InputError(msg)


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
