"""The rules that zones made anew by a proposal keep, unless a planner lifts them."""

from geozones.common.french import minutes

#: By the keys of the rules, and of the metric, that they come from.
ONE_PIECE = "zone_in_one_piece"
THRESHOLD = "zone_minutes"
RELEVE = "worst_releve_minutes"
RULES = (ONE_PIECE, THRESHOLD, RELEVE)
#: All of them, where rules to lift are named.
ALL = "all"


def rule_label(rule: str, bound: float | None = None) -> str:
    """Return how a rule (of `RULES`) is called in French, with its bound in minutes if it has one.

    It goes on from « zone »: « d'un seul tenant ».
    """
    if rule == ONE_PIECE:
        return "d'un seul tenant"
    if rule == THRESHOLD:
        return "sous le seuil" if bound is None else f"sous le seuil de {minutes(bound)}"
    said = "relève pas plus lente qu'aujourd'hui"
    return said if bound is None else f"{said} ({minutes(bound)})"
