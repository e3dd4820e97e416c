"""Bounds that balance a proposal: T.I.P. per zone, pupils per sector."""

from math import inf
from typing import Any

from geozones.cost.posts_model import PostsModel
from geozones.domain.terms import terms
from geozones.workspace.study import Study

#: Minimum and maximum; ``None`` for no bound.
type Bounds = tuple[int | None, int | None]

#: Default minimum of T.I.P. per zone: a single one has no colleague.
LEAST_POSTS = 2


def balance(
    study: Study, posts: Bounds = (LEAST_POSTS, None), pupils: Bounds = (None, None)
) -> dict[str, Any]:
    """Return bounds on the T.I.P. of each zone and the pupils of each sector.

    The result has the matching fields of `optimize.PartitionOptions`. The T.I.P. of a zone are the
    full-time ones that its needs fill, rounded up. Lycées with an unknown number of pupils count as
    having none.
    """
    from geozones.optimize.resources import Resource  # noqa: PLC0415 - the solver, only if asked
    from geozones.optimize.sector_bounds import SectorBound  # noqa: PLC0415

    lycees = {key: study.territory.lycees[key] for key in study.plan.lycees}
    least, most = posts
    fewest, greatest = pupils
    needs = {key: study.teams.need(lycee).half_days for key, lycee in lycees.items()}
    known = {key: float(study.teams.pupils(lycee)[0] or 0) for key, lycee in lycees.items()}
    bounded = Resource(
        "effectif",
        PostsModel(needs, study.ranking.model.staffed),
        least_by_zone=float(least or 0),
        most_by_zone=inf if most is None else float(most),
        unit=terms().proximity_technician.plural,
    )
    by_sector = SectorBound(
        terms().size.plural, known, float(fewest or 0), inf if greatest is None else float(greatest)
    )
    return {
        "resources": (bounded,) if least or most is not None else (),
        "sector_bounds": (by_sector,) if fewest or greatest is not None else (),
    }
