"""Dossier of a view of a plan, with its version; every export is made from it.

The plans are opened first, then the rows of the area in view are made, then the comparison: the
dossier is complete when it is returned, and formats only read it.
"""

from dataclasses import dataclass, replace

from geozones.common.errors import InputError
from geozones.domain import Plan
from geozones.export import Dossier, PlanInView, Step
from geozones.export.text import slug
from geozones.workspace.calendar import due
from geozones.workspace.plan_comparison import are_kept_together
from geozones.workspace.scenarios.service import Scenarios
from geozones.workspace.sharing import rows
from geozones.workspace.sharing.comparison import comparison_of
from geozones.workspace.sharing.credits import calendar_notes, credits_of
from geozones.workspace.sharing.export_view import ExportView, ViewedArea, area_of
from geozones.workspace.sharing.exported_plan import ExportedPlan, of_baseline, open_exported_plan
from geozones.workspace.sharing.plan_in_view import plan_in_view
from geozones.workspace.sharing.site_sheets import site_sheets
from geozones.workspace.study import Study


def dossier(
    exported: ExportedPlan, view: ExportView, scenarios: Scenarios | None = None
) -> Dossier:
    """Return the dossier of a view.

    ``scenarios`` opens the scenarios that a comparison names.

    Raises
    ------
    UnknownSectorError, UnknownZoneError, UnknownScenarioError
        If the view names something that does not exist.
    InputError
        If there is nothing to show: a sector or zone without lycée.
    """
    plans = _comparable(_plans_of(exported, view, scenarios))
    after, before = plans.after, plans.before
    study, area = after.study, area_of(view, after.plan)
    shown = plan_in_view(after, area, plans.reference)
    title, name = _titled(shown, area)
    return Dossier(
        version=shown.version,
        sectors=shown.sectors,
        values=shown.values,
        scene=shown.scene,
        points=shown.points,
        peak_note=shown.peak_note,
        title=plans.title or title,
        slug=plans.slug or name,
        matrix=rows.matrix(study, area.lycees_in(after.plan)),
        comparison=None if before is None else comparison_of(before, after, area, shown),
        paired=plans.paired,
        ground=study.atlas.ground,
        author=study.atlas.starting_plan.author,
        document_rns=study.atlas.starting_plan.named_rns,
        calendar=_calendar(study),
        calendar_notes=calendar_notes(study),
        sources=credits_of(study),
        cells=study.territory.cells,
        organisation=study.atlas.organisation,
        reasons=after.reasons,
        asked=after.asked,
        feedback=_feedback(after, area),
        threshold=study.settings.max_minutes,
        sheets=site_sheets(
            study, None if before is None else before.study, area.lycees_in(after.plan)
        ),
        address=after.address,
    )


@dataclass(frozen=True, slots=True)
class _Plans:
    """The plan to show, and the plan before it, if the dossier compares them.

    A view about both plans has a title and a slug of its own.
    """

    after: ExportedPlan
    before: ExportedPlan | None = None
    title: str = ""
    slug: str = ""

    @property
    def paired(self) -> bool:
        """Whether the view is about both plans."""
        return bool(self.title)

    @property
    def reference(self) -> Plan | None:
        """The plan from which changed zones differ; ``None`` for the plan in force."""
        return self.before.plan if self.before is not None and self.paired else None


def _plans_of(exported: ExportedPlan, view: ExportView, scenarios: Scenarios | None) -> _Plans:
    """Return the plans of a view: the two that it names, or the plan and its base."""
    base = exported.base
    if view.kind == "compare":
        if scenarios is None:
            msg = "Cette comparaison demande des scénarios enregistrés."
            raise InputError(msg)
        analysis = exported.study.analysis
        first, second = (open_exported_plan(analysis, scenarios, code) for code in view.codes)
        title = f"{first.version.name} et {second.version.name}"
        return _Plans(second, first, title, "comparaison")
    if view.kind == "before-after":
        first = base or of_baseline(exported.study.analysis)
        return _Plans(exported, first, f"Avant et après : {exported.version.name}", "avant-apres")
    return _Plans(exported, None if base is None or base.plan == exported.plan else base)


def _comparable(plans: _Plans) -> _Plans:
    """Return plans whose figures were made together: all kept, or all of today.

    A plan whose drives or hypotheses changed since would differ by them from the other plan.
    """
    after, before = plans.after, plans.before
    if before is None or are_kept_together(before.study, after.study):
        return plans
    sides = (replace(side, study=side.study.recomputed()) for side in (after, before))
    return replace(plans, after=next(sides), before=next(sides))


def _titled(shown: PlanInView, area: ViewedArea) -> tuple[str, str]:
    """Return the title of an area, and its name for files."""
    if area.zone is not None:
        (zone,) = shown.zones
        return f"Zone {zone.name}", f"zone-{slug(zone.name)}"
    if area.sector is not None:
        (sector,) = shown.sectors
        return f"Secteur {sector.name}", f"secteur-{slug(sector.name)}"
    return "Secteurs et zones de continuité", "region"


def _calendar(study: Study) -> tuple[Step, ...]:
    calendar = study.atlas.calendar
    return tuple(
        Step(
            step.heading,
            tuple((part.whom, part.actions) for part in due(study.plan, calendar, rank)),
            step.doubts,
        )
        for rank, step in enumerate(calendar)
    )


def _feedback(exported: ExportedPlan, area: ViewedArea) -> tuple[str, ...]:
    """Return the feedback on an area, in sentences."""
    feedback = exported.feedback
    if area.zone is not None:
        feedback = feedback.in_zone(exported.plan, area.zone)
    elif area.sector is not None:
        feedback = feedback.in_sector(exported.plan, area.sector)
    return feedback.sentences
