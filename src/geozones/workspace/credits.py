"""Where the figures and the plan come from, in sentences: for every page and every export."""

from typing import TYPE_CHECKING

from geozones.domain import Provenance
from geozones.domain.french import long_date, multiplied, number

if TYPE_CHECKING:
    from geozones.workspace.core import Workspace

_NAMES = {"roadgraph": "modèle routier", "estimate": "estimation"}
DRAFTS = (
    "Secteurs en brouillon : proposition de l'outil, pas une décision de la Région ; ni leur RNS "
    "ni leur centre support ne sont publiés."
)


def credits_of(workspace: "Workspace") -> tuple[str, ...]:
    """Say who made the times, when, how many are estimated; and where plan and lycées come from."""
    document = workspace.data.source
    author = document.get("auteur") or "Région"
    date = document.get("date") or "2025-06-11"
    return (
        f"Temps de trajet : {_engines(workspace)}, {_traffic(workspace)}, {_estimates(workspace)}.",
        f"Secteurs publiés : {author}, webinaire du {long_date(date)}.",
        "Lycées : Annuaire de l'éducation, Licence Ouverte 2.0.",
    )


def _engines(workspace: "Workspace") -> str:
    """Name the engines; with their shares where there are several."""
    made = [(maker, count) for maker, count in workspace.times.pairs_by_maker if count]
    if len(made) < 2:
        return _named(made[0][0] if made else workspace.times.provenance)
    return " ; ".join(f"{_named(maker)} pour {number(count)} trajets" for maker, count in made)


def _named(maker: Provenance) -> str:
    name = _NAMES.get(maker.engine, maker.engine)
    return f"{name} ({maker.engine}), {long_date(maker.date)}"


def _traffic(workspace: "Workspace") -> str:
    factor = workspace.times.factor
    if factor == 1:
        return "voiture hors trafic"
    return f"voiture, heure de pointe : durées hors trafic {multiplied(factor)}"


def _estimates(workspace: "Workspace") -> str:
    estimated = workspace.times.estimated_pairs
    return "aucun estimé" if not estimated else f"{number(estimated)} estimés"
