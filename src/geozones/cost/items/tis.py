"""Drives of T.I.S.: visits to each lycée from the support centre, and covers if assumed."""

from geozones.cost.activity import Activity, Hypotheses, Part
from geozones.cost.item import Item


def _part(activity: Activity, hypotheses: Hypotheses) -> Part | None:
    r"""Count them: :math:`T_i = s_i \cdot f \cdot m + r_i`, there and back from the support centre.

    s is one visit to lycée i, f the visits a month, m the months of a year, r the trips of covers.
    """
    if activity.tis is None:
        return None
    visits = activity.tis * (hypotheses.tis_visits * hypotheses.months)
    return Part(centre_legs=visits + activity.tis_covers)


ITEM = Item(
    key="tis",
    label="Déplacements des {sector_technicians}",
    formula=(
        "aller et retour {of_the_support_centre} à chaque {site} × visites par mois × mois de "
        "l'année, "
        "et leurs relèves si l'hypothèse est retenue"
    ),
    hypotheses=("tis_visits", "months", "tis_replaces"),
    part=_part,
    apart=True,
)
