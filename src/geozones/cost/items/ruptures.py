"""Ruptures: half-days of lycées that have had nobody for too long."""

from geozones.cost.activity import Activity, Hypotheses, Part
from geozones.cost.item import Item


def _part(activity: Activity, _: Hypotheses) -> Part:
    """Count the half-days in rupture of a year."""
    return Part(half_days=activity.service["rupture"])


ITEM = Item(
    key="ruptures",
    label="Ruptures",
    formula=(
        "demi-journées {of_a_site} resté{e_site} sans personne plus longtemps que permis × durée "
        "d'une "
        "demi-journée × poids"
    ),
    hypotheses=("absence_rate", "absence_days", "monthly_cap", "gap_days", "half_day_minutes"),
    part=_part,
    weighted=True,
)
