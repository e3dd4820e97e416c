"""Needs that no post meets."""

from geozones.cost.activity import Activity, Hypotheses, Part
from geozones.cost.item import Item


def _part(activity: Activity, hypotheses: Hypotheses) -> Part:
    r"""Count them: :math:`u \cdot w`, half-days of need a week without a post, weeks of a year."""
    return Part(half_days=activity.unmet * hypotheses.weeks)


ITEM = Item(
    key="sans_poste",
    label="Besoins sans poste",
    formula=(
        "demi-journées de besoin par semaine sans poste × semaines de l'année × durée d'une "
        "demi-journée"
    ),
    hypotheses=("year_days", "half_day_minutes"),
    part=_part,
)
