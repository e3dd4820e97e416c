"""Rule breaches of a plan, as points to watch."""

from collections.abc import Iterator

from geozones.workspace.study import Study
from geozones.workspace.vigilance.forced import forced
from geozones.workspace.vigilance.record import PointKind, VigilancePoint


def breaches(study: Study) -> Iterator[VigilancePoint]:
    """Yield a point for each breach, information included."""
    decisions = study.decisions
    for breach in study.check():
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
            decisions.sector(sector) if breach.zone is None else decisions.zone(breach.zone),
            breach.to_confirm,
        )
