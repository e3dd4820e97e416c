"""Rule breaches of a plan, as points to watch."""

from collections.abc import Iterable, Iterator

from geozones.common.french import round_minutes
from geozones.rules import MINUTES, Violation
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
            _subject(study, breach),
            breach.key,
            breach.to_confirm,
            round_minutes(breach.measure) if breach.unit == MINUTES else breach.measure,
            breach.unit,
        )


def _subject(study: Study, breach: Violation) -> str:
    if breach.unit:
        return "trajet le plus long" if breach.unit == MINUTES else ""
    if breach.zone is not None:
        return f"zone {study.plan.zone(breach.zone).name}"
    return f"secteur {study.plan.sector(breach.sector_in(study.plan)).name}"
