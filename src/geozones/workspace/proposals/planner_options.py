"""Options of a planner who asks for a proposal, on the page and on the command line."""

from dataclasses import dataclass, fields
from typing import Annotated, Any

from geozones.domain.options import Option
from geozones.domain.proposal_conditions import ProposalConditions
from geozones.workspace.proposals.balance import LEAST_POSTS, balance
from geozones.workspace.proposals.robustness import WAYS, WAYS_MEAN
from geozones.workspace.rankings import DRIVES, HOURS
from geozones.workspace.study import Study

#: T.I.P. per zone and pupils per sector that the page offers; the greatest means no upper bound.
_POSTS, _PUPILS = range(1, 10), range(0, 20_001, 500)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannerOptions(ProposalConditions):
    """Conditions of a proposal, with the balance of its zones and what is optimised.

    Parameters
    ----------
    min_posts, max_posts
        Fewest and most T.I.P. that the needs of a zone fill; ``None`` for no bound.
    min_pupils, max_pupils
        Fewest and most pupils of a sector; ``None`` for no bound.
    objective
        Criterion of the search (`rankings.OBJECTIVES`).
    robust
        Way to search over draws (`robustness.WAYS`); ``None`` for a search on the figures as they
        are.
    """

    min_posts: Annotated[
        int,
        Option(
            label="{Proximity_technicians} par zone",
            help="nombre {of_plural_proximity_technician} (temps plein) par zone, au moins "
            f"({LEAST_POSTS})",
            value="N",
            offered=_POSTS,
        ),
    ] = LEAST_POSTS
    max_posts: Annotated[
        int | None,
        Option(
            help="nombre {of_plural_proximity_technician} (temps plein) par zone, au plus",
            value="N",
            offered=_POSTS,
            unset="sans limite",
        ),
    ] = None
    min_pupils: Annotated[
        int | None,
        Option(
            label="{Sizes} par secteur",
            help="{sizes} d'un secteur, au moins",
            value="N",
            offered=_PUPILS,
        ),
    ] = None
    max_pupils: Annotated[
        int | None,
        Option(
            help="{sizes} d'un secteur, au plus", value="N", offered=_PUPILS, unset="sans limite"
        ),
    ] = None
    objective: Annotated[
        str,
        Option(
            label="Chercher",
            help="le moindre coût annuel, route et ruptures (hours, le défaut), ou "
            "les trajets entre collègues les plus courts (drives)",
            value="OBJECTIF",
            choices={
                HOURS: "le moindre coût annuel (route et ruptures)",
                DRIVES: "les trajets entre collègues les plus courts",
            },
        ),
    ] = HOURS
    robust: Annotated[
        str | None,
        Option(
            label="Tenir compte de l'incertitude",
            tooltip=WAYS_MEAN,
            help="le meilleur plan sur des tirages au sort : en moyenne, sur 200 (mean), ou du "
            "moindre regret, sur 20 (regret)",
            value="FACON",
            choices=WAYS,
            unset="non",
        ),
    ] = None

    def solver_options(self, study: Study) -> dict[str, Any]:
        """Return the fields of `optimize.PartitionOptions` for a study's plan.

        Locked zones and lycées that the plan lacks are left out.
        """
        plan = study.plan
        taken = {entry.name: getattr(self, entry.name) for entry in fields(ProposalConditions)}
        posts, pupils = (self.min_posts, self.max_posts), (self.min_pupils, self.max_pupils)
        return {
            **taken,
            **balance(study, posts, pupils),
            "locked_zones": tuple(filter(plan.has_zone, self.locked_zones)),
            "locked_lycees": tuple(key for key in self.locked_lycees if key in plan.zone_by_lycee),
            "robust": self.robust or "",
        }
