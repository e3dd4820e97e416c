"""The same as the map, as tables: for the keyboard, screen readers, and to copy."""

import htpy
import streamlit as st

from geozones.ui.components import html
from geozones.workspace.figures import VIGILANCE, Place, is_estimated, shown_in
from geozones.workspace.study import Study
from geozones.workspace.vigilance import alerts_in, chosen, vigilance

#: What a star beside minutes means, at the end of a caption.
GUESSED = " ; * en partie estimé"


def tables(study: Study, sector: str | None) -> None:
    """Show the zones, then the lycées, of a sector or of the region."""
    plan = study.plan
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
            html.show(build(study, sector, where), box)


def _zones(study: Study, sector: str | None, where: str) -> htpy.Element:
    plan = study.plan
    records, points = shown_in(Place.ZONE_TABLE), vigilance(study)
    rows = []
    for zone in plan.zones if sector is None else plan.zones_of(sector):
        values = study.area(zone=zone.id)
        owner = plan.sector(zone.sector)
        alerts = alerts_in(chosen(points, zone=zone.id))
        rows.append(
            (
                html.go(f"zone:{zone.id}", zone.name),
                html.go(f"sector:{owner.id}", owner.name),
                "brouillon" if owner.is_draft else "publié",
                str(len(plan.members(zone.id))),
                *(
                    record.write(values[record.key], 0)
                    + (" *" if is_estimated(study, record, values, [zone.id]) else "")
                    for record in records
                ),
                str(alerts),
            )
        )
    names = [record.short for record in records]
    heads = ("Zone", "Secteur", "Statut", "Lycées", *names, VIGILANCE.narrow)
    numeric = frozenset(range(3, len(heads)))
    starred = any(str(cell).endswith("*") for row in rows for cell in row[4:-1])
    caption = f"Zones {where}{study.analysis.peak_note}{GUESSED if starred else ''}"
    return html.table(caption, heads, rows, numeric=numeric)


def _lycees(study: Study, sector: str | None, where: str) -> htpy.Element:
    plan = study.plan
    lycees = plan.lycees if sector is None else plan.lycees_of(sector)
    rows = []
    for lycee in sorted(lycees, key=lambda key: study.territory.lycees[key].name):
        place, zone = study.territory.lycees[lycee], plan.zone_of(lycee)
        nearest = study.releve(lycee)
        releve = "—"
        if nearest:
            took = study.analysis.drive(nearest[0], lycee)
            releve = f"{took} ← {study.name(nearest[0])}"
        code = "provisoire" if lycee.startswith("X") else lycee
        rows.append(
            (
                html.go(f"lycee:{lycee}", place.name),
                place.commune,
                code,
                html.go(f"zone:{zone.id}", zone.name),
                plan.sector(zone.sector).name,
                releve,
            )
        )
    heads = ("Lycée", "Commune", "UAI", "Zone", "Secteur", "Relève")
    return html.table(f"Lycées {where}{study.analysis.peak_note}", heads, rows)
