"""The panel beside the map: who and what is selected."""

from collections.abc import Mapping
from html import escape

import streamlit as st

from geozones.domain import Plan, Sector, Zone
from geozones.domain.french import minutes, plural
from geozones.domain.places import Precision
from geozones.ui.components import html
from geozones.ui.state import Selection
from geozones.workspace import NOT_PUBLISHED, Workspace, leaders, peak_facts

_DRAFT_NOTE = (
    "Brouillon : zones proposées par l'outil, pas une décision de la Région. "
    "RNS et centre support ne sont pas publiés."
)


def details(workspace: Workspace, plan: Plan, chosen: Selection) -> None:
    """Show the lycée, zone, sector or region that is selected."""
    if chosen.lycee is not None:
        st.html(lycee_card(workspace, plan, chosen.lycee))
    if chosen.zone is not None:
        st.html(_zone(workspace, plan, plan.zone(chosen.zone)))
    elif chosen.sector is not None:
        st.html(_sector(workspace, plan, plan.sector(chosen.sector)))
    else:
        st.html(_region(workspace, plan))


def lycee_card(
    workspace: Workspace, plan: Plan, lycee: str, pivots: Mapping[str, str] | None = None
) -> str:
    """Return the card of a lycée; ``pivots`` are those that people chose, by zone."""
    place = workspace.lycees[lycee]
    zone = plan.zone_of(lycee)
    sector = plan.sector(zone.sector)
    code = lycee if not place.associated_uais else f"{lycee}, {', '.join(place.associated_uais)}"
    rows = [
        ("Commune", f"{place.commune} ({place.departement})"),
        ("Type", place.kind or "—"),
        ("Code UAI", "provisoire, aucun publié" if lycee.startswith("X") else code),
        ("Zone", zone.name),
        ("Secteur", sector.name),
    ]
    rows += _pivot(workspace, plan, zone, pivots or {})
    releve = workspace.releve(plan, lycee)
    rows += peak_facts(workspace)
    if releve is not None:
        colleague, duration = releve
        took = f"{minutes(duration)}{workspace.guess(colleague, lycee)}"
        rows.append(("Relève", f"{took}, depuis {workspace.name(colleague)}"))
    if sector.support_centre == lycee:
        rows.append(("Rôle", f"centre support du secteur {sector.name}"))
    elif sector.support_centre is not None:
        trip = workspace.trip(sector.support_centre, lycee)
        guess = " (estimé)" if trip.estimated else ""
        rows.append(("Centre support", f"à {minutes(trip.minutes)}{guess}"))
    if place.precision != "adresse":
        rows.append(("Position", Precision(place.precision).about))
    return (
        f'<article class="gz-card gz-lycee-card"><h3>{escape(place.name)}</h3>'
        f"{html.facts(rows)}</article>"
    )


def _pivot(
    workspace: Workspace, plan: Plan, zone: Zone, pivots: Mapping[str, str]
) -> list[tuple[str, str]]:
    """Say which lycée is the pivot of a zone: chosen, else computed."""
    if zone.id in pivots:
        return [("Lycée pivot", f"{workspace.name(pivots[zone.id])} (choisi)")]
    pivot = workspace.evaluator.zone(plan, zone.id)["pivot"]
    return [("Lycée pivot", workspace.name(pivot))] if isinstance(pivot, str) else []


def _zone(workspace: Workspace, plan: Plan, zone: Zone) -> str:
    sector = plan.sector(zone.sector)
    values = workspace.evaluator.zone(plan, zone.id)
    pivot = values["pivot"]
    rows = [
        ("Secteur", sector.name),
        *leaders(workspace, sector),
        *peak_facts(workspace),
        ("Trajet moyen", minutes(values["mean_minutes"])),
        ("Trajet le plus long", _pair(workspace, values, "max_minutes", "worst_pair")),
        ("Lycée pivot", workspace.name(pivot) if isinstance(pivot, str) else "—"),
    ]
    alerts = [breach.message for breach in workspace.check(plan, [zone.id])]
    return (
        f'<article class="gz-card"><p class="gz-kicker">Zone de continuité {html.pill(sector)}</p>'
        f"<h3>{escape(zone.name)}</h3>{html.facts(rows)}"
        f"{html.bullets(alerts, 'gz-alerts') if alerts else ''}"
        f"<h4>{plural(len(plan.members(zone.id)), 'lycée')} et leur relève</h4>"
        f"{_releves(workspace, plan, zone.id)}</article>"
    )


def _releves(workspace: Workspace, plan: Plan, zone: str) -> str:
    rows = []
    for lycee in plan.members(zone):
        found = workspace.releve(plan, lycee)
        came = "—"
        if found:
            took = f"{minutes(found[1])}{workspace.guess(found[0], lycee)}"
            came = f"{took} ← {workspace.lycees[found[0]].name}"
        rows.append((workspace.name(lycee), came))
    return html.table("Relève de chaque lycée", ("Lycée", "Relève"), rows, hidden_caption=True)


def _sector(workspace: Workspace, plan: Plan, sector: Sector) -> str:
    values = workspace.evaluator.sector(plan, sector.id)
    zones = plan.zones_of(sector.id)
    rows = [
        *leaders(workspace, sector),
        *peak_facts(workspace),
        ("Lycées", f"{len(plan.lycees_of(sector.id))} en {plural(len(zones), 'zone')}"),
        ("Trajet moyen", minutes(values["mean_minutes"])),
        ("Trajet le plus long", _pair(workspace, values, "max_minutes", "worst_pair")),
    ]
    if sector.support_centre is not None:
        mean, worst = values["support_mean_minutes"], values["support_max_minutes"]
        far = f"{minutes(mean)} en moyenne, {minutes(worst)} au plus"
        rows.append(("Depuis le centre support", far))
    lines = "".join(_zone_line(workspace, plan, zone, draft=sector.is_draft) for zone in zones)
    note = f'<p class="gz-note">{_DRAFT_NOTE}</p>' if sector.is_draft else ""
    return (
        f'<article class="gz-card"><p class="gz-kicker">Secteur {html.pill(sector)}</p>'
        f"<h3>{escape(sector.name)}</h3>{note}{html.facts(rows)}<h4>Zones de continuité</h4>"
        f'<ul class="gz-list">{lines}</ul></article>'
    )


def _zone_line(workspace: Workspace, plan: Plan, zone: Zone, *, draft: bool) -> str:
    values = workspace.evaluator.zone(plan, zone.id)
    alert = ' <span class="gz-warn">alerte</span>' if workspace.check(plan, [zone.id]) else ""
    colour = workspace.colour(plan, zone.id)
    return (
        f"<li>{html.swatch(colour, draft=draft)}<span><strong>{escape(zone.name)}</strong>{alert}"
        f"<small>{plural(len(plan.members(zone.id)), 'lycée')}, moyen "
        f"{minutes(values['mean_minutes'])}, au plus "
        f"{minutes(values['max_minutes'])}</small></span></li>"
    )


def _region(workspace: Workspace, plan: Plan) -> str:
    lines = "".join(_sector_line(workspace, plan, sector) for sector in plan.sectors)
    return (
        '<article class="gz-card"><p class="gz-kicker">La région</p>'
        f"<h3>{plural(len(plan.sectors), 'secteur')}, {plural(len(plan.zones), 'zone')} "
        f"de continuité</h3>{html.facts(peak_facts(workspace))}"
        f'<ul class="gz-list">{lines}</ul></article>'
    )


def _sector_line(workspace: Workspace, plan: Plan, sector: Sector) -> str:
    values = workspace.evaluator.sector(plan, sector.id)
    colour = workspace.palette.sector[sector.id]
    leader = f"RNS {escape(sector.rns)}" if sector.rns else f"RNS {NOT_PUBLISHED}"
    return (
        f"<li>{html.swatch(colour, draft=sector.is_draft)}<span>"
        f"<strong>{escape(sector.name)}</strong> {html.pill(sector)}"
        f"<small>{leader}</small>"
        f"<small>{len(plan.lycees_of(sector.id))} lycées, {len(plan.zones_of(sector.id))} zones, "
        f"moyen {minutes(values['mean_minutes'])}, au plus "
        f"{minutes(values['max_minutes'])}</small></span></li>"
    )


def _pair(workspace: Workspace, values: Mapping[str, object], duration: str, pair: str) -> str:
    names = values[pair]
    if not isinstance(names, tuple):
        return "—"
    ends = " – ".join(workspace.lycees[lycee].name for lycee in names)
    return f"{minutes(values[duration])} ({ends})"
