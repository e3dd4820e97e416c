"""Publication slide of a webinar: the published plan, its date and approval; the starting plan."""

from collections.abc import Iterator
from dataclasses import replace

from geozones.common.errors import InputError
from geozones.common.french import number
from geozones.domain import Publication
from geozones.domain.publications import PublicationStatus, not_withdrawn
from geozones.domain.terms import terms, worded
from geozones.export import Dossier
from geozones.export.sentences import of_moves
from geozones.export.text import printable
from geozones.export.webinar_content import Slide, SlideFigure, SlideLine, SlidePicture
from geozones.workspace.publications.ledger import Ledger
from geozones.workspace.sharing.dossier import dossier
from geozones.workspace.sharing.export_view import ExportView
from geozones.workspace.sharing.exported_plan import ExportedPlan, of_publication
from geozones.workspace.webinar.slide_parts import (
    change_figures,
    new_point_sentences,
    status_sentences,
    typeset_slide,
    with_moved,
)

_KICKER = "Ce qui a été publié"
_STARTING = "Avant toute publication"


def slide_of(ledger: Ledger, exported: ExportedPlan, code: str) -> Slide:
    """Return the slide of a publication (id), with its changes to the one before it.

    Raises
    ------
    UnknownPublicationError
        If there is no such publication.
    InputError
        If it was withdrawn, or waits for a second approval.
    PlanFileError
        If its plan, or the one before, no longer fits the data.
    """
    entry = ledger.get(code)
    name, when = ledger.when(entry)
    if ledger.standing(entry) is PublicationStatus.WITHDRAWN:
        taken_back = ledger.withdrawal(entry)
        why = "" if taken_back is None else f" Motif : {printable(taken_back.note)}"
        msg = f"La {ledger.title(entry)} a été retirée : elle n'est plus à montrer.{why}"
        raise InputError(msg)
    if ledger.is_awaited(entry):
        msg = (
            f"La {ledger.title(entry)} attend une seconde approbation : elle n'est pas à montrer "
            "comme décidée."
        )
        raise InputError(msg)
    analysis, before = exported.study.analysis, _before(ledger, entry)
    shown = of_publication(analysis, ledger, entry)
    if before is not None:
        shown = replace(shown, base=of_publication(analysis, ledger, before))
    whole = dossier(shown, ExportView())
    first = Slide(
        kicker=_STARTING if ledger.is_starting(entry) else _KICKER,
        title=f"{name} {when}".strip(),
        pictures=(SlidePicture(whole.scene),),
        sentences=tuple(_terms(ledger, entry)),
    )
    return typeset_slide(_as_it_is(first, whole) if before is None else _as_changed(first, whole))


def _before(ledger: Ledger, entry: Publication) -> Publication | None:
    """Return the publication that another one replaced; ``None`` for the first."""
    plans = not_withdrawn(ledger.decided)
    rank = next(rank for rank, plan in enumerate(plans) if plan.id == entry.id)
    return plans[rank - 1] if rank else None


def _as_it_is(slide: Slide, whole: Dossier) -> Slide:
    sectors = [sector for sector in whole.sectors if sector.lycees]
    zones = [zone for zone in whole.zones if zone.lycees]
    return replace(
        slide,
        figures=(
            SlideFigure(number(len(sectors)), "secteurs"),
            SlideFigure(number(len(zones)), "zones de continuité"),
        ),
        sentences=(*slide.sentences, *status_sentences(sectors)),
    )


def _as_changed(slide: Slide, whole: Dossier) -> Slide:
    comparison = whole.comparison
    if comparison is None or not comparison.moves:
        same = worded("{No_site} n'a changé de zone par rapport au plan d'avant.")
        return replace(slide, sentences=(*slide.sentences, same))
    moves = comparison.moves
    scene = with_moved(whole.scene, frozenset(move.id for move in moves))
    return replace(
        slide,
        pictures=(SlidePicture(scene),),
        figures=change_figures(comparison),
        sentences=(
            *slide.sentences,
            f"{of_moves(moves)} par rapport au plan d'avant.",
            *new_point_sentences(comparison),
        ),
        lines=tuple(
            SlideLine(move.lycee, f"{move.before or '—'} → {move.after or '—'}") for move in moves
        ),
        noun=terms().site,
    )


def _terms(ledger: Ledger, entry: Publication) -> Iterator[str]:
    if ledger.is_starting(entry):
        statement = ledger.atlas.starting_plan.statement
        if statement:
            yield f"{statement[0].upper()}{statement[1:]}."
    if entry.approved_by:
        reference = f" ({printable(entry.reference)})" if entry.reference else ""
        second = ledger.second(entry)
        also = f", {printable(second)}" if second else ""
        yield f"Approuvé par {printable(entry.approved_by)}{reference}{also}."
    if entry.note and not entry.is_shipped:
        yield printable(entry.note)
    if entry.is_shipped and entry.note:
        yield f"Source : {printable(entry.note)}."
