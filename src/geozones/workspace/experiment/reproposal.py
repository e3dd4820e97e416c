"""New search for the best moves under observed figures, compared with the supposed figures."""

from dataclasses import dataclass

from geozones.common.french import NBSP, listing, number, plural
from geozones.domain.proof_status import ProofStatus
from geozones.domain.settings import PROPOSED_SIZES
from geozones.experiment.observed import Observer
from geozones.workspace.experiment.areas import as_supposed, recorded
from geozones.workspace.experiment.hypotheses import as_observed
from geozones.workspace.jobs import SEARCHES, Job, Listener
from geozones.workspace.proposals.balance import LEAST_POSTS, balance
from geozones.workspace.proposals.solve import options_of, propose
from geozones.workspace.study import Study

_NOTHING = "Aucun groupe de trois déplacements au plus ne fait gagner d'heures"
#: Largest number of moves, and time limit in seconds of each of the two searches.
MOVES, SECONDS = 3, 30.0


@dataclass(frozen=True)
class ProposedMoves:
    """Proposed moves and their gain, in hours a year.

    A move is a lycée (id), and the names of the zones that it leaves and joins; the joined zone may
    be new. ``proven`` tells that no plan with as many moves gains more.
    """

    moves: tuple[tuple[str, str, str], ...]
    gain: float
    proven: bool


@dataclass(frozen=True)
class Reproposal:
    """Proposals under the supposed and under the observed figures."""

    supposed: ProposedMoves | None
    observed: ProposedMoves | None

    def sentences(self, study: Study) -> tuple[str, ...]:
        """Describe both proposals and whether they are the same."""
        if self.supposed is None or self.observed is None:
            return ("Aucun plan ne respecte les règles : rien n'est proposé.",)
        same = set(self.supposed.moves) == set(self.observed.moves)
        verdict = "les mêmes déplacements" if same else "d'autres déplacements"
        if not self.supposed.moves and not self.observed.moves:
            return (f"{_NOTHING}, avec les hypothèses comme avec les valeurs observées.",)
        return (
            (
                f"Avec les valeurs observées, l'outil propose {verdict}, "
                f"{plural(MOVES, 'déplacement')} au plus dans ces secteurs."
            ),
            f"Avec les hypothèses : {_moves_text(study, self.supposed)}.",
            f"Avec les valeurs observées : {_moves_text(study, self.observed)}.",
        )


def _moves_text(study: Study, one: ProposedMoves) -> str:
    if not one.moves:
        return "aucun déplacement ne fait gagner d'heures"
    moves = [
        f"{study.name(lycee)} de « {left} » à « {joined} »" for lycee, left, joined in one.moves
    ]
    sure = "prouvé" if one.proven else "le meilleur trouvé dans le temps donné"
    return f"{listing(moves)} ({number(one.gain)}{NBSP}h par an de moins, {sure})"


def repropose(study: Study, watched: Observer, sector: str | None = None) -> Reproposal:
    """Search the best moves of one sector (id) or all recorded ones, as supposed and as observed.

    Raises
    ------
    InputError
        If the plan contradicts the constraints of proposals.
    """
    return search_reproposal(None, _request(study, watched, sector))


@dataclass(frozen=True)
class ReproposalRequest:
    """Both studies and the sectors to search; ``key`` tells the request from others."""

    supposed: Study
    observed: Study
    sectors: frozenset[str]
    key: tuple[str, ...] = ()


type ReproposalJob = Job[ReproposalRequest, None, Reproposal]


def reproposal_job(
    study: Study, watched: Observer, sector: str | None, key: tuple[str, ...]
) -> ReproposalJob:
    """Return the job of `repropose`."""
    return Job(SEARCHES, search_reproposal, _request(study, watched, sector, key), None)


def search_reproposal(_: Listener | None, asked: ReproposalRequest) -> Reproposal:
    """Run both searches; raise as `repropose`."""
    return Reproposal(
        _search(asked.supposed, asked.sectors), _search(asked.observed, asked.sectors)
    )


def _request(
    study: Study, watched: Observer, sector: str | None, key: tuple[str, ...] = ()
) -> ReproposalRequest:
    sectors = recorded(study, watched) if sector is None else frozenset({sector})
    return ReproposalRequest(as_supposed(study), as_observed(study, watched), sectors, key)


def _search(study: Study, sectors: frozenset[str]) -> ProposedMoves | None:
    least, most = PROPOSED_SIZES
    options = options_of(
        **balance(study, (LEAST_POSTS, None), (None, None)),
        sectors=sectors,
        size_min=least,
        size_max=most,
        max_moves=MOVES,
        time_limit=SECONDS,
    )
    result = propose(study, options)
    if result.status not in {ProofStatus.OPTIMAL, ProofStatus.FEASIBLE}:
        return None
    moves = tuple(
        (lycee, study.plan.zone(left).name, result.plan.zone(joined).name)
        for lycee, left, joined in result.plan.moves_from(study.plan)
    )
    gain = result.objective_before - result.objective_after
    return ProposedMoves(moves, gain, result.status is ProofStatus.OPTIMAL)
