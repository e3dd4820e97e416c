"""Rules that proposals keep unless a planner lifts them."""

from collections.abc import Iterable

from geozones.common.french import minutes, number
from geozones.domain.terms import terms, worded

#: Identified by the keys of the rules, and of the metric, that they come from.
ONE_PIECE = "zone_in_one_piece"
THRESHOLD = "zone_minutes"
RELEVE = "worst_releve_minutes"
AVERAGE = "sector_average"
POSTS = "dedicated_posts"
HEADCOUNT = "sector_posts"
RUPTURES = "rupture_zones"
#: Rules that apply to each new zone.
OF_ZONES = (ONE_PIECE, THRESHOLD, RELEVE)
#: Rules that bound a total over the zones of a sector, or of the region.
OF_TOTALS = (AVERAGE, HEADCOUNT, RUPTURES)
RULES = (*OF_ZONES, AVERAGE, POSTS, HEADCOUNT, RUPTURES)
#: Word for all the rules, in a list of rules to lift.
ALL = "all"


#: Names of the rules, without their bound; nouns of the network in braces.
_LABELS = {
    ONE_PIECE: "d'un seul tenant",
    RELEVE: "relève pas plus lente qu'aujourd'hui",
    POSTS: (
        "{proximity_technicians} dédié{e_proximity_technician}s à leur zone : leurs {sites} y "
        "restent"
    ),
    HEADCOUNT: "pas plus de postes qu'aujourd'hui",
    RUPTURES: "pas plus de zones en rupture qu'aujourd'hui",
}


def rule_label(rule: str, bound: float | tuple[int, int] | None = None) -> str:
    """Return the name of a rule (of `RULES`) in French.

    It continues the word « zone »: « d'un seul tenant ».

    Parameters
    ----------
    bound
        Minutes, for the threshold; fewest and most lycées per zone, for a sector's average.
    """
    if rule in _LABELS:
        return worded(_LABELS[rule])
    if rule == AVERAGE:
        words = "en moyenne dans chaque secteur"
        if not isinstance(bound, tuple):
            return f"nombre {terms().site.of_plural} {words}"
        return f"{bound[0]} à {bound[1]} {terms().site.plural} {words}"
    return (
        f"sous le seuil de {minutes(bound)}" if isinstance(bound, float | int) else "sous le seuil"
    )


def releve_label(bounds: Iterable[float]) -> str:
    """Return the name of the rule on relèves in French, with the minutes of each sector."""
    known = sorted(bounds)
    if not known:
        return _LABELS[RELEVE]
    low, high = (minutes(value) for value in (known[0], known[-1]))
    text = high if low == high else f"{number(known[0])} à {high} selon le secteur"
    return f"{_LABELS[RELEVE]} ({text})"
