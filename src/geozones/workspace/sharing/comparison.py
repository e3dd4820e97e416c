"""Differences between a view of a plan and the same view of the plan before."""

from dataclasses import replace

from geozones.domain import Plan
from geozones.export import Dossier, Matrix, PlanComparison
from geozones.workspace.comparable_hours import Zones
from geozones.workspace.figures import compare_regions, worst_first
from geozones.workspace.sharing import rows
from geozones.workspace.sharing.exported_plan import Subject
from geozones.workspace.sharing.points import changed_points


def comparison_of(
    first: Subject, second: Subject, earlier: Dossier, zones: Zones | None = None
) -> PlanComparison:
    """Compare a view of the second plan with ``earlier``, the same view of the first.

    The comparison covers the region, or some ``zones`` (ids) of each plan.
    """
    before, after = first.study, second.study
    new, gone = changed_points(before, after, zones)
    return PlanComparison(
        earlier=earlier,
        changes=worst_first(compare_regions(before, after, zones=zones)),
        moves=rows.moves(before, after, zones),
        new_points=new,
        gone_points=gone,
        zones={lycee: rows.zone_name(before.plan, lycee) for lycee in before.plan.lycees},
        values=rows.values_by_area(before),
    )


def zones_of_sector(plan: Plan, sector: str) -> tuple[str, ...]:
    """Return the zones (ids) with lycées of a sector (id); none if a plan lacks the sector."""
    return tuple(z.id for z in plan.zones if z.sector == sector and plan.members(z.id))


def zone_if_there(plan: Plan, zone: str) -> tuple[str, ...]:
    """Return a zone (id) alone; nothing if a plan lacks it, or it has no lycée."""
    return (zone,) if plan.has_zone(zone) and plan.members(zone) else ()


def nothing_there(subject: Subject, region: Dossier, shown: Dossier) -> Dossier:
    """Return the view of a plan without anything where ``shown`` looks: its map alone."""
    return replace(
        region,
        title=shown.title,
        slug=shown.slug,
        sectors=(),
        values=rows.shown_values(
            subject.study, subject.study.evaluator.area(subject.study.plan, ())
        ),
        scene=replace(region.scene, view=shown.scene.view),
        matrix=Matrix((), (), frozenset()),
        points=(),
    )
