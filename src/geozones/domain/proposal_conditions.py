"""Conditions that a planner sets on the plans that the solver may propose."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Annotated

from geozones.common.bounds import at_least, more_than
from geozones.domain.options import Option
from geozones.domain.settings import PROPOSED_SIZES

type LyceePair = tuple[str, str]

_LEAST, _MOST = PROPOSED_SIZES
#: Lycées per zone that the page offers.
_SIZES = range(1, 9)

TimeLimit = Annotated[
    float | None,
    more_than(0, "est un nombre de secondes plus grand que 0"),
    Option(
        name="Le temps de recherche",
        label="Temps de recherche",
        help="secondes de recherche",
        value="S",
        offered=(10.0, 30.0, 60.0, 120.0, 300.0),
        unit="s",
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalConditions:
    """Conditions of a search; every default is the loosest, except for the sizes of zones.

    The command line lists its options in the order of the fields.

    Parameters
    ----------
    sectors
        Ids of the sectors in scope; empty for the region. Every lycée elsewhere stays.
    max_moves
        Most lycées that change zone; ``None`` for any number.
    time_limit
        Seconds after which the incumbent is returned, proven or not; ``None`` to search until the
        proof.
    size_min, size_max
        Fewest and most lycées in a zone.
    max_minutes
        Cap on the longest drive inside a zone, in minutes (mean of the two directions); ``None``
        for none.
    change_sector
        Whether lycées of the scope may leave their sector for another of the scope. A support
        centre never does.
    without
        Keys of the rules (`domain.proposal_rules`) that are lifted, whatever the other options.
    zone_count
        Number of zones of the scope that have lycées, locked ones included; ``None`` for any.
    locked_zones
        Zones whose lycées do not change.
    locked_lycees
        Lycées that stay in their zone, whatever other lycées join or leave.
    together, apart
        Pairs of lycées that must share a zone, or must not.
    """

    sectors: Annotated[
        Collection[str],
        Option(
            label="Secteurs à revoir (aucun : toute la région)",
            unset="Toute la région",
            help="secteur à revoir ; répété (sinon, tous)",
            value="CODE",
            flag="--sector",
        ),
    ] = ()
    max_moves: Annotated[
        int | None,
        at_least(0, "est 0 ou plus"),
        Option(
            name="Le nombre de déplacements permis",
            label="Déplacements au plus",
            help="au plus K déplacements",
            value="K",
            offered=(*range(11), 12, 15, 20, 30),
            unset="autant qu'il faut",
        ),
    ] = None
    time_limit: TimeLimit = None
    size_min: Annotated[
        int,
        at_least(1, "est d'au moins 1 {site}"),
        Option(
            name="La taille minimale d'une zone",
            label="{Sites} par zone",
            help=f"{{sites}} par zone ({_LEAST})",
            value="N",
            flag="--min-size",
            offered=_SIZES,
        ),
    ] = _LEAST
    size_max: Annotated[
        int,
        Option(help=f"{{sites}} par zone ({_MOST})", value="N", flag="--max-size", offered=_SIZES),
    ] = _MOST
    max_minutes: Annotated[
        float | None,
        at_least(0, "est un nombre positif"),
        Option(
            name="Le plafond de minutes",
            label="Trajet maximal dans une zone",
            help="trajet maximal dans une zone",
            value="MIN",
            flag="--cap",
            offered=tuple(float(minutes) for minutes in range(20, 95, 5)),
            unit="min",
            unset="pas d'autre plafond",
        ),
    ] = None
    change_sector: Annotated[
        bool,
        Option(
            label="Chaque {site} reste dans son secteur",
            help="permettre de changer {a_site} de secteur",
        ),
    ] = False
    without: Annotated[
        Collection[str],
        Option(
            help="sans cette règle ; répété : zone_in_one_piece (d'un seul tenant), zone_minutes "
            "(sous le seuil de minutes), worst_releve_minutes (relève pas plus lente "
            "qu'aujourd'hui), sector_average (3 à 5 {sites} en moyenne dans chaque secteur), "
            "dedicated_posts ({proximity_technicians} dédié{e_proximity_technician}s à leur zone), "
            "sector_posts (pas plus de postes qu'aujourd'hui), rupture_zones (pas plus de zones en "
            "rupture qu'aujourd'hui) ou all",
            value="REGLE",
        ),
    ] = ()
    zone_count: Annotated[
        int | None,
        at_least(0, "est 0 ou plus"),
        Option(name="Le nombre de zones", label="Nombre de zones", unset="libre"),
    ] = None
    locked_zones: Annotated[
        Collection[str], Option(label="Zones à ne pas toucher", unset="Aucune")
    ] = ()
    locked_lycees: Annotated[
        Collection[str], Option(label="{Sites} qui restent dans leur zone", unset="Aucun{e_site}")
    ] = ()
    together: Annotated[Collection[LyceePair], Option(label="Ensemble")] = ()
    apart: Annotated[Collection[LyceePair], Option(label="Séparés")] = ()
