"""Document of the bilan, worse figures before better, and the new search under observed figures."""

from dataclasses import dataclass

from geozones.common.french import NBSP, capital, inside, listing, number, plural
from geozones.domain.field_journal import Journal
from geozones.domain.proposal_conditions import ProofStatus
from geozones.domain.settings import default_rules
from geozones.domain.terms import worded
from geozones.experiment.observed import Observer
from geozones.export.bilan.content import BilanContent, BilanMap, BilanPart, BilanTable
from geozones.export.messages import FEEDBACK_TITLE
from geozones.jobs import SEARCHES, Job, Listener
from geozones.workspace.experiment.areas import (
    HEADS,
    PART_NAMES,
    AreaRow,
    as_supposed,
    observed_map,
    observer,
    recorded,
)
from geozones.workspace.experiment.bilan import (
    DECISIONS_TITLE,
    INVENTED_NOTICE,
    Bilan,
    bilan_of,
)
from geozones.workspace.experiment.findings import HypothesisRow, as_observed, hypothesis_rows
from geozones.workspace.feedback import NO_FEEDBACK, PlanFeedback
from geozones.workspace.proposals.respected_rules import least_posts
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
    """Search the best moves of one sector (id) or all recorded, as supposed and as observed."""
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
    least, most = default_rules().proposed_sizes
    options = options_of(
        resources=(least_posts(study),),
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


_ZONES = (
    ("", 0.5, False),
    ("N°", 0.6, True),
    ("Zone", 4.2, False),
    ("Observé", 2.4, True),
    ("Intervalle à 95 %", 2.0, True),
    ("Attendu", 2.2, True),
    ("D'après", 3.2, False),
)
#: Sentences under the title of an area.
_MOST_FINDINGS = 3


def content_of(
    study: Study,
    journal: Journal,
    sector: str | None = None,
    reproposal: Reproposal | None = None,
    feedback: PlanFeedback = NO_FEEDBACK,
) -> BilanContent:
    """Return the bilan of the whole and of each recorded sector, or of one sector (id).

    ``reproposal`` is the comparison of proposals, if it was computed; ``feedback`` the comments and
    opinions on the scenario.
    """
    watched = observer(study, journal)
    first = bilan_of(study, journal, sector=sector)
    parts = _area(study, watched, first)
    parts[1:1] = _decisions(first)
    if reproposal is not None:
        parts.append(BilanPart("Ce que l'outil proposerait", reproposal.sentences(study)))
    parts += _feedback_part(feedback if sector is None else feedback.in_sector(study.plan, sector))
    parts.append(_hypotheses(hypothesis_rows(study, watched)))
    if sector is None:
        held = recorded(study, watched)
        for entry in study.plan.sectors:
            if entry.id in held:
                parts += _area(study, watched, bilan_of(study, journal, sector=entry.id))
                parts += _feedback_part(feedback.in_sector(study.plan, entry.id))
    return BilanContent(
        f"Bilan de l'expérimentation : {first.area.name}",
        capital(first.period_text),
        INVENTED_NOTICE if first.invented else "",
        tuple(parts),
    )


def _feedback_part(feedback: PlanFeedback) -> list[BilanPart]:
    return [BilanPart(FEEDBACK_TITLE, feedback.sentences)] if feedback.sentences else []


def _area(study: Study, watched: Observer, bilan: Bilan) -> list[BilanPart]:
    what = worded(PART_NAMES[bilan.area.kind])
    return [
        _chapter(bilan),
        *_map(study, watched, bilan),
        BilanPart(
            "Attendu et observé, du moins bon au meilleur",
            figures=tuple(line for line in bilan.lines if line.expected),
            tab="Attendu",
        ),
        BilanPart(
            "Ce que le journal montre aussi",
            figures=tuple(line for line in bilan.lines if not line.expected),
            tab="Autres chiffres",
            record=True,
        ),
        BilanPart("Ce que comptent ces chiffres", bilan.counts, record=True),
        BilanPart(
            "Points de vigilance du document",
            tuple(
                f"{point.title}{' (à surveiller)' if point.alarming else ''} : {point.shown}"
                for point in bilan.points
            ),
            record=bilan.area.kind != "region",
        ),
        BilanPart(f"Par {what}", table=_rows(bilan.parts, what.capitalize()), tab=f"Par {what}"),
        BilanPart("Par mois", table=_rows(bilan.months, "Mois"), tab="Par mois", record=True),
    ]


def _chapter(bilan: Bilan) -> BilanPart:
    """Return the findings of an area, the first as its title, and the cost of the whole."""
    name = bilan.area.name
    told = [f"{finding.text}." for finding in bilan.findings[1:_MOST_FINDINGS]]
    told += [bilan.cost.sentence] if bilan.cost is not None and bilan.decisions else []
    title = (
        bilan.title if bilan.area.kind == "region" else f"{_short(name)} : {inside(bilan.title)}"
    )
    return BilanPart(title, tuple(told), area=_short(name), chapter=True)


def _short(name: str) -> str:
    """Return the name of an area as a title begins with it."""
    return capital(name.removeprefix("le ").removeprefix("la "))


def _decisions(bilan: Bilan) -> list[BilanPart]:
    """Return what is to be decided: from the whole journal, with the effect in the area."""
    return [BilanPart(DECISIONS_TITLE, bilan.decisions)] if bilan.decisions else []


def _map(study: Study, watched: Observer, bilan: Bilan) -> list[BilanPart]:
    shown = observed_map(study, watched, bilan.area, bilan.keys)
    if shown is None:
        return []
    rows = tuple(
        (
            zone.colour,
            str(zone.number),
            zone.name,
            *(
                ("—",) * 4
                if zone.line is None
                else (
                    zone.value,
                    zone.line.interval,
                    zone.line.expected,
                    zone.line.counted,
                )
            ),
        )
        for zone in shown.zones
    )
    drawn = BilanMap(shown.scene, shown.described, shown.lines, shown.legend)
    return [BilanPart(shown.title, table=BilanTable(_ZONES, rows), map=drawn, tab="Carte")]


def _rows(rows: tuple[AreaRow, ...], head: str) -> BilanTable:
    """Return a table of parts or months; their names do not repeat the head of their column."""
    columns = ((head, 3.4, False), *((label, 1.9, True) for label in HEADS))
    return BilanTable(
        columns, tuple((row.name.removeprefix(f"{head} "), *row.cells) for row in rows)
    )


def _hypotheses(rows: tuple[HypothesisRow, ...]) -> BilanPart:
    columns = (
        ("Hypothèse", 3.0, False),
        ("Supposé", 1.6, True),
        ("Observé", 2.8, True),
        ("D'après", 1.8, False),
        ("Adopté dans ce scénario", 2.4, False),
    )
    cells = tuple(
        (
            row.label,
            row.supposed,
            row.observed or "—",
            row.counted or "—",
            row.adopted or (row.why_not or "non"),
        )
        for row in rows
        if not row.why_not.startswith("un choix")
    )
    title = "Hypothèses, d'après tout le journal (tous secteurs)"
    return BilanPart(title, (), BilanTable(columns, cells), tab="Hypothèses", record=True)
