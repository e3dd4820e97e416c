"""Drawer at the right of the map: key figures, drives, history, tables, when asked for.

The row of a lycée can move it too.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import permutations

import htpy
import streamlit as st

from geozones.common.french import drive_text, folded, longer_than, minutes, moment, number, plural
from geozones.domain import DecisionStatus, Event
from geozones.domain.identifiers import is_temporary
from geozones.domain.terms import has_organisation, terms, worded
from geozones.domain.times import ESTIMATED_MEANS
from geozones.metrics.metric import MetricPlace, Values, number_of
from geozones.metrics.metric_changes import Change
from geozones.metrics.metric_registry import VIGILANCE, metric, shown_in, watch_list, written
from geozones.render.palette import contrast
from geozones.ui import current_scenario, state
from geozones.ui.carte.moves import row_id, zone_cell
from geozones.ui.carte.shown import Screen, calendar_card, class_legend
from geozones.ui.state.carte_views import MapView, Mode, MoveView, Selection, TravelView
from geozones.ui.widgets import html
from geozones.ui.widgets.html import when_open
from geozones.ui.widgets.option_fields import chooser
from geozones.ui.widgets.panel import difference, key_figures
from geozones.workspace.figures.study import Study, is_estimated
from geozones.workspace.figures.vigilance import chosen, vigilance
from geozones.workspace.maps import coloured
from geozones.workspace.reachability.accessibility import (
    IN_ZONE,
    NEAR_MINUTES,
    CentreReach,
    centre_reach,
    worst_pairs,
)
from geozones.workspace.scenarios.history_text import describe_event, describe_with_reason
from geozones.workspace.scenarios.open_scenario import Work

_DARK, _LIGHT = "#15202b", "#ffffff"
#: Head of the column of the share of drives that are not too long.
_NEAR = f"Sous {minutes(NEAR_MINUTES)}"
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
    """Return the zones of a sector (id) or of the region: figures that decide come first.

    A phone shows those only; the others are in the panel of each zone.
    """
    plan = study.plan
    points = vigilance(study)
    records = sorted(
        shown_in(MetricPlace.ZONE_TABLE), key=lambda record: record.key != "max_minutes"
    )
    rows: list[tuple[htpy.Node, ...]] = []
    for zone in plan.zones if sector_id is None else plan.zones_of(sector_id):
        values = study.area(zone_id=zone.id)
        owner = plan.sector(zone.sector)
        watched = watch_list(chosen(points, zone_id=zone.id))
        rows.append(
            (
                htpy.fragment[
                    html.go(f"zone:{zone.id}", zone.name),
                    htpy.small(".gz-under")[
                        html.go(f"sector:{owner.id}", owner.name),
                        f", {study.decisions.zone_text(zone.id)}",
                    ],
                ],
                str(len(plan.members(zone.id))),
                str(watched.count),
                *(
                    record.write(values[record.key], 0)
                    + (" *" if is_estimated(study, record, values, [zone.id]) else "")
                    for record in records
                ),
            )
        )
    names = [record.short for record in records]
    heads = ("Zone, secteur, statut", worded("{Sites}"), VIGILANCE.narrow, *names)
    numeric = frozenset(range(1, len(heads)))
    starred = any(str(cell).endswith("*") for row in rows for cell in row[3:])
    caption = f"Zones {where}{f' ; * {study.times.estimate_mark}' if starred else ''}"
    return html.table(caption, heads, rows, numeric=numeric, kind="gz-first-4")


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

    with st.container(key=_FILTER):
        text = state.bound(MoveView, "filter", then=narrow).draw(
            st.text_input,
            worded("{Sites} à montrer : nom, ville ou code"),
            max_chars=80,
            placeholder="Nom, ville ou code : Entrée mène au premier trouvé",
        )
    found = _matching(study, lycees, text)
    caption = f"{worded('{Sites}')} {where}"
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
            cards.append(html.figure(label, record.write(value), record.about, difference(change)))
    label = "Chiffres des équipes"
    html.show(htpy.section(".gz-figures.gz-teams", tabindex="0", aria_label=label)[cards])


def heat_map(study: Study, zone_id: str) -> htpy.Element:
    """Return the minutes between the lycées of a zone, from the row to the column."""
    lycees = study.plan.members(zone_id)
    named = {key: study.territory.lycees[key] for key in lycees}
    count = Counter(lycee.name for lycee in named.values())
    names = {
        key: lycee.name if count[lycee.name] == 1 else f"{lycee.name} ({lycee.commune})"
        for key, lycee in named.items()
    }
    rows = [
        htpy.tr[
            htpy.th(scope="row")[html.go(f"lycee:{a}", names[a])],
            [_heat_cell(study, a, b) for b in lycees],
        ]
        for a in lycees
    ]
    heads = (worded("{Site}"), *names.values())
    return html.table("Minutes de la ligne vers la colonne", heads, rows, kind="gz-heat")


def _heat_cell(study: Study, a: str, b: str) -> htpy.Element:
    if a == b:
        return htpy.td(".gz-self", aria_label=f"même {terms().site}")["·"]
    times = study.times
    value, least = times.between(a, b), times.least(a, b)
    rank = IN_ZONE.no_way if math.isnan(value) else IN_ZONE.rank(value)
    colour = coloured(IN_ZONE)[rank][0]
    ink = max((_DARK, _LIGHT), key=lambda tone: contrast(tone, colour))
    mark = "*" if times.is_estimated(a, b) and least is None else ""
    text = longer_than(least) if least is not None else number(value)
    text = "sans accès" if math.isnan(value) else text
    title = (
        f"{study.name(a)} → {study.name(b)} : {study.analysis.drive(a, b)}, "
        f"source : {times.made_by(a, b).label}"
    )
    return htpy.td(style=f"background:{colour};color:{ink}", title=title)[text + mark]


def heat_note(study: Study, zone_id: str) -> htpy.Element | None:
    """Return the meaning of the star in the heat map of a zone, if it has one."""
    pairs = list(permutations(study.plan.members(zone_id), 2))
    guessed = sum(study.times.is_estimated(*pair) for pair in pairs)
    if not guessed:
        return None
    return html.note(f"* estimé ({guessed} sur {len(pairs)}) : {ESTIMATED_MEANS}.")


def zone_bars(study: Study, zones: Sequence[str]) -> htpy.Element:
    """Return a table with a bar per zone, mean and worst minutes, the worst first."""
    values = {
        zone_id: study.area(zone_id=zone_id) for zone_id in zones if study.plan.members(zone_id)
    }
    worst = {zone_id: number_of(each["max_minutes"]) for zone_id, each in values.items()}
    ranked = sorted(values, key=lambda zone_id: -(worst[zone_id] or 0.0))
    limit = study.settings.max_minutes
    finite = [value for value in worst.values() if value is not None and math.isfinite(value)]
    top = max(limit, *finite, 1)
    rows = [_bar_row(study, zone_id, values[zone_id], top) for zone_id in ranked]
    heads = (
        "Zone",
        metric("mean_minutes").narrow,
        metric("max_minutes").narrow,
        htpy.span(".gz-hidden")["Barres : plus long en gris, moyen en bleu"],
    )
    caption = (
        "Trajet moyen et trajet le plus long de chaque zone ; le trait est le seuil de "
        f"{minutes(limit)} ; * {study.times.estimate_mark}"
    )
    return html.table(
        caption,
        heads,
        rows,
        numeric=frozenset({1, 2}),
        kind="gz-bars",
        style=f"--limit:{100 * limit / top:.1f}%",
    )


def _bar_row(study: Study, zone_id: str, values: Values, top: float) -> htpy.Element:
    texts, widths = [], []
    for key, digits in (("mean_minutes", 0), ("max_minutes", None)):
        star = " *" if is_estimated(study, metric(key), values, [zone_id]) else ""
        texts.append(htpy.td(".gz-number")[written(values, key, digits) + star])
        widths.append(min(100.0, 100 * (number_of(values[key]) or 0.0) / top))
    status = study.decisions.zone(zone_id)
    mark = [" ", html.pill(status)] if status is not DecisionStatus.PUBLISHED else None
    return htpy.tr[
        htpy.th(scope="row")[html.go(f"zone:{zone_id}", study.plan.zone(zone_id).name), mark],
        texts,
        htpy.td(".gz-bar", aria_hidden="true")[
            htpy.i(style=f"width:{widths[1]:.1f}%"), htpy.b(style=f"width:{widths[0]:.1f}%")
        ],
    ]


def centre_table(study: Study, ranked: Mapping[str, tuple[CentreReach, ...]]) -> htpy.Element:
    """Return a table with a row per sector: reach of its support centre, and the best lycée."""
    rows: list[Sequence[htpy.Node]] = []
    for sector_id, reaches in ranked.items():
        area = study.plan.sector(sector_id)
        link = html.go(f"sector:{sector_id}", area.name)
        now = next((reach for reach in reaches if reach.centre == area.support_centre), None)
        figures = ("—", "—", "—") if now is None else _reach_cells(now)
        name: htpy.Node = "—"
        if reaches:
            named = "non publié" if now is None else study.name(now.centre)
            better = htpy.small(".gz-under")[_better(study, now, reaches[0])]
            name = htpy.fragment[named, better]
        rows.append((link, name, *figures))
    support = worded("{Support_centre}, et le meilleur")
    heads = ("Secteur", support, "Moyen", "Plus long", _NEAR)
    reach = worded("Portée des {sector_technicians} depuis {the_support_centre}")
    caption = f"{reach} de leur secteur"
    return html.table(caption, heads, rows, numeric=frozenset({2, 3, 4}))


def _reach_cells(reach: CentreReach) -> tuple[str, str, str]:
    return minutes(reach.mean), minutes(reach.worst), f"{number(100 * reach.share_near)} %"


def _better(study: Study, now: CentreReach | None, best: CentreReach) -> str:
    if now is not None and now.centre == best.centre:
        return "C'est déjà le meilleur"
    name = study.name(best.centre)
    if now is None or not math.isfinite(now.mean - best.mean):
        best_one = "Le meilleur"
        return f"{best_one} : {name}, {minutes(best.mean)} en moyenne"
    return f"Mieux : {name}, {minutes(now.mean - best.mean, 1)} de moins en moyenne"


def centre_ranking(study: Study, sector_id: str, ranked: tuple[CentreReach, ...]) -> htpy.Element:
    """Return every lycée of a sector as a support centre, the best first."""
    area = study.plan.sector(sector_id)
    rows = []
    for reach in ranked:
        star = " ★" if reach.centre == area.support_centre else None
        mean, worst, near = _reach_cells(reach)
        farthest = study.territory.lycees[reach.farthest].name
        link = html.go(f"lycee:{reach.centre}", study.name(reach.centre))
        rows.append(([link, star], mean, f"{worst} ({farthest})", near))
    heads = (worded("{Site}"), "Moyen", "Plus long", _NEAR)
    caption = (
        f"Si {terms().support_centre.the} de {area.name} était ailleurs "
        f"({terms().site.counted(len(ranked))}, ★ : l'actuel)"
    )
    return html.table(caption, heads, rows, numeric=frozenset({1, 3}))


_PAIRS = 8


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


def _show_pair(pair: tuple[str, str]) -> None:
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
            f"{told} — {html.unmarked(event.author)}, {moment(event.at)}{aside}",
            type="tertiary",
            key=f"histoire.{event.id}",
            icon=":material/flag:" if event.id == timeline.head else None,
            on_click=current_scenario.jump,
            args=(event.id,),
        )


def _line(study: Study, work: Work, event: Event) -> list[htpy.Node]:
    why = [" ", htpy.em[event.why]] if event.why else None
    return [describe_event(study.territory, work, event), why]


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
        if chosen.zone is not None:
            _drives_of_zone(study, chosen.zone)
        else:
            _longest_drives(study, chosen.sector)
        if has_organisation():
            _centres(study, chosen.sector)
            _calendar(study)


@when_open(st.expander, "Trajets de la zone", key="trajets")
def _drives_of_zone(study: Study, zone_id: str) -> None:
    html.show(html.stack(heat_map(study, zone_id), class_legend(), heat_note(study, zone_id)))
    longest_drives(study, [zone_id])


@when_open(st.expander, "Trajets les plus longs", key="trajets")
def _longest_drives(study: Study, sector_id: str | None) -> None:
    zones = study.plan.zones if sector_id is None else study.plan.zones_of(sector_id)
    ids = [zone.id for zone in zones]
    longest_drives(study, ids)
    html.show(zone_bars(study, ids))


@when_open(st.expander, "{Support_centres}", key="centres")
def _centres(study: Study, sector_id: str | None) -> None:
    """Show the centre of each sector, then the candidates of one, by default ``sector_id``."""
    ranked = {entry.id: centre_reach(study, entry.id) for entry in study.plan.sectors}
    html.show(centre_table(study, ranked))
    names = {entry.id: entry.name for entry in study.plan.sectors if ranked[entry.id]}
    asked = state.of(TravelView).centre or sector_id
    detailed = asked if asked in names else next(iter(names), None)
    if detailed is not None:
        chooser("Secteur à détailler", names, state.bound(TravelView, "centre", default=detailed))
        html.show(centre_ranking(study, detailed, ranked[detailed]))


@when_open(st.expander, "Calendrier de déploiement", key="calendrier")
def _calendar(study: Study) -> None:
    nothing = html.note("Ce territoire n'a pas de calendrier de déploiement.")
    html.show(calendar_card(study) or nothing)
