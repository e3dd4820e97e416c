"""Rules that proposals keep unless a planner lifts them."""

from geozones.common.french import minutes

#: Identified by the keys of the rules, and of the metric, that they come from.
ONE_PIECE = "zone_in_one_piece"
THRESHOLD = "zone_minutes"
RELEVE = "worst_releve_minutes"
AVERAGE = "sector_average"
POSTS = "dedicated_posts"
#: Rules that apply to each new zone.
OF_ZONES = (ONE_PIECE, THRESHOLD, RELEVE)
RULES = (*OF_ZONES, AVERAGE, POSTS)
#: Word for all the rules, in a list of rules to lift.
ALL = "all"


def rule_label(rule: str, bound: float | tuple[int, int] | None = None) -> str:
    """Return the name of a rule (of `RULES`) in French.

    It continues the word « zone »: « d'un seul tenant ».

    Parameters
    ----------
    bound
        Minutes, for a rule of minutes; fewest and most lycées per zone, for a sector's average.
    """
    if rule == ONE_PIECE:
        return "d'un seul tenant"
    if rule == POSTS:
        return "T.I.P. dédiés à leur zone : leurs lycées y restent"
    if rule == AVERAGE:
        words = "en moyenne dans chaque secteur"
        if not isinstance(bound, tuple):
            return f"nombre de lycées {words}"
        return f"{bound[0]} à {bound[1]} lycées {words}"
    words = "sous le seuil" if rule == THRESHOLD else "relève pas plus lente qu'aujourd'hui"
    if not isinstance(bound, float | int):
        return words
    return f"{words} de {minutes(bound)}" if rule == THRESHOLD else f"{words} ({minutes(bound)})"
