"""Service not given: needs that no post meets, and half-days missed that nobody covers."""

from geozones.cost.activity import Activity, Hypotheses, Part
from geozones.cost.item import Item


def _part(activity: Activity, hypotheses: Hypotheses) -> Part:
    r"""Count it: :math:`u \cdot w + n` half-days.

    u are the half-days of need a week that no post meets, w the weeks of a year, n the half-days
    missed in a year that nobody covers.
    """
    return Part(unserved=activity.unmet * hypotheses.weeks + activity.uncovered)


ITEM = Item(
    key="non_servi",
    label="Service non rendu",
    formula=(
        "(demi-journées de besoin par semaine sans poste × semaines de l'année + demi-journées "
        "manquées que personne ne relève) × durée d'une demi-journée"
    ),
    hypotheses=("year_days", "absence_rate", "absence_days", "monthly_cap", "half_day_minutes"),
    part=_part,
)
