"""« front »: the Pareto front of two measures, each plan proven."""

from typing import Annotated, Any

from geozones.cli.options import DEFAULTS, Answer, CommonOptions, Reply, one_of, option, rounded
from geozones.cli.proposals import SearchOptions, moves_json, packages_json
from geozones.common.french import listing, plural
from geozones.workspace.proposals.fronts import AXES, POINTS, find_knee, named
from geozones.workspace.proposals.fronts import front as solve_front
from geozones.workspace.proposals.solve import options_of

_MEASURES = listing([f"{key} ({label})" for key, label in AXES.items()], "ou")
_ANY_PLAN = SearchOptions()


def front(  # noqa: PLR0913 - one keyword an option
    *,
    x: Annotated[
        str, option("MESURE", f"mesure de l'effort : {_MEASURES}", check=one_of(tuple(AXES)))
    ] = "moves",
    y: Annotated[
        str, option("MESURE", "mesure du gain, parmi les mêmes", check=one_of(tuple(AXES)))
    ] = "hours",
    points: Annotated[int, option("N", f"points au plus, déplacements à part ({POINTS})")] = POINTS,
    search: SearchOptions = _ANY_PLAN,
    scheduler: Annotated[
        str | None, option("ADRESSE", "calculer sur un cluster Dask (tcp://machine:port)")
    ] = None,
    common: CommonOptions = DEFAULTS,
) -> Reply:
    """Search the front of two measures."""
    study = search.study(common)
    options = options_of(**search.solver_options(study))
    found = solve_front(study, x, y, options, points=points, scheduler=scheduler)
    end = find_knee(found) if found.points else None
    shown = [
        {
            "x": rounded(point.x),
            "y": rounded(point.y),
            "status": point.result.status.value,
            "moves": moves_json(study, search.objective, point.result),
            "packages": packages_json(study, options, search.objective, point.result),
        }
        for point in found.points
    ]
    now = found.now
    answer: Answer = {
        "front": {
            "x": {"measure": x, "label": found.x.label, "unit": found.x.unit},
            "y": {"measure": y, "label": found.y.label, "unit": found.y.unit},
            "points": shown,
            "now": None if now is None else {"x": rounded(now[0]), "y": rounded(now[1])},
            "complete": found.complete,
            "enough": (
                None
                if end is None
                else {
                    "point": None if end.point is None else found.points.index(end.point),
                    "text": end.sentence,
                }
            ),
        },
        "why": found.why,
    }

    def text(_: Any) -> str:  # noqa: ANN401 - unused: the objects themselves are in scope
        lines = [
            f"{named(found.x, point.x)}, {named(found.y, point.y)} : "
            f"{plural(len(point.result.moves), 'déplacement')} face au plan actuel"
            for point in found.points
        ]
        lines += [end.sentence] if end is not None else []
        lines += [] if found.complete else ["La recherche s'est arrêtée en chemin."]
        return "\n".join([*lines, *([found.why] if found.why else [])])

    return common.reply(study, answer, text)
