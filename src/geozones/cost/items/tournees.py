"""Drives of the week: from the résidence to the other fixed lycées of each post, and back."""

from geozones.cost.activity import Activity, Hypotheses, Part
from geozones.cost.item import Item


def _part(activity: Activity, hypotheses: Hypotheses) -> Part:
    r"""Count them: :math:`T_{ij} = t_{ij} \cdot w \cdot (1 - a)`.

    t are the trips of a week in which nobody is away, w the weeks of a year, a the absence rate:
    whoever is away does not drive.
    """
    present = hypotheses.weeks * (1 - hypotheses.absence_rate)
    return Part(activity.week * present)


ITEM = Item(
    key="tournees",
    label="Tournées",
    formula=(
        "trajets de la semaine (chaque jour, de la résidence aux {sites} du jour et retour) "
        "× semaines de l'année × part des jours où l'agent est présent"
    ),
    hypotheses=("year_days", "absence_rate", "shared_minutes"),
    part=_part,
)
