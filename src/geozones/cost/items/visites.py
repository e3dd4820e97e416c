"""Continuity visits of each T.I.P. to the other lycées of the zone."""

from geozones.cost.activity import Activity, Hypotheses, Part
from geozones.cost.item import Item


def _part(activity: Activity, hypotheses: Hypotheses) -> Part:
    r"""Count them: :math:`T_{ij} = v_{ij} \cdot f \cdot m`.

    v are the trips of one visit by each T.I.P. to each lycée of the zone that they do not serve,
    there and back from the résidence, f the visits a month, m the months of a year.
    """
    return Part(activity.visits * (hypotheses.visits_per_month * hypotheses.months))


ITEM = Item(
    key="visites",
    label="Visites de continuité",
    formula=(
        "aller et retour de la résidence à chaque {site} de la zone que l'agent ne sert pas "
        "× visites par mois × mois de l'année"
    ),
    hypotheses=("visits_per_month", "months"),
    part=_part,
)
