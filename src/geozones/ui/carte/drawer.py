"""Drawer at the right of the map: key figures, drives, history, tables, when asked for.

The row of a lycée can move it too.
"""

from collections.abc import Sequence

import htpy
import streamlit as st

from geozones.common.french import drive_text, folded, minutes, moment, plural
from geozones.domain import Event
from geozones.domain.identifiers import is_temporary
from geozones.domain.terms import has_organisation, terms, worded
from geozones.metrics.metric import MetricPlace
from geozones.metrics.metric_changes import Change
from geozones.metrics.metric_registry import VIGILANCE, shown_in, watch_list
from geozones.ui import current_scenario, state
from geozones.ui.carte import travel_tables
from geozones.ui.carte.editing.destination_list import row_id, zone_cell
from geozones.ui.carte.shown import Screen, calendar_card
from geozones.ui.state.carte_views import MapView, Mode, MoveView, Selection, TravelView
from geozones.ui.widgets import html
from geozones.ui.widgets.figures import card, difference, key_figures
from geozones.ui.widgets.html import when_open
from geozones.ui.widgets.option_fields import chooser
from geozones.workspace.reachability.accessibility import centre_reach, worst_pairs
from geozones.workspace.scenarios.history_text import describe_event, describe_with_reason
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.study import Study, is_estimated
from geozones.workspace.vigilance import chosen, vigilance

#: Keys of the box of the lycées and of its filter, which a link at the top of the page leads to.
_LYCEES = "table.lycees"
_FILTER = "table.filtre"


def tables(study: Study, sector_id: str | None, *, moves: bool = False) -> None:
    """Show the zones, then the lycées, of a sector or of the region.

    With ``moves``, a lycée can be moved from its row.
    """
    plan = study.plan
    where = (
        terms().territory.of_the
        if sector_id is None
        else f"du secteur {plan.sector(sector_id).name}"
    )
    # a table is built when it is open: a closed one would still slow every rerun
    box = st.expander(
        html.unmarked(f"Tableau des zones {where}"),
        expanded=True,
        key="table.zones",
        on_change="rerun",
    )
    if box.open:
        html.show(zones_table(study, sector_id, where), box)
    box = st.expander(
        html.unmarked(f"Tableau des {terms().site.plural} {where}"),
        key=_LYCEES,
        on_change="rerun",
    )
    if box.open:
        with box:
            _lycees(study, sector_id, where, moves=moves)


def zones_table(study: Study, sector_id: str | None, where: str) -> htpy.Element:
    """Return the zones of a sector (id) or of the region, with status, figures and alerts."""
    plan = study.plan
    records, points = shown_in(MetricPlace.ZONE_TABLE), vigilance(study)
    rows: list[tuple[htpy.Node, ...]] = []
    for zone in plan.zones if sector_id is None else plan.zones_of(sector_id):
        values = study.area(zone_id=zone.id)
        owner = plan.sector(zone.sector)
        watched = watch_list(chosen(points, zone_id=zone.id))
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
    caption = f"Zones {where}{f' ; * {study.times.estimate_mark}' if starred else ''}"
    return html.table(caption, heads, rows, numeric=numeric)


def _lycees(study: Study, sector_id: str | None, where: str, *, moves: bool) -> None:
    """Show the lycées whose name, town or code matches the filter above them."""
    plan = study.plan
    listed = plan.lycees if sector_id is None else plan.lycees_of(sector_id)
    lycees = sorted(listed, key=lambda key: (study.territory.lycees[key].name, key))

    def narrow(text: str) -> None:
        state.update(MoveView, filter=text)
        found = _matching(study, lycees, text)
        if text and found:
            state.ask_focus(row_id(found[0]))

    first = terms().site.agreeing("au premier trouvé", "à la première trouvée")
    with st.container(key=_FILTER):
        text = state.bound(MoveView, "filter", then=narrow).draw(
            st.text_input,
            worded("{Sites} à montrer : nom, ville ou code"),
            max_chars=80,
            placeholder=f"Nom, ville ou code : Entrée mène {first}",
        )
    found = _matching(study, lycees, text)
    caption = f"{worded('{Sites}')} {where}"
    if text:
        caption += f" : {plural(len(found), f'trouvé{terms().site.e}')} sur {len(lycees)}"
    rows = [_row(study, key, moves=moves) for key in found]
    # the editable column comes second, to be visible in a narrow panel
    code = worded("{Short_code}")
    heads = (worded("{Site}"), "Zone", "Commune", code, "Secteur", "Relève")
    html.show(html.table(caption, heads, rows))


def _matching(study: Study, lycees: list[str], text: str) -> list[str]:
    """Return the lycées that have a word starting with each typed word; accents are ignored."""
    words = folded(text).split()

    def holds(lycee_id: str) -> bool:
        lycee = study.territory.lycees[lycee_id]
        own = folded(f"{lycee.name} {lycee.commune} {lycee_id}").split()
        return all(any(each.startswith(word) for each in own) for word in words)

    return [lycee for lycee in lycees if holds(lycee)]


def _row(study: Study, lycee_id: str, *, moves: bool) -> tuple[htpy.Node, ...]:
    place, zone = study.territory.lycees[lycee_id], study.plan.zone_of(lycee_id)
    nearest = study.releve(lycee_id)
    releve = "—"
    if nearest:
        releve = f"{study.analysis.drive(nearest[0], lycee_id)} depuis {study.name(nearest[0])}"
    printed = study.territory.printed_name(lycee_id)
    small = None if printed is None else htpy.small(".gz-printed", title=f"Nom {printed[1]}")
    return (
        htpy.fragment[
            html.go(f"lycee:{lycee_id}", place.name),
            small and small[printed and f"« {printed[0]} »"],
        ],
        zone_cell(study, lycee_id, opened=state.of(MoveView).row == lycee_id)
        if moves
        else html.go(f"zone:{zone.id}", zone.name),
        place.commune,
        "provisoire" if is_temporary(lycee_id) else lycee_id,
        study.plan.sector(zone.sector).name,
        releve,
    )


def team_figures(
    study: Study, sector_id: str | None, zone_id: str | None, base: Study | None = None
) -> None:
    """Show the team figures of the selection, compared with ``base``; nothing without posts."""
    if not study.teams.posts:
        return
    values = study.area(sector_id, zone_id)
    before = base.area(sector_id, zone_id) if base is not None and base.teams.posts else None
    near = minutes(study.settings.teams.near_minutes)
    labels = {"cover_near_share": f"Relèves en moins de {near}"}
    cards = []
    for record in shown_in(MetricPlace.STRIP, posts=True):
        if record.needs_posts:
            value = values[record.key]
            change = Change(record, None if before is None else before[record.key], value)
            label = labels.get(record.key, record.short)
            cards.append(card(label, record.write(value), record.about, difference(change)))
    label = "Chiffres des équipes"
    html.show(htpy.section(".gz-figures.gz-teams", tabindex="0", aria_label=label)[cards])


def support_centres(study: Study, sector_id: str | None) -> None:
    """Show the centre of each sector, then the candidates of one, by default ``sector_id``."""
    plan = study.plan
    ranked = {entry.id: centre_reach(study, entry.id) for entry in plan.sectors}
    html.show(travel_tables.centre_table(study, ranked))
    names = {entry.id: entry.name for entry in plan.sectors if ranked[entry.id]}
    asked = state.of(TravelView).centre or sector_id
    detailed = asked if asked in names else next(iter(names), None)
    if detailed is None:
        return
    bound = state.bound(TravelView, "centre", default=detailed)
    chooser("Secteur à détailler", names, bound)
    html.show(travel_tables.centre_ranking(study, detailed, ranked[detailed]))


_PAIRS = 8


def zone_drives(study: Study, zone_id: str) -> None:
    """Show the minutes between all lycées of a zone, then the longest drives."""
    html.show(
        html.stack(
            travel_tables.heat_map(study, zone_id),
            travel_tables.class_legend(),
            travel_tables.heat_note(study, zone_id),
        )
    )
    longest_drives(study, [zone_id])


def longest_drives(study: Study, zones: Sequence[str]) -> None:
    """List the longest drives; each is a button that shows it on the map."""
    shown, pairs = state.of(TravelView), worst_pairs(study, zones, _PAIRS)
    html.show(html.subtitle("Trajets les plus longs entre collègues"))
    if not pairs:
        html.show(html.note(worded("Aucune paire : la zone n'a qu'{a_site}.")))
    with st.container(key="gz-pairs", gap=None):
        for rank, pair in enumerate(pairs):
            names = " – ".join(study.name(lycee_id) for lycee_id in pair.lycees)
            took = drive_text(pair.minutes, estimated=pair.estimated)
            st.button(
                f"**{took}** · {html.unmarked(names)}",
                key=f"temps.paire.{rank}",
                type="tertiary",
                icon=":material/route:" if shown.pair == pair.lycees else None,
                help=f"Source : {pair.source}. Montrer sur la carte.",
                on_click=_show_pair,
                args=(pair.lycees,),
            )


def zone_bars(study: Study, zones: Sequence[str]) -> None:
    """Show a bar per zone: its mean and its longest drive, against the threshold."""
    html.show(travel_tables.zone_bars(study, list(zones)))


def _show_pair(pair: tuple[str, str]) -> None:
    """Toggle a drive on the map."""
    now = state.of(TravelView).pair
    state.update(MapView, mode=Mode.MAP)
    state.update(TravelView, pair=None if now == pair else pair)


_SHOWN = 60


def history(study: Study, work: Work) -> None:
    """Show the changes behind the plan on screen, then undone ones; all branches on request."""
    timeline = work.timeline
    if not timeline.events:
        return
    done = [htpy.li[_line(study, work, event)] for event in timeline.path[-_SHOWN:]]
    done += [
        htpy.li(".gz-undone")[_line(study, work, event), " (annulé)"]
        for event in timeline.undone[:_SHOWN]
    ]
    title = plural(len(timeline.path), "changement fait", "changements faits")
    html.show(html.card(htpy.h3[title], htpy.ol(".gz-moves")[done]))
    box = st.expander(
        f"Historique complet ({plural(len(timeline.events), 'étape')})",
        key="atelier.historique",
        on_change="rerun",
    )
    if box.open:
        with box:
            _points(study, work)


def _points(study: Study, work: Work) -> None:
    """List every event of every branch as a button that restores it."""
    timeline = work.timeline
    on_screen = {event.id for event in timeline.path}
    st.button(
        html.unmarked(f"Début : {work.origin}"),
        type="tertiary",
        key="histoire.debut",
        icon=":material/flag:" if timeline.head is None else None,
        on_click=current_scenario.jump,
        args=(None,),
    )
    for event in timeline.events[-_SHOWN:]:
        aside = "" if event.id in on_screen else " · annulé ou remplacé"
        told = html.unmarked(describe_with_reason(study.territory, work, event))
        st.button(
            f"{told} — {html.unmarked(event.author)}, {_when(event)}{aside}",
            type="tertiary",
            key=f"histoire.{event.id}",
            icon=":material/flag:" if event.id == timeline.head else None,
            on_click=current_scenario.jump,
            args=(event.id,),
        )


def _line(study: Study, work: Work, event: Event) -> list[htpy.Node]:
    why = [" ", htpy.em[event.why]] if event.why else None
    return [describe_event(study.territory, work, event), why]


def _when(event: Event) -> str:
    return moment(event.at)


def drawer(screen: Screen) -> None:
    """Draw the drawer while it is open."""
    if not state.of(MapView).drawer:
        return
    study, chosen = screen.study, state.of(Selection)
    with st.container(key="gz-over-right"):
        if screen.reference is not None:
            key_figures(study, None, None, screen.reference)
            team_figures(study, None, None, base=screen.reference)
        else:
            key_figures(study, chosen.sector, chosen.zone)
            team_figures(study, chosen.sector, chosen.zone)
        tables(study, chosen.sector, moves=screen.movable)
        if screen.movable:
            history(study, screen.work)
        _drives(study, chosen)
        if has_organisation():
            _centres(study, chosen.sector)
            _calendar(study)


def _drives(study: Study, chosen: Selection) -> None:
    if chosen.zone is not None:
        _drives_of_zone(study, chosen.zone)
    else:
        _longest_drives(study, chosen.sector)


@when_open(st.expander, "Trajets de la zone", key="trajets")
def _drives_of_zone(study: Study, zone_id: str) -> None:
    zone_drives(study, zone_id)


@when_open(st.expander, "Trajets les plus longs", key="trajets")
def _longest_drives(study: Study, sector_id: str | None) -> None:
    zones = study.plan.zones if sector_id is None else study.plan.zones_of(sector_id)
    ids = [zone.id for zone in zones]
    longest_drives(study, ids)
    zone_bars(study, ids)


@when_open(st.expander, "{Support_centres}", key="centres")
def _centres(study: Study, sector_id: str | None) -> None:
    support_centres(study, sector_id)


@when_open(st.expander, "Calendrier de déploiement", key="calendrier")
def _calendar(study: Study) -> None:
    nothing = html.note("Ce territoire n'a pas de calendrier de déploiement.")
    html.show(calendar_card(study) or nothing)
