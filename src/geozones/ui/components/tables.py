"""The same as the map, as tables: for the keyboard, screen readers, and to copy."""

import streamlit as st

from geozones.domain import Plan
from geozones.domain.french import minutes
from geozones.ui.components import html
from geozones.workspace import Workspace


def tables(workspace: Workspace, plan: Plan, sector: str | None) -> None:
    """Show the zones, then the lycées, of a sector or of the region."""
    where = "de la région" if sector is None else f"du secteur {plan.sector(sector).name}"
    for name, icon, build in (
        ("zones", ":material/table:", _zones),
        ("lycées", ":material/school:", _lycees),
    ):
        # a table is built when it is open: closed, it would only slow each gesture down
        box = st.expander(
            f"Tableau des {name} {where}", icon=icon, key=f"table.{name}", on_change="rerun"
        )
        if box.open:
            box.html(build(workspace, plan, sector, where))


def _zones(workspace: Workspace, plan: Plan, sector: str | None, where: str) -> str:
    rows = []
    for zone in plan.zones if sector is None else plan.zones_of(sector):
        values = workspace.evaluator.zone(plan, zone.id)
        owner = plan.sector(zone.sector)
        alerts = len(workspace.check(plan, [zone.id]))
        rows.append(
            (
                zone.name,
                owner.name,
                "brouillon" if owner.is_draft else "publié",
                str(len(plan.members(zone.id))),
                minutes(values["mean_minutes"]),
                minutes(values["max_minutes"]),
                minutes(values["worst_releve_minutes"]),
                str(alerts),
            )
        )
    heads = (
        "Zone", "Secteur", "Statut", "Lycées", "Trajet moyen", "Trajet le plus long",
        "Relève la plus lente", "Alertes",
    )  # fmt: skip
    return html.table(
        f"Zones {where}{workspace.peak_note}", heads, rows, numeric=frozenset({3, 4, 5, 6, 7})
    )


def _lycees(workspace: Workspace, plan: Plan, sector: str | None, where: str) -> str:
    lycees = plan.lycees if sector is None else plan.lycees_of(sector)
    rows = []
    for lycee in sorted(lycees, key=lambda key: workspace.lycees[key].name):
        place, zone = workspace.lycees[lycee], plan.zone_of(lycee)
        found = workspace.releve(plan, lycee)
        releve = f"{minutes(found[1])} ← {workspace.name(found[0])}" if found else "—"
        code = "provisoire" if lycee.startswith("X") else lycee
        rows.append(
            (place.name, place.commune, code, zone.name, plan.sector(zone.sector).name, releve)
        )
    heads = ("Lycée", "Commune", "UAI", "Zone", "Secteur", "Relève")
    return html.table(f"Lycées {where}{workspace.peak_note}", heads, rows)
