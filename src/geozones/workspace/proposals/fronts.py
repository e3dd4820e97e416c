"""Pareto fronts of two figures, proven, and the knee beyond which effort stops paying."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from geozones.common.errors import InputError
from geozones.common.french import NBSP, listing, number
from geozones.cost.parts_model import HalfDays, PartHours
from geozones.domain.terms import worded
from geozones.workspace.jobs import SEARCHES, Job, Listener
from geozones.workspace.proposals.search import PlanRequest, SearchProgress
from geozones.workspace.proposals.solve import constrained, executor_at
from geozones.workspace.rankings import HOURS
from geozones.workspace.study import Study

if TYPE_CHECKING:
    from geozones.optimize import Front, FrontPoint, PartitionOptions
    from geozones.optimize.front_search import Measure
    from geozones.optimize.result import Progress

__all__ = [
    "AXES",
    "POINTS",
    "Front",
    "FrontJob",
    "FrontPoint",
    "FrontRequest",
    "Knee",
    "Measure",
    "find_knee",
    "front",
    "front_job",
    "measure_of",
    "named",
    "written",
]

#: Measures of fronts by key, in French, for `worded`.
AXES = {
    "hours": "coût annuel",
    "road": "heures de route",
    "ruptures": "heures de rupture",
    "unserved": "heures sans {technician}",
    "releve": "relève la plus lente",
    "workload": "besoin de la zone la plus chargée",
    "moves": "déplacements",
}
#: Parts of the hours by key of measure.
_PARTS = {"road": "road", "ruptures": "rupture", "unserved": "unattended"}
#: Most points of a front.
POINTS = 15
#: Share of the total gain that marks the knee.
_MOST_OF_IT = 0.9


def measure_of(study: Study, key: str) -> "Measure":
    """Return a measure by its key (`AXES`); raise ``InputError`` for an unknown key."""
    from geozones.optimize.front_search import Measure  # noqa: PLC0415 - the solver, only if asked
    from geozones.optimize.resources import ReleveModel  # noqa: PLC0415 - the same

    model = study.ranking.model
    label = worded(AXES.get(key, ""))
    match key:
        case "hours":
            return Measure(key, label, "h", model)
        case "road" | "ruptures" | "unserved":
            return Measure(key, label, "h", PartHours(_PARTS[key], model))
        case "releve":
            return Measure(key, label, "min", ReleveModel(study.times), worst=True, step=0.05)
        case "workload":
            return Measure(key, label, "demi-journées", HalfDays(model.needs), worst=True, step=0.5)
        case "moves":
            return Measure(key, label, "", None, step=0.5)
    raise InputError(f"« {key[:40]} » n'est pas une mesure : choisissez {listing([*AXES], 'ou')}.")


def front(
    study: Study,
    x: str,
    y: str,
    options: "PartitionOptions",
    progress: "Progress | None" = None,
    *,
    points: int = POINTS,
    scheduler: str | None = None,
) -> "Front":
    """Return the front of two measures (`AXES`) under a planner's options and locks."""
    if options.robust:
        raise InputError(
            "Les compromis se cherchent sur les chiffres tels qu'ils sont : demandez-les sans "
            "tenir compte de l'incertitude."
        )
    from geozones import optimize  # noqa: PLC0415 - the solver, only if asked

    return optimize.front(
        study.plan,
        study.times,
        measure_of(study, x),
        measure_of(study, y),
        replace(constrained(study, options, HOURS), sector_costs=()),
        points=points,
        names=study.name,
        progress=progress,
        executor=executor_at(scheduler),
    )


@dataclass(frozen=True, slots=True)
class FrontRequest:
    """Search of a front: the study and the options of ``origin``, and two measures (`AXES`)."""

    origin: PlanRequest
    x: str
    y: str


type FrontJob = Job[FrontRequest, SearchProgress, "Front"]


def front_job(asked: FrontRequest) -> FrontJob:
    """Return the job of `front`."""
    return Job(SEARCHES, search_front, asked, SearchProgress())


def search_front(listen: Listener, asked: FrontRequest) -> "Front":
    """Search a front; raise as `front`."""
    return front(asked.origin.study, asked.x, asked.y, asked.origin.options, listen)


@dataclass(frozen=True, slots=True)
class Knee:
    """Knee of a front: the point beyond which effort stops paying, and a sentence about it."""

    point: "FrontPoint | None"
    sentence: str


def find_knee(front: "Front") -> Knee:
    """Return the knee: from there on, more of the first figure gains little of the second.

    The knee is the first point with nine tenths of the total gain.
    """
    points = front.points
    if len(points) == 1:
        sentence = (
            "Un seul plan est le meilleur pour les deux mesures à la fois : "
            f"{front.x.label} et {front.y.label}."
        )
        return Knee(None, sentence)
    first, last = points[0], points[-1]
    gain = first.y - last.y
    at = next(rank for rank, point in enumerate(points) if first.y - point.y >= _MOST_OF_IT * gain)
    found, x, y = points[at], front.x, front.y
    reached = (
        f"{_from(x, first.x, found.x)}, {y.label} : {written(y, first.y)} → {written(y, found.y)}"
    )
    if at == len(points) - 1:
        return Knee(None, f"Chaque déplacement supplémentaire apporte un gain : {reached}.")
    share = number(100 * (first.y - found.y) / gain)
    sentence = (
        f"Au-delà de {named(x, found.x)}, le gain devient faible : {share}{NBSP}% en est déjà "
        f"acquis ({y.label} : {written(y, first.y)} → {written(y, found.y)}). Aller jusqu'à "
        f"{written(x, last.x)} n'apporte que {written(y, found.y - last.y)} de plus."
    )
    return Knee(found, sentence)


def written(measure: "Measure", value: float) -> str:
    """Return a value of a measure in French, with its unit."""
    digits = 1 if measure.unit == "min" else 0
    unit = measure.unit
    if measure.of is None:
        unit = "déplacement" if abs(value) < 2 else "déplacements"
    return f"{number(value, digits)}{NBSP}{unit}"


def named(measure: "Measure", value: float) -> str:
    """Return a value with its measure: ``642 h (heures de route)``, ``4 déplacements``."""
    text = written(measure, value)
    return text if measure.of is None else f"{text} ({measure.label})"


def _from(measure: "Measure", low: float, high: float) -> str:
    return f"{measure.label} : {written(measure, low)} → {written(measure, high)}"
