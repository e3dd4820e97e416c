"""Details of the selected lycée, zone, sector or region, and its points to watch."""

from collections.abc import Callable, Iterable, Sequence

import htpy

from geozones.common.french import number, plural
from geozones.domain import DecisionStatus, Lycee, Sector, Zone
from geozones.domain.identifiers import is_temporary
from geozones.domain.places import Precision
from geozones.domain.settings import territory
from geozones.domain.terms import has_organisation, terms, worded
from geozones.metrics.metric import MetricPlace, Values
from geozones.metrics.metric_registry import metric, shown_in, watch_list, written
from geozones.ui.state.carte_views import Selection
from geozones.ui.widgets import html
from geozones.ui.widgets.figures import SHORT, names_of, own_facts, sector_calendar, short_figures
from geozones.workspace.maps.plan_scene import leaders, swatch_of_sector, swatch_of_zone
from geozones.workspace.study import (
    Study,
    estimated_pairs,
    written_in_full,
)
from geozones.workspace.teams.staff import technicians_line
from geozones.workspace.vigilance import VigilancePoint, chosen, vigilance


def point_list(
    points: Iterable[VigilancePoint], text: Callable[[VigilancePoint], str]
) -> htpy.Element:
    """Return the points by their ``text``, which links to their places, with origin and status."""
    return htpy.ul(".gz-alerts")[
        [
            htpy.li(class_=None if point.is_alert else "gz-info")[
                html.go(point.place, text(point)),
                htpy.small[f"{_first(point)} · {point.status.label}"],
            ]
            for point in points
        ]
    ]


def _first(point: VigilancePoint) -> str:
    text = point.about if point.is_alert else f"information, {point.about}"
    return text[0].upper() + text[1:]


_HEADINGS = {
    DecisionStatus.PUBLISHED: "Publiés par {the_organisation}",
    DecisionStatus.RETAINED: "Retenus, pas encore publiés",
    DecisionStatus.PROPOSED: "Proposés, rien n'est décidé",
    DecisionStatus.DRAFT: "Brouillons, rien n'est décidé",
}
_NOTES = {
    DecisionStatus.RETAINED: "Retenu : décidé ici, pas encore publié par {the_organisation}.",
    DecisionStatus.PROPOSED: "Proposé par ce scénario : rien n'est décidé.",
    DecisionStatus.DRAFT: "Brouillon : nom, périmètre et zones sont de l'outil.",
}
#: What follows where the territory says who runs it.
_NOT_DECIDED = (
    " Ce n'est pas une décision {of_the_organisation}. RNS et {support_centre} ne sont pas publiés."
)


def details(study: Study, chosen: Selection, reference: Study | None = None) -> htpy.Element:
    """Return the card of the lycée, zone, sector or region that is selected.

    ``reference`` is the plan that the figures are compared with, if any.
    """
    plan = study.plan
    if chosen.lycee is not None:
        return lycee_card(study, chosen.lycee, reference=reference)
    if chosen.zone is not None:
        return zone_card(study, plan.zone(chosen.zone), reference)
    if chosen.sector is not None:
        return sector_card(study, plan.sector(chosen.sector), reference)
    return region_summary(study, reference)


def choice_in_words(study: Study, chosen: Selection) -> str:
    """Say which lycée is selected, or else which zone; empty for neither."""
    if chosen.lycee is not None:
        zone = study.plan.zone_of(chosen.lycee)
        return f"Choisi{terms().site.e} : {study.name(chosen.lycee)}, {zone.name}."
    if chosen.zone is not None:
        return f"Choisie : zone {study.plan.zone(chosen.zone).name}."
    return ""


def lycee_card(
    study: Study,
    lycee_id: str,
    *,
    folded: bool = False,
    reference: Study | None = None,
) -> htpy.Element:
    """Return the card of a lycée.

    If ``folded``, its facts are one line, and the rest opens on request; else the figures of its
    zone come first, with their differences from a ``reference``.
    """
    plan = study.plan
    lycee = study.territory.lycees[lycee_id]
    zone = plan.zone_of(lycee_id)
    sector = plan.sector(zone.sector)
    code = (
        lycee_id if not lycee.associated_uais else f"{lycee_id}, {', '.join(lycee.associated_uais)}"
    )
    rows = [
        *([("Commune", _commune(lycee))] if lycee.commune else []),
        *([("Type", lycee.kind)] if lycee.kind else []),
        (worded("{Code}"), "provisoire" if is_temporary(lycee_id) else code),
        (worded("{Sizes}"), _pupils(study, lycee)),
        ("Besoin de présence", _need(study, lycee)),
        ("Secteur", sector.name),
    ]
    releve = study.releve(lycee_id)
    if releve is not None:
        took = study.analysis.drive(releve[0], lycee_id)
        rows.append(("Relève", f"{took}, depuis {study.name(releve[0])}"))
    if sector.support_centre == lycee_id:
        rows.append(("Rôle", f"{terms().support_centre} du secteur {sector.name}"))
    elif sector.support_centre is not None:
        far = study.analysis.drive(sector.support_centre, lycee_id)
        rows.append((worded("{Support_centre}"), f"{study.name(sector.support_centre)}, à {far}"))
    printed = study.territory.printed_name(lycee_id)
    if printed is not None:
        rows.append((f"Nom {printed[1]}", printed[0]))
    if lycee.remark:
        rows.append(("À savoir", lycee.remark))
    if lycee.precision != "adresse":
        rows.append(("Position", Precision(lycee.precision).about))
    facts: htpy.Node = [
        htpy.h4["Zone ", html.go(f"zone:{zone.id}", zone.name)],
        short_figures(study, _having(reference, zone.id), zone_id=zone.id),
        html.facts(rows),
    ]
    if folded:
        pupils, _ = study.teams.pupils(lycee)
        known = f"{number(pupils)} {terms().size.plural}" if pupils else None
        line = " · ".join(filter(None, (lycee.commune, known, f"zone {zone.name}")))
        heading = htpy.summary[worded("Fiche {of_the_site}")]
        facts = [htpy.p(".gz-remark")[line], htpy.details[heading, html.facts(rows)]]
    return htpy.div(".gz-card.gz-lycee-card")[htpy.h3[lycee.name], facts]


def _having(reference: Study | None, zone_id: str) -> Study | None:
    """Return the plan compared with, if it has a zone (id) too."""
    return reference if reference is not None and reference.plan.has_zone(zone_id) else None


def _commune(lycee: Lycee) -> str:
    return f"{lycee.commune} ({lycee.departement})" if lycee.departement else lycee.commune


def _pupils(study: Study, lycee: Lycee) -> str:
    """Return the pupils of a lycée and who counted them; the page's credits say the rest."""
    pupils, source = study.teams.pupils(lycee)
    if pupils is None:
        return "non renseigné"
    counted_by, _, _published_by = source.partition(", par ")
    return f"{number(pupils)} ({counted_by})" if counted_by else number(pupils)


def _need(study: Study, lycee: Lycee) -> str:
    need = study.teams.need(lycee)
    return f"{plural(need.half_days, 'demi-journée')} par semaine ({need.origin})"


def _workload(values: Values) -> str:
    """Return the needs of the lycées of a zone or a sector, and their pupils."""
    needed, unknown = values["workload"], values["lycees_without_pupils"]
    if not isinstance(needed, int):
        return written(values, "workload")
    text = f"{plural(needed, 'demi-journée')} par semaine"
    if values["pupils"] is not None:
        text += f", {written(values, 'pupils')} {terms().size.plural}"
    if isinstance(unknown, int) and unknown:
        text += f" ({terms().site.counted(unknown)} sans effectif connu)"
    return text


def zone_card(study: Study, zone: Zone, reference: Study | None = None) -> htpy.Element:
    """Return the card of a zone: status, figures, alerts, relèves."""
    plan = study.plan
    sector = plan.sector(zone.sector)
    values = study.area(zone_id=zone.id)
    rows = [
        ("Secteur", sector.name),
        *leaders(study, sector),
        *_summary(study, values, [zone.id]),
        (metric("workload").label, _workload(values)),
    ]
    points = chosen(vigilance(study), zone_id=zone.id)
    changed = zone.id in study.decisions.changed_zones
    return html.card(
        html.kicker(
            "Zone de continuité ",
            html.pill(study.decisions.zone(zone.id), changed=changed),
            html.mark("modifiée" if changed else ""),
        ),
        htpy.h3[zone.name],
        short_figures(study, _having(reference, zone.id), zone_id=zone.id),
        html.facts(rows),
        point_list(points, lambda point: point.sentence) if points else None,
        htpy.h4[f"{terms().site.counted(len(plan.members(zone.id)))} et leur relève"],
        _releves(study, zone.id),
    )


def _releves(study: Study, zone_id: str) -> htpy.Element:
    plan = study.plan
    rows = []
    for lycee_id in plan.members(zone_id):
        releve = study.releve(lycee_id)
        came = "—"
        if releve:
            took = study.analysis.drive(releve[0], lycee_id)
            came = f"{took} depuis {study.territory.lycees[releve[0]].name}"
        rows.append((html.go(f"lycee:{lycee_id}", study.name(lycee_id)), came))
    return html.table(
        worded("Relève de chaque {site}"), (worded("{Site}"), "Relève"), rows, hidden_caption=True
    )


def sector_card(study: Study, sector: Sector, reference: Study | None = None) -> htpy.Element:
    """Return the card of a sector: status, leaders, zones."""
    plan = study.plan
    values = study.area(sector_id=sector.id)
    zones, status = plan.zones_of(sector.id), study.decisions.sector(sector.id)
    rows = [
        *own_facts(study, sector),
        *leaders(study, sector),
        *_technicians(study, sector),
        (worded("{Sites}"), f"{len(plan.lycees_of(sector.id))} en {plural(len(zones), 'zone')}"),
        *_summary(study, values, [zone.id for zone in zones]),
        (metric("workload").label, _workload(values)),
    ]
    if sector.support_centre is not None:
        mean = written(values, "support_mean_minutes", 0)
        far = f"{mean} en moyenne, {written(values, 'support_max_minutes')} au plus"
        lycees = study.plan.lycees_of(sector.id)
        guess = _mark(
            study,
            guessed=any(study.times.is_estimated(sector.support_centre, lycee) for lycee in lycees),
        )
        rows.append((worded("Depuis {the_support_centre}"), far + guess))
    marks = study.decisions.sector_marks(sector.id)
    return html.card(
        html.kicker("Secteur ", html.pill(status, changed=bool(marks)), html.mark(marks)),
        htpy.h3[sector.name],
        short_figures(
            study,
            reference if reference and reference.plan.has_sector(sector.id) else None,
            sector_id=sector.id,
        ),
        html.caveat(_note(status)) if status in _NOTES else None,
        html.facts(rows),
        sector_calendar(sector),
        htpy.h4["Zones de continuité"],
        htpy.ul(".gz-list")[[_zone_line(study, zone) for zone in zones]],
    )


def _technicians(study: Study, sector: Sector) -> list[tuple[str, str]]:
    """Return how many T.I.S. a sector has, if the territory says who runs it."""
    if not has_organisation():
        return []
    return [(worded("{Sector_technicians}"), technicians_line(study, sector.id))]


def _note(status: DecisionStatus) -> str:
    """Return the note on a sector that is not published."""
    draft = status is DecisionStatus.DRAFT and has_organisation()
    return worded(_NOTES[status] + _NOT_DECIDED * draft)


def _zone_line(study: Study, zone: Zone) -> htpy.Element:
    plan = study.plan
    values = study.area(zone_id=zone.id)
    watched = watch_list(chosen(vigilance(study), zone_id=zone.id))
    alert = [" ", htpy.span(".gz-warn")[watched.text]] if watched.count else None
    count = terms().site.counted(len(plan.members(zone.id)))
    drives = _drives(study, values, [zone.id])
    return htpy.li[
        html.swatch(swatch_of_zone(study, zone)),
        htpy.span[
            html.go(f"zone:{zone.id}", zone.name),
            _apart(study, zone),
            alert,
            htpy.small[f"{count}, {drives}"],
        ],
    ]


def _apart(study: Study, zone: Zone) -> list[htpy.Node]:
    """Return the badge of a status unlike the sector's, and the mark of a change."""
    decisions = study.decisions
    status, changed = decisions.zone(zone.id), zone.id in decisions.changed_zones
    same = status is decisions.sector(zone.sector)
    badge = None if same else html.pill(status, changed=changed)
    return [" ", badge, html.mark("modifiée" if changed else "")]


def _drives(study: Study, values: Values, zones: Sequence[str]) -> str:
    mean, worst = written(values, "mean_minutes", 0), written(values, "max_minutes")
    guess = _mark(study, guessed=estimated_pairs(study, zones)[0] > 0)
    return f"trajet moyen {mean}, le plus long {worst}{guess}"


def _mark(study: Study, *, guessed: bool) -> str:
    return f" ({study.times.estimate_mark})" if guessed else ""


def region_summary(study: Study, reference: Study | None = None) -> htpy.Element:
    """Return what the region is, three figures, and its sectors under their status.

    With ``reference``, the figures have their differences from it.
    """
    plan = study.plan
    counts = (
        terms().site.counted(len(plan.lycees)),
        plural(len(plan.sectors), "secteur"),
        plural(len(plan.zones), "zone"),
    )
    groups = [
        (heading, [sector for sector in plan.sectors if study.decisions.sector(sector.id) is kind])
        for kind, heading in _HEADINGS.items()
    ]
    return htpy.section(".gz-region")[
        territory().name and html.kicker(territory().name),
        htpy.h2[", ".join(counts)],
        htpy.p[worded("Dans chaque zone, les {technicians} se remplacent.")],
        short_figures(study, reference),
        [
            (
                htpy.h3[worded(heading)],
                htpy.ul(".gz-rows")[[_sector_row(study, each) for each in sectors]],
            )
            for heading, sectors in groups
            if sectors
        ],
    ]


def _sector_row(study: Study, sector: Sector) -> htpy.Element:
    return htpy.li[
        html.swatch(swatch_of_sector(study, sector)),
        html.go(f"sector:{sector.id}", sector.name),
        html.mark(study.decisions.sector_marks(sector.id)),
        htpy.small[terms().site.counted(len(study.plan.lycees_of(sector.id)))],
    ]


def _summary(study: Study, values: Values, zones: Sequence[str]) -> list[tuple[str, str]]:
    """Return the yearly hours of a zone or a sector, then figures with the lycées behind them.

    Those of `short_figures` stand above.
    """
    hours = metric("total_hours")
    rows = [(hours.short, written_in_full(study, hours, values, zones))]
    for record in shown_in(MetricPlace.SUMMARY):
        if record.key in SHORT:
            continue
        text = written_in_full(study, record, values, zones)
        if record.lycees and values[record.lycees] is not None:
            text = f"{text}, {names_of(study, record, values)}"
        rows.append((record.short, text))
    return rows
