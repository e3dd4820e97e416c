"""Tables with the content of the map: for the keyboard, screen readers, and copying.

In the mode « modifier », the row of a lycée can move it too.
"""

import htpy
import streamlit as st

from geozones.common.folding import folded
from geozones.common.french import plural
from geozones.domain.terms import terms, worded
from geozones.domain.uncertainty import PARTLY_ESTIMATED
from geozones.metrics.breaches import VIGILANCE
from geozones.metrics.metric import MetricPlace
from geozones.metrics.metric_registry import shown_in
from geozones.metrics.watch_list import watch_list
from geozones.ui import state
from geozones.ui.carte.editing.move_row import row_id, zone_cell
from geozones.ui.state.carte_views import MoveView
from geozones.ui.widgets import html
from geozones.workspace.estimated_figures import is_estimated
from geozones.workspace.study import Study
from geozones.workspace.vigilance import chosen, vigilance

#: Legend of the star beside minutes, at the end of a caption.
GUESSED = f" ; * {PARTLY_ESTIMATED}"


#: Keys of the box of the lycées and of its filter, which a link at the top of the page leads to.
_LYCEES = "table.lycees"
_FILTER = "table.filtre"


def tables(study: Study, sector: str | None, *, moves: bool = False) -> None:
    """Show the zones, then the lycées, of a sector or of the region.

    With ``moves``, a lycée can be moved from its row.
    """
    plan = study.plan
    where = "de la région" if sector is None else f"du secteur {plan.sector(sector).name}"
    # a table is built when it is open: a closed one would still slow every rerun
    box = st.expander(
        html.unmarked(f"Tableau des zones {where}"),
        key="table.zones",
        on_change="rerun",
    )
    if box.open:
        html.show(zones_table(study, sector, where), box)
    box = st.expander(
        html.unmarked(f"Tableau des {terms().site.plural} {where}"),
        key=_LYCEES,
        on_change="rerun",
    )
    if box.open:
        with box:
            _lycees(study, sector, where, moves=moves)


def zones_table(study: Study, sector: str | None, where: str) -> htpy.Element:
    """Return the zones of a sector (id) or of the region, with status, figures and alerts."""
    plan = study.plan
    records, points = shown_in(MetricPlace.ZONE_TABLE), vigilance(study)
    rows: list[tuple[htpy.Node, ...]] = []
    for zone in plan.zones if sector is None else plan.zones_of(sector):
        values = study.area(zone=zone.id)
        owner = plan.sector(zone.sector)
        watched = watch_list(chosen(points, zone=zone.id))
        rows.append(
            (
                html.go(f"zone:{zone.id}", zone.name),
                html.go(f"sector:{owner.id}", owner.name),
                study.decisions.zone_text(zone.id),
                str(len(plan.members(zone.id))),
                *(
                    record.write(values[record.key], 0)
                    + (" *" if is_estimated(study, record, values, [zone.id]) else "")
                    for record in records
                ),
                str(watched.count),
            )
        )
    names = [record.short for record in records]
    heads = ("Zone", "Secteur", "Statut", worded("{Sites}"), *names, VIGILANCE.narrow)
    numeric = frozenset(range(3, len(heads)))
    starred = any(str(cell).endswith("*") for row in rows for cell in row[4:-1])
    caption = f"Zones {where}{study.analysis.peak_note}{GUESSED if starred else ''}"
    return html.table(caption, heads, rows, numeric=numeric)


def _lycees(study: Study, sector: str | None, where: str, *, moves: bool) -> None:
    """Show the lycées whose name, town or code matches the filter above them."""
    plan = study.plan
    listed = plan.lycees if sector is None else plan.lycees_of(sector)
    lycees = sorted(listed, key=lambda key: (study.territory.lycees[key].name, key))

    def narrow(text: str) -> None:
        state.update(MoveView, filter=text)
        found = _matching(study, lycees, text)
        if text and found:
            state.ask_focus(row_id(found[0]))

    with st.container(key=_FILTER):
        text = state.bound(MoveView, "filter", then=narrow).draw(
            st.text_input,
            worded("{Sites} à montrer : nom, ville ou code"),
            max_chars=80,
            placeholder="Nom, ville ou code : Entrée mène au premier trouvé",
        )
    found = _matching(study, lycees, text)
    caption = f"{worded('{Sites}')} {where}{study.analysis.peak_note}"
    if text:
        caption += f" : {plural(len(found), 'trouvé')} sur {len(lycees)}"
    rows = [_row(study, key, moves=moves) for key in found]
    # the editable column comes second, to be visible in a narrow panel
    code = worded("{Short_code}")
    heads = (worded("{Site}"), "Zone", "Commune", code, "Secteur", "Relève")
    html.show(html.table(caption, heads, rows))


def _matching(study: Study, lycees: list[str], text: str) -> list[str]:
    """Return the lycées that have a word starting with each typed word; accents are ignored."""
    words = folded(text).split()

    def holds(lycee: str) -> bool:
        place = study.territory.lycees[lycee]
        own = folded(f"{place.name} {place.commune} {lycee}").split()
        return all(any(each.startswith(word) for each in own) for word in words)

    return [lycee for lycee in lycees if holds(lycee)]


def _row(study: Study, lycee: str, *, moves: bool) -> tuple[htpy.Node, ...]:
    place, zone = study.territory.lycees[lycee], study.plan.zone_of(lycee)
    nearest = study.releve(lycee)
    releve = "—"
    if nearest:
        releve = f"{study.analysis.drive(nearest[0], lycee)} depuis {study.name(nearest[0])}"
    printed = study.territory.printed_name(lycee)
    small = None if printed is None else htpy.small(".gz-printed", title=f"Nom {printed[1]}")
    return (
        htpy.fragment[
            html.go(f"lycee:{lycee}", place.name),
            small and small[printed and f"« {printed[0]} »"],
        ],
        zone_cell(study, lycee, opened=state.of(MoveView).row == lycee)
        if moves
        else html.go(f"zone:{zone.id}", zone.name),
        place.commune,
        "provisoire" if lycee.startswith("X") else lycee,
        study.plan.sector(zone.sector).name,
        releve,
    )
