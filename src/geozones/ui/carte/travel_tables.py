"""Tables of drives as HTML that screen readers can navigate, and accessibility of a place."""

import math
from collections.abc import Mapping, Sequence
from functools import partial
from itertools import permutations

import htpy
import streamlit as st

from geozones.common.french import longer_than, minutes, number
from geozones.domain import DecisionStatus, Plan
from geozones.domain.terms import has_organisation, terms, worded
from geozones.domain.times import ESTIMATED_MEANS
from geozones.metrics.metric import Values, number_of
from geozones.metrics.metric_registry import metric, written
from geozones.render.palette import contrast
from geozones.ui import state
from geozones.ui.state.carte_views import TravelView
from geozones.ui.widgets import html
from geozones.ui.widgets.option_fields import chooser
from geozones.workspace.maps.plan_scene import coloured
from geozones.workspace.reachability.accessibility import (
    FROM_PLACE,
    IN_ZONE,
    CentreReach,
    MinuteClasses,
    PlaceAccess,
    find_place,
)
from geozones.workspace.study import Study, is_estimated

_DARK, _LIGHT = "#15202b", "#ffffff"


def class_legend(classes: MinuteClasses = IN_ZONE) -> htpy.Element:
    """Return the legend of classes of minutes."""
    signs = [
        (htpy.span(".gz-swatch", style=f"background:{colour}"), words)
        for colour, words in coloured(classes)
    ]
    return html.legend("Légende des durées", signs)


def heat_map(study: Study, zone_id: str) -> htpy.Element:
    """Return the minutes between the lycées of a zone, from the row to the column."""
    plan = study.plan
    lycees = plan.members(zone_id)
    names = short_names(study, lycees)
    head = [htpy.th(scope="col")[htpy.span[names[key]]] for key in lycees]
    rows = [
        htpy.tr[
            htpy.th(scope="row")[html.go(f"lycee:{a}", names[a])],
            [_heat_cell(study, a, b) for b in lycees],
        ]
        for a in lycees
    ]
    caption = "Minutes de la ligne vers la colonne"
    return html.scrolled(
        caption,
        htpy.table(".gz-table.gz-heat")[
            htpy.caption[caption], htpy.thead[htpy.tr[htpy.td, head]], htpy.tbody[rows]
        ],
    )


def heat_note(study: Study, zone_id: str) -> htpy.Element | None:
    """Return the meaning of the star in the heat map of a zone, if it has one."""
    pairs = list(permutations(study.plan.members(zone_id), 2))
    guessed = sum(study.times.is_estimated(*pair) for pair in pairs)
    return (
        html.note(f"* estimé ({guessed} sur {len(pairs)}) : {ESTIMATED_MEANS}.")
        if guessed
        else None
    )


def _heat_cell(study: Study, a: str, b: str) -> htpy.Element:
    if a == b:
        return htpy.td(".gz-self", aria_label=f"même {terms().site}")["·"]
    times = study.times
    value = times.between(a, b)
    rank = IN_ZONE.no_way if math.isnan(value) else IN_ZONE.rank(value)
    colour = coloured(IN_ZONE)[rank][0]
    ink = max((_DARK, _LIGHT), key=lambda tone: contrast(tone, colour))
    mark = "*" if times.is_estimated(a, b) and times.least(a, b) is None else ""
    least = times.least(a, b)
    text = longer_than(least) if least is not None else number(value)
    text = "sans accès" if math.isnan(value) else text
    title = (
        f"{study.name(a)} → {study.name(b)} : {study.analysis.drive(a, b)}, "
        f"source : {times.made_by(a, b).label}"
    )
    return htpy.td(style=f"background:{colour};color:{ink}", title=title)[text + mark]


def short_names(study: Study, lycees: Sequence[str]) -> dict[str, str]:
    """Return the name of each lycée, with its commune after duplicates."""
    names = {key: study.territory.lycees[key].name for key in lycees}
    twice = {name for name in names.values() if list(names.values()).count(name) > 1}
    return {
        key: f"{name} ({study.territory.lycees[key].commune})" if name in twice else name
        for key, name in names.items()
    }


def zone_bars(study: Study, zones: Sequence[str]) -> htpy.Element:
    """Return a table with a bar per zone, mean and worst minutes, the worst first."""
    plan = study.plan
    values = {zone_id: study.area(zone_id=zone_id) for zone_id in zones if plan.members(zone_id)}
    ranked = sorted(values, key=lambda zone_id: -(number_of(values[zone_id]["max_minutes"]) or 0.0))
    longest = [number_of(values[zone_id]["max_minutes"]) for zone_id in ranked]
    top = max((value for value in longest if value is not None and math.isfinite(value)), default=1)
    limit = study.settings.max_minutes
    rows = [_bar_row(study, zone_id, values[zone_id], max(top, limit)) for zone_id in ranked]
    caption = "Trajet moyen et trajet le plus long de chaque zone"
    share = 100 * limit / max(top, limit)
    bars = "Barres : plus long en gris, moyen en bleu"
    heads = [
        htpy.th(scope="col")["Zone"],
        htpy.th(".gz-number", scope="col")[metric("mean_minutes").narrow],
        htpy.th(".gz-number", scope="col")[metric("max_minutes").narrow],
        htpy.th(scope="col")[htpy.span(".gz-hidden")[bars]],
    ]
    return html.scrolled(
        caption,
        htpy.table(".gz-table.gz-bars", style=f"--limit:{share:.1f}%")[
            htpy.caption[
                f"{caption} ; le trait est le seuil de {minutes(limit)} ; "
                f"* {study.times.estimate_mark}"
            ],
            htpy.thead[htpy.tr[heads]],
            htpy.tbody[rows],
        ],
    )


def _bar_row(study: Study, zone_id: str, values: Values, top: float) -> htpy.Element:
    plan = study.plan
    guess = [
        " *" if is_estimated(study, metric(key), values, [zone_id]) else ""
        for key in ("mean_minutes", "max_minutes")
    ]
    mean, worst = number_of(values["mean_minutes"]), number_of(values["max_minutes"])
    status = study.decisions.zone(zone_id)
    mark = [" ", html.pill(status)] if status is not DecisionStatus.PUBLISHED else None
    return htpy.tr[
        htpy.th(scope="row")[html.go(f"zone:{zone_id}", plan.zone(zone_id).name), mark],
        htpy.td(".gz-number")[written(values, "mean_minutes", 0) + guess[0]],
        htpy.td(".gz-number")[written(values, "max_minutes") + guess[1]],
        htpy.td(".gz-bar", aria_hidden="true")[
            htpy.i(style=f"width:{_percent(worst, top):.1f}%"),
            htpy.b(style=f"width:{_percent(mean, top):.1f}%"),
        ],
    ]


def _percent(value: float | None, top: float) -> float:
    if value is None:
        return 0.0
    return min(100.0, 100 * value / top)


def class_table(access: PlaceAccess) -> htpy.Element:
    """Return the number of communes and inhabitants in each class of minutes."""
    counts = access.by_class()
    people = sum(inhabitants for _, inhabitants in counts) or 1
    rows = []
    for (communes, inhabitants), label in zip(counts, FROM_PLACE.words, strict=True):
        if communes or label != "sans accès":
            share = f"{number(100 * inhabitants / people)} %"
            rows.append((label, number(communes), number(inhabitants), share))
    heads = ("Durée", "Communes", "Habitants", "Part")
    caption = f"Communes et habitants selon la durée depuis {access.label}"
    return html.table(caption, heads, rows, numeric=frozenset({1, 2, 3}))


def centre_table(study: Study, ranked: Mapping[str, tuple[CentreReach, ...]]) -> htpy.Element:
    """Return a table with a row per sector: reach of its support centre, and the best lycée."""
    plan = study.plan
    rows: list[Sequence[htpy.Node]] = []
    for sector_id, reaches in ranked.items():
        area = plan.sector(sector_id)
        if not reaches:
            rows.append((html.go(f"sector:{sector_id}", area.name), "—", "—", "—", "—"))
            continue
        now = next((reach for reach in reaches if reach.centre == area.support_centre), None)
        name, *figures = _centre_cells(study, now)
        centre = htpy.fragment[name, htpy.small(".gz-under")[_better(study, now, reaches)]]
        rows.append((html.go(f"sector:{sector_id}", area.name), centre, *figures))
    support = worded("{Support_centre}, et {article_support_centre} meilleur{e_support_centre}")
    heads = ("Secteur", support, "Moyen", "Plus long", "Sous 45 min")
    reach = worded("Portée des {sector_technicians} depuis {the_support_centre}")
    caption = f"{reach} de leur secteur"
    return html.table(caption, heads, rows, numeric=frozenset({2, 3, 4}))


def _centre_cells(study: Study, reach: CentreReach | None) -> tuple[str, str, str, str]:
    if reach is None:
        return (worded("non publié{e_support_centre}"), "—", "—", "—")
    share = f"{number(100 * reach.share_near)} %"
    return (
        study.name(reach.centre), minutes(reach.mean), minutes(reach.worst), share
    )  # fmt: skip


def _better(study: Study, now: CentreReach | None, ranked: tuple[CentreReach, ...]) -> str:
    best = ranked[0]
    if now is not None and now.centre == best.centre:
        return worded("C'est déjà {article_support_centre} meilleur{e_support_centre}")
    name = study.name(best.centre)
    if now is None or not math.isfinite(now.mean - best.mean):
        best_one = worded("{Article_support_centre} meilleur{e_support_centre}")
        return f"{best_one} : {name}, {minutes(best.mean)} en moyenne"
    return f"Mieux : {name}, {minutes(now.mean - best.mean, 1)} de moins en moyenne"


def centre_ranking(study: Study, sector_id: str, ranked: tuple[CentreReach, ...]) -> htpy.Element:
    """Return every lycée of a sector as a support centre, the best first."""
    plan = study.plan
    centre = plan.sector(sector_id).support_centre
    rows = [
        (
            [
                html.go(f"lycee:{reach.centre}", study.name(reach.centre)),
                " ★" if reach.centre == centre else None,
            ],
            minutes(reach.mean),
            f"{minutes(reach.worst)} ({study.territory.lycees[reach.farthest].name})",
            f"{number(100 * reach.share_near)} %",
        )
        for reach in ranked
    ]
    heads = (worded("{Site}"), "Moyen", "Plus long", "Sous 45 min")
    area = plan.sector(sector_id)
    actual = terms().support_centre.agreeing("actuel", "actuelle")
    caption = (
        f"Si {terms().support_centre.the} de {area.name} était ailleurs "
        f"({terms().site.counted(len(ranked))}, ★ : l'{actual})"
    )
    return html.table(caption, heads, rows, numeric=frozenset({1, 3}))


def ask_from(place: str | None) -> None:
    """Request the drives from a lycée, a commune or a position."""
    state.clear_notice()
    state.update(TravelView, place=place, understood="")


def follow_choice(plan: Plan) -> None:
    """Start from what was selected on the map: the lycée, or the support centre of the sector."""
    chosen = state.follow_map(TravelView, plan)
    if chosen is None or not any(chosen.places):
        return
    sector_id, _ = chosen.around(plan)
    centre = None if sector_id is None else plan.sector(sector_id).support_centre
    place = chosen.lycee or centre
    state.update(TravelView, centre=None)
    if place is not None:
        state.update(TravelView, place=place, address="", understood="")


def choose_place(study: Study) -> None:
    """Let the user choose the place from a list, or type an address."""
    plan = study.plan
    centres = [s.support_centre for s in plan.sectors if s.support_centre is not None]
    ranked = sorted(study.territory.lycees, key=lambda key: (key not in centres, study.name(key)))
    labels = {
        key: f"★ {study.name(key)}, {terms().support_centre}" if key in centres else study.name(key)
        for key in ranked
    }
    labels |= {entry.place: f"Commune : {entry.name}" for entry in study.atlas.communes}
    chooser(
        worded(
            "Depuis {a_site}, {a_support_centre} ou une commune"
            if has_organisation()
            else "Depuis {a_site} ou une commune"
        ),
        labels,
        state.bound(TravelView, "place", then=ask_from),
        placeholder="Nom ou commune",
    )
    state.bound(TravelView, "address", then=partial(_from_address, study)).draw(
        st.text_input,
        "Ou une adresse, ou une position « latitude, longitude »",
        placeholder="12 rue de la Paix, 49000 Angers",
    )


def access_card(reach: PlaceAccess | None, why: str) -> None:
    """Show the communes by class of minutes and the engines; or ``why`` they are not available."""
    html.show(html.subtitle("Accessibilité"))
    if why:
        html.show(html.error(why))
    if reach is None:
        html.show(
            html.note(
                worded(
                    "Choisissez {a_site} ou une commune, tapez une adresse, ou cliquez {a_site} : "
                    "les communes se colorent selon la durée du trajet."
                )
            )
        )
        return
    understood = state.of(TravelView).understood
    if understood:
        html.show(html.note(understood))
    html.show(class_table(reach))
    html.show(html.note(_makers(reach)))


@state.reporting_errors()
def _from_address(study: Study, text: str) -> None:
    state.update(TravelView, address=text)
    if not text.strip():
        return
    place = find_place(study.territory, text)
    ask_from(place.place)
    state.update(TravelView, understood=place.understood)


def _makers(reach: PlaceAccess) -> str:
    parts = [f"{number(count)} par {maker.label}" for maker, count in reach.makers if count]
    total = sum(count for _, count in reach.makers)
    guessed = (
        "tous estimés"
        if total and reach.estimated == total
        else f"dont {number(reach.estimated)} estimés"
        if reach.estimated
        else "aucun estimé"
    )
    return f"Trajets vers {number(len(reach.communes))} communes : {', '.join(parts)}, {guessed}."
