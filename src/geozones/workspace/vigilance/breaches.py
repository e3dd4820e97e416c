"""Rule breaches of a plan, as points to watch."""

from collections.abc import Iterable, Iterator

from geozones.rules import Violation
from geozones.workspace.study import Study
from geozones.workspace.vigilance.forced import forced
from geozones.workspace.vigilance.record import PointKind, VigilancePoint


def points_of_breaches(study: Study, breaches: Iterable[Violation]) -> Iterator[VigilancePoint]:
    """Yield a point for each breach of a study's plan, information included."""
    for breach in breaches:
        sector = breach.sector_in(study.plan)
        yield VigilancePoint(
            PointKind.RULE,
            " ".join(filter(None, (breach.message, forced(study, breach)))),
            breach.rule,
            breach.origin,
            breach.severity,
            sector,
            breach.zone,
            breach.lycees,
            study.status(sector=sector, zone=breach.zone),
            breach.to_confirm,
        )
