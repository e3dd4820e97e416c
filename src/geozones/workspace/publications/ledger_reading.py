"""Reading of the ledger of publications, and the analyses and studies of its plans."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from geozones.common.errors import GeozonesError
from geozones.domain import Publication, StoreError
from geozones.domain.places import LocationOverrides
from geozones.domain.publications import SHIPPED_ID
from geozones.workspace.analysis import Analysis
from geozones.workspace.atlas import Atlas
from geozones.workspace.publications.ledger import Ledger
from geozones.workspace.roles import needs_nothing
from geozones.workspace.study import Study, baseline_study

if TYPE_CHECKING:
    from geozones.store import Store


def shipped_publication(atlas: Atlas) -> Publication:
    """Return the entry of the starting plan: in force only if the data folder says since when."""
    held = atlas.starting_plan
    return Publication(
        SHIPPED_ID,
        held.since,
        author=held.author if held.since else "",
        approved_by=held.approved_by,
        reference=held.reference,
        note=atlas.source.get("titre", ""),
        at=held.since,
        plan=atlas.plan_json(atlas.plan, LocationOverrides()),
    )


def ledger_of(atlas: Atlas, today: str, entries: Sequence[Publication] = ()) -> Ledger:
    """Return the ledger of stored publications; with none, it has only the starting plan."""
    return Ledger(atlas, (shipped_publication(atlas), *entries), today)


@needs_nothing
def read_ledger(
    atlas: Atlas, opener: "Callable[[], Store]", today: str, held: Ledger | None = None
) -> Ledger:
    """Read the ledger of a store; if that fails, return the starting plan with the problem.

    ``held`` is the ledger read before: it is not read again unless something was published since.
    Anyone may read the ledger: its plan is the baseline of every figure.
    """
    try:
        store = opener()
        fingerprint = store.publications.fingerprint()
        same = (atlas, fingerprint, "")
        if held is not None and (held.atlas, held.fingerprint, held.problem) == same:
            return held if held.today == today else replace(held, today=today)
        entries, damaged = store.publications.list(), store.publications.damaged()
        approvals = store.publications.approvals()
    except StoreError as error:
        return replace(ledger_of(atlas, today), problem=str(error))
    ledger = ledger_of(atlas, today, entries)
    return replace(ledger, damaged=damaged, fingerprint=fingerprint, approvals=approvals)


def with_publications(ledger: Ledger, analysis: Analysis) -> Analysis:
    """Return an analysis with today's baseline: the plan in force, else the starting plan.

    If that plan no longer fits the data, or publications are unreadable, ``baseline.problem`` says
    so: the starting plan, or the last readable one, is then the baseline.
    """
    problems = [ledger.problem, *map(str, ledger.damaged)]
    held = ledger.atlas.starting_plan.baseline(ledger.today)
    try:
        held = ledger.baseline(ledger.on())
    except GeozonesError as error:
        problems.append(
            f"La {ledger.title(ledger.on())} n'est plus compatible avec les données : {error}"
        )
    problem = " ".join(problem for problem in problems if problem)
    return analysis.with_baseline(replace(held, problem=problem))


def study_of_publication(ledger: Ledger, analysis: Analysis, publication: Publication) -> Study:
    """Return the plan of a publication, with the status that it gave each sector.

    Raises
    ------
    PlanFileError
        If it no longer fits the data.
    """
    return baseline_study(analysis.with_baseline(ledger.baseline(publication)))
