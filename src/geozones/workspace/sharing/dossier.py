"""Dossier of a view of a plan, with its version; every export is made from it."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from geozones.common.errors import InputError
from geozones.common.public_address import SECTOR, ZONE
from geozones.domain import Plan
from geozones.export import Dossier, Step
from geozones.export.text import printable, slug
from geozones.export.views import on_zone
from geozones.workspace.calendar import due
from geozones.workspace.maps.plan_scene import SceneOptions, build_scene
from geozones.workspace.scenarios.service import Scenarios
from geozones.workspace.sharing import rows
from geozones.workspace.sharing.comparison import (
    comparison_of,
    nothing_there,
    zone_if_there,
    zones_of_sector,
)
from geozones.workspace.sharing.credits import calendar_notes, credits_of
from geozones.workspace.sharing.exported_plan import Subject, in_force, open_subject
from geozones.workspace.sharing.points import point_rows
from geozones.workspace.study import Study

_VIEWS = "region, sector:CODE, zone:CODE, compare:A:B ou before-after"


@dataclass(frozen=True, slots=True)
class Look:
    """View of a dossier: ``kind`` is region, sector, zone, compare or before-after.

    ``codes`` are the ids of the sector, of the zone, or of the two scenarios.
    """

    kind: str = "region"
    codes: tuple[str, ...] = ()


def read_look(text: str) -> Look:
    """Read ``region``, ``sector:ID``, ``zone:ID``, ``compare:A:B`` or ``before-after``.

    Raises
    ------
    InputError
        If the text is none of them.
    """
    kind, *codes = text.strip().split(":")
    wanted = {"region": 0, "sector": 1, "zone": 1, "compare": 2, "before-after": 0}
    if wanted.get(kind) != len(codes) or not all(codes):
        msg = f"La vue « {printable(text)[:60]} » n'existe pas : écrivez {_VIEWS}."
        raise InputError(msg)
    return Look(kind, tuple(codes))


def dossier(subject: Subject, look: Look, scenarios: Scenarios | None = None) -> Dossier:
    """Return the dossier of a view.

    ``scenarios`` opens the scenarios that a comparison names.

    Raises
    ------
    UnknownSectorError, UnknownZoneError, UnknownScenarioError
        If the view names something that does not exist.
    InputError
        If there is nothing to show: a sector or zone without lycée.
    """
    if look.kind == "compare":
        if scenarios is None:
            msg = "Cette comparaison demande des scénarios enregistrés."
            raise InputError(msg)
        analysis = subject.study.analysis
        first, second = (open_subject(analysis, scenarios, code) for code in look.codes)
        title = f"{first.version.name} et {second.version.name}"
        return _compared(second, first, title, "comparaison")
    if look.kind == "before-after":
        first = subject.base or in_force(subject.study.analysis)
        title = f"Avant et après : {subject.version.name}"
        return _compared(subject, first, title, "avant-apres")
    region = of_region(subject)
    if look.kind == "sector":
        return of_sector(subject, region, look.codes[0])
    if look.kind == "zone":
        return of_zone(subject, region, look.codes[0])
    return region


def _region(subject: Subject, reference: Plan | None = None) -> Dossier:
    """Return the dossier of the whole region; zones that differ from ``reference`` are changed."""
    study, plan = subject.study, subject.plan
    options = SceneOptions(colours=subject.colours, reference=reference)
    sectors = tuple(
        rows.sector_row(
            study,
            sector,
            build_scene(study, replace(options, sector=sector.id)),
            reference,
        )
        for sector in plan.sectors
    )
    return Dossier(
        title="Secteurs et zones de continuité",
        slug="region",
        version=subject.version,
        sectors=sectors,
        values=rows.shown_values(study, study.area()),
        scene=build_scene(study, options),
        matrix=rows.matrix(study, plan.lycees),
        points=point_rows(study),
        ground=study.atlas.ground,
        author=study.atlas.source.get("auteur", ""),
        calendar=_calendar(study),
        calendar_notes=calendar_notes(study),
        sources=credits_of(study),
        peak_note=study.analysis.peak_note.strip(" ()"),
        cells=study.territory.cells,
        organisation=study.atlas.organisation,
        reasons=subject.reasons,
        asked=subject.asked,
        voices=subject.voices.sentences,
        threshold=study.settings.max_minutes,
        address=subject.address(),
    )


def _calendar(study: Study) -> tuple[Step, ...]:
    calendar = study.atlas.calendar
    return tuple(
        Step(
            step.heading,
            tuple((part.whom, part.said) for part in due(study.plan, calendar, rank)),
            step.doubts,
        )
        for rank, step in enumerate(calendar)
    )


def of_region(subject: Subject) -> Dossier:
    """Return the dossier of the region, compared with the plan that the subject started from."""
    region, base = _region(subject), subject.base
    if base is None or base.plan == subject.plan:
        return region
    earlier = _region(base, base.plan)
    return replace(region, comparison=comparison_of(base, subject, earlier))


def of_sector(subject: Subject, region: Dossier, code: str) -> Dossier:
    """Return a sector's part of the region's dossier; raise ``UnknownSectorError``."""
    sector = subject.plan.sector(code)
    if not subject.plan.lycees_of(code):
        msg = f"Le secteur {sector.name} n'a pas de lycée : il n'y a rien à montrer."
        raise InputError(msg)
    return _part_compared(subject, region, code, _sector_part, zones_of_sector)


def of_zone(subject: Subject, region: Dossier, code: str) -> Dossier:
    """Return a zone's part of the region's dossier; raise ``UnknownZoneError``."""
    zone = subject.plan.zone(code)
    if not subject.plan.members(code):
        msg = f"La zone {zone.name} n'a pas de lycée : il n'y a rien à montrer."
        raise InputError(msg)
    return _part_compared(subject, region, code, _zone_part, zone_if_there)


def _part_compared(
    subject: Subject,
    region: Dossier,
    code: str,
    part: Callable[[Subject, Dossier, str], Dossier],
    zones_in: Callable[[Plan, str], tuple[str, ...]],
) -> Dossier:
    """Return a part of a region's dossier, compared with the plan that the subject started from.

    ``part`` extracts it from a region's dossier, ``zones_in`` returns its zones (ids) in a plan.
    """
    shown = part(subject, region, code)
    base, whole = subject.base, region.comparison
    if base is None or whole is None:
        return shown
    zones = (zones_in(base.plan, code), zones_in(subject.plan, code))
    earlier = (
        part(base, whole.earlier, code) if zones[0] else nothing_there(base, whole.earlier, shown)
    )
    return replace(shown, comparison=comparison_of(base, subject, earlier, zones))


def _sector_part(subject: Subject, region: Dossier, code: str) -> Dossier:
    (row,) = (row for row in region.sectors if row.id == code)
    return replace(
        region,
        title=f"Secteur {row.name}",
        slug=f"secteur-{slug(row.name)}",
        sectors=(row,),
        values=row.values,
        scene=row.scene,
        matrix=rows.matrix(subject.study, subject.plan.lycees_of(code)),
        points=point_rows(subject.study, sector=code),
        voices=subject.voices.in_sector(subject.plan, code).sentences,
        address=subject.address(**{SECTOR: code}),
        comparison=None,
    )


def _zone_part(subject: Subject, region: Dossier, code: str) -> Dossier:
    """Return the part of one zone; of its sector, only the leaders are kept."""
    (sector,) = (row for row in region.sectors if row.id == subject.plan.zone(code).sector)
    (row,) = (entry for entry in sector.zones if entry.id == code)
    alone = replace(
        sector,
        zones=(row,),
        values=row.values,
        interval=row.interval,
        guessed=row.guessed,
        estimated=row.estimated,
        marks="",
        chart=None,
    )
    return replace(
        region,
        title=f"Zone {row.name}",
        slug=f"zone-{slug(row.name)}",
        sectors=(alone,),
        values=row.values,
        scene=on_zone(sector.scene, code),
        matrix=rows.matrix(subject.study, subject.plan.members(code)),
        points=point_rows(subject.study, zone=code),
        voices=subject.voices.in_zone(subject.plan, code).sentences,
        address=subject.address(**{ZONE: code}),
        comparison=None,
    )


def _compared(subject: Subject, first: Subject, title: str, kind: str) -> Dossier:
    after, before = _region(subject, first.plan), _region(first, first.plan)
    comparison = comparison_of(first, subject, before)
    return replace(after, title=title, slug=kind, paired=True, comparison=comparison)
