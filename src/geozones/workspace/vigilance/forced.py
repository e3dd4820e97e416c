"""Geography that forces a zone over its threshold of minutes, whatever its sector does."""

from itertools import combinations

from geozones.common.french import minutes
from geozones.domain.proposal_rules import THRESHOLD
from geozones.domain.settings import PROPOSED_SIZES
from geozones.domain.terms import terms
from geozones.rules import Violation
from geozones.workspace.study import Study

#: Fewest other lycées of a zone.
_OTHERS = PROPOSED_SIZES[0] - 1


def forced(study: Study, breach: Violation) -> str:
    """Return why no zone of the sector could respect the threshold, in French; "" if one could.

    It looks at each lycée of the drive that is too long: among the lycées of its sector within the
    threshold, a zone needs two others at least, within the threshold of one another.
    """
    if breach.rule != THRESHOLD:
        return ""
    for lycee in breach.lycees:
        reason = _too_remote(study, lycee, breach.sector_in(study.plan))
        if reason:
            return f"Le secteur l'impose : {study.name(lycee)} {reason}."
    return ""


def _too_remote(study: Study, lycee: str, sector: str) -> str:
    limit, table = study.settings.max_minutes, study.times.both_ways
    others = [other for other in study.plan.lycees_of(sector) if other != lycee]
    near = [other for other in others if table[lycee][other] <= limit]
    if len(near) < _OTHERS:
        site = terms().site
        count = f"a {site.no}" if not near else f"a qu'{site.a}"
        return f"n'y {count} à {minutes(limit)} au plus"
    for group in combinations(near, _OTHERS):
        if all(table[a][b] <= limit for a, b in combinations(group, 2)):
            return ""
    return (
        f"n'y a à {minutes(limit)} au plus que des {terms().site.plural} trop loin pour une même "
        "zone"
    )
