"""Terms of a publication, and its announcement: its changes, the reasons to refuse or confirm."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from geozones.common.errors import InputError
from geozones.common.french import listing, long_date, plural, shortlist
from geozones.domain import Plan, ScenarioStatus
from geozones.domain.decisions import decisions_of
from geozones.domain.events import State
from geozones.domain.events.lycee_events import CloseLycee
from geozones.domain.scenario import Baseline
from geozones.domain.settings import decided_value
from geozones.domain.terms import terms
from geozones.rules import difference
from geozones.workspace.figures.analysis import Analysis
from geozones.workspace.figures.plan_comparison import compare_regions, plan_change
from geozones.workspace.figures.study import Study, study_of
from geozones.workspace.figures.vigilance import vigilance
from geozones.workspace.ledger import Ledger, published_plan
from geozones.workspace.moves.new_points import points_told
from geozones.workspace.scenarios.open_scenario import Work, drift_of

MAX_LINE, MAX_NOTE = 200, 4000
#: First and last allowed effective dates.
FIRST_DAY, LAST_DAY = "2000-01-01", "2099-12-31"
_DAY = "La date d'effet s'écrit année-mois-jour, par exemple 2026-09-01, entre 2000 et 2099."
_FIELDS = {
    "approved_by": "Le nom de la personne qui a approuvé",
    "reference": "La référence de la décision",
    "note": "La note",
}


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms of a publication: effective day (ISO), approver, decision, note."""

    effective: str
    approved_by: str
    reference: str = ""
    note: str = ""

    @property
    def faults(self) -> dict[str, str]:
        """What is wrong with each field, in one sentence; empty if all can be taken."""
        found = {}
        if not _is_day(self.effective):
            found["effective"] = _DAY
        for field, most in (("approved_by", MAX_LINE), ("reference", MAX_LINE), ("note", MAX_NOTE)):
            text = getattr(self, field)
            if not isinstance(text, str) or len(text) > most:
                found[field] = f"{_FIELDS[field]} a {most} caractères au plus."
        if "approved_by" not in found and not self.approved_by.strip():
            found["approved_by"] = "Indiquez qui a approuvé cette décision."
        return found


def checked_day(value: str) -> str:
    """Return an ISO date unchanged; raise ``InputError`` if it is invalid or too far away."""
    if not _is_day(value):
        raise InputError(_DAY)
    return value


def _is_day(value: str) -> bool:
    try:
        day = date.fromisoformat(value).isoformat()
    except (TypeError, ValueError):
        return False
    return day == value and FIRST_DAY <= day <= LAST_DAY


_SHOWN = 6


@dataclass(frozen=True)
class Announcement:
    """Effects of publishing a scenario from a day on, computed beforehand, in sentences."""

    plan: Plan  # The plan that would be published.
    refusals: tuple[str, ...] = ()  # Reasons that forbid the publication.
    doubts: tuple[str, ...] = ()  # Points that the user must confirm.
    remarks: tuple[str, ...] = ()  # Points to know, without confirmation.
    decided: tuple[str, ...] = ()  # Sectors that become published, lycées that change zone.
    #: Where posts change, then the figures of `plan_change` and its verdict.
    told: tuple[str, ...] = ()
    #: Other figures, and points to watch, that get worse, and better, than under the baseline of
    #: that day.
    worse: tuple[str, ...] = ()
    better: tuple[str, ...] = ()


def announce(analysis: Analysis, ledger: Ledger, work: Work, effective: str) -> Announcement:
    """Return the effects of publishing a scenario from a day (ISO) on.

    The scenario is compared with the plan that would be the baseline that day without it, at the
    rate of exchange in force: two people who publish see one verdict, whatever they try.
    """
    cost = analysis.settings.cost
    if cost.absence_weight != decided_value("absence_weight"):  # a trial of this session
        in_force = replace(cost, absence_weight=decided_value("absence_weight"))
        analysis = analysis.with_cost_settings(in_force)
    held = ledger.with_earlier(ledger.baseline(ledger.on(effective), effective), effective)
    plan = published_plan(work.plan)
    before = study_of(analysis, State(held.plan, places=held.places))
    after = study_of(analysis, State(plan, places=work.state.places))
    points = difference(vigilance(before), vigilance(after))
    told = points_told(points)
    change = plan_change(before, after)
    shown = {one.metric.key for one in change.figures}
    figures = [
        one for one in compare_regions(before, after, posts=False) if one.metric.key not in shown
    ]
    return Announcement(
        after.plan,
        refusals=tuple(_refusals(after, held, work)),
        doubts=tuple(_doubts(analysis.with_baseline(held), ledger, work, plan, effective)),
        remarks=(
            *_remarks(work, after, effective, ledger.today),
            *(point.sentence for point in points.noted),
        ),
        decided=tuple(_decided(before, after)),
        told=(*change.told, change.conclusion),
        worse=(
            *(change.line for change in figures if change.better is False),
            *told.brought,
        ),
        better=(
            *(change.line for change in figures if change.better),
            *told.ended,
        ),
    )


def status_refusal(work: Work) -> str:
    """Return why the status of a scenario forbids its publication; empty if it does not."""
    if work.scenario is None or work.scenario.status is ScenarioStatus.KEPT:
        return ""
    return (
        f"Le statut de ce scénario est « {work.scenario.status} » : seul un scénario "
        f"« {ScenarioStatus.KEPT} » se publie. Donnez-lui d'abord ce statut."
    )


def _refusals(after: Study, held: Baseline, work: Work) -> Iterator[str]:
    """Yield the reasons that forbid it; only a lycée closed by an event may be in no zone."""
    if by_status := status_refusal(work):
        yield by_status
    if after.plan == held.plan and after.state.places == held.places:
        yield f"Rien à publier : ce plan est le {held.noun} à cette date, sans changement."
    yield from after.analysis.forbidden(after.plan)
    changes = (event.change for event in work.timeline.path)
    closed = {change.lycee for change in changes if isinstance(change, CloseLycee)}
    served = {*after.plan.zone_by_lycee, *closed}
    known = {**after.territory.home.lycees, **after.territory.lycees}
    alone = [
        known[key].label for key in known if key not in served and key in held.plan.zone_by_lycee
    ]
    if alone:
        some = shortlist(alone, _SHOWN)
        yield f"Sans zone : {some}. Un plan publié donne une zone à chaque {terms().site}."


def _doubts(
    analysis: Analysis, ledger: Ledger, work: Work, plan: Plan, effective: str
) -> Iterator[str]:
    newest = ledger.newest
    if effective < newest.effective:
        yield (
            f"Cette date est avant celle de la {ledger.title(newest)} : ce plan sera remplacé "
            "par celui-là ce jour-là."
        )
    empty = [zone.name for zone in plan.zones if not plan.members(zone.id)]
    if empty:
        yield f"Sans {terms().site} : {shortlist(empty, _SHOWN)}."
    drift = drift_of(analysis, work)
    if drift and work.base != ledger.file(newest).plan:
        yield drift


def _remarks(work: Work, after: Study, effective: str, today: str) -> Iterator[str]:
    if effective < today:
        yield (
            f"La date d'effet est passée : le plan sera réputé en vigueur depuis le "
            f"{long_date(effective)}."
        )
    elif effective > today:
        yield f"Le plan n'entre en vigueur que le {long_date(effective)}."
    drafts = [sector.name for sector in after.plan.sectors if sector.is_draft]
    if drafts:
        yield f"Restent des brouillons de l'outil : {listing(drafts)}."
    if work.state.teams.posts:
        yield (
            "Les postes ne font pas partie d'une publication : le plan publié n'en a pas. Ceux de "
            "ce scénario restent dans sa fiche et dans sa version figée."
        )


def _decided(before: Study, after: Study) -> Iterator[str]:
    held = before.plan
    decisions = decisions_of(after.plan, held)
    names = [s.name for s in after.plan.sectors if not s.is_draft]
    known = {s.id for s in held.sectors if not s.is_draft}
    new = [s.name for s in after.plan.sectors if not s.is_draft and s.id not in known]
    if new:
        noun = "Devient publié le secteur" if len(new) == 1 else "Deviennent publiés les secteurs"
        yield f"{noun} {listing(new)} : {plural(len(names), 'secteur')} publiés en tout."
    gone = [s.name for s in held.sectors if s.id not in {e.id for e in after.plan.sectors}]
    if gone:
        yield f"N'est plus dans le plan : {listing(gone)}."
    for study, keys, one, many in (
        (after, after.plan.opened_since(held), "ouvre", "ouvrent"),
        (before, held.opened_since(after.plan), "ferme", "ferment"),
    ):
        if keys:
            count = f"{terms().site.counted(len(keys))} {one if len(keys) == 1 else many}"
            yield f"{count} : {shortlist([study.name(key) for key in keys], _SHOWN)}."
    moves = [after.name(lycee_id) for lycee_id, _, _ in after.plan.moves_from(held)]
    if moves:
        verb = "change" if len(moves) == 1 else "changent"
        count = f"{terms().site.counted(len(moves))} {verb}"
        yield f"{count} de zone : {shortlist(moves, _SHOWN)}."
    changed = [
        f"{sector.name} ({decisions.sector_text(sector.id)})"
        for sector in after.plan.sectors
        if sector.id in known and sector.id in decisions.changed_sectors
    ]
    if changed:
        what = "Secteur modifié" if len(changed) == 1 else "Secteurs modifiés"
        yield f"{what} : {listing(changed)}."
