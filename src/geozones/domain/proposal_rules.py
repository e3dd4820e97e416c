"""The rules that proposals keep unless a planner lifts them."""

from geozones.common.french import minutes

#: By the keys of the rules, and of the metric, that they come from.
ONE_PIECE = "zone_in_one_piece"
THRESHOLD = "zone_minutes"
RELEVE = "worst_releve_minutes"
AVERAGE = "sector_average"
POSTS = "dedicated_posts"
#: Those of each zone made anew.
OF_ZONES = (ONE_PIECE, THRESHOLD, RELEVE)
RULES = (*OF_ZONES, AVERAGE, POSTS)
#: All of them, where rules to lift are named.
ALL = "all"


def rule_label(rule: str, bound: float | tuple[int, int] | None = None) -> str:
    """Return how a rule (of `RULES`) is called in French.

    It goes on from « zone »: « d'un seul tenant ».

    Parameters
    ----------
    bound
        Minutes, of a rule that has some; fewest and most lycées a zone, of the average of a sector.
    """
    if rule == ONE_PIECE:
        return "d'un seul tenant"
    if rule == POSTS:
        return "T.I.P. dédiés à leur zone : leurs lycées y restent"
    if rule == AVERAGE:
        said = "en moyenne dans chaque secteur"
        if not isinstance(bound, tuple):
            return f"nombre de lycées {said}"
        return f"{bound[0]} à {bound[1]} lycées {said}"
    said = "sous le seuil" if rule == THRESHOLD else "relève pas plus lente qu'aujourd'hui"
    if not isinstance(bound, float | int):
        return said
    return f"{said} de {minutes(bound)}" if rule == THRESHOLD else f"{said} ({minutes(bound)})"
