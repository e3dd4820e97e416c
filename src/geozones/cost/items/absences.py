"""Covers: colleagues who stand in for someone away, from where they are and back."""

from geozones.cost.activity import Activity, Hypotheses, Part
from geozones.cost.item import Item


def _part(activity: Activity, _: Hypotheses) -> Part:
    r"""Count them: :math:`T_{ij} = c_{ij}`, trips of the covers of a year, there and back.

    A colleague who covers both halves of a day drives once.
    """
    return Part(activity.covers)


ITEM = Item(
    key="absences",
    label="Relève des absents",
    formula=(
        "demi-journées {of_a_site} sans personne × part relevée par un collègue sous le plafond "
        "mensuel × aller et retour depuis {the_site} où il est (un seul pour une journée entière)"
    ),
    hypotheses=("absence_rate", "absence_days", "monthly_cap", "gap_days", "year_days"),
    part=_part,
)
