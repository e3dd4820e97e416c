"""Drives inside zones: every pair of a zone, the longest ones, a bar per zone."""

from collections.abc import Sequence

import streamlit as st

from geozones.common.french import ranged_minutes
from geozones.domain.terms import worded
from geozones.ui import state
from geozones.ui.carte import travel_tables
from geozones.ui.state.carte_views import MapView, Mode, TravelView
from geozones.ui.widgets import html
from geozones.workspace.reachability.accessibility import Pair, worst_pairs
from geozones.workspace.study import Study

_PAIRS = 8


def zone_drives(study: Study, zone: str) -> None:
    """Show the minutes between all lycées of a zone, then the longest drives."""
    html.show(travel_tables.heat_map(study, zone, study.analysis.peak_note))
    html.show(travel_tables.class_legend())
    html.show(travel_tables.heat_note(study, zone))
    longest_drives(study, [zone])


def longest_drives(study: Study, zones: Sequence[str]) -> None:
    """List the longest drives; each is a button that shows it on the map."""
    shown, pairs = state.of(TravelView), worst_pairs(study, zones, _PAIRS)
    note = study.analysis.peak_note
    html.show(html.subtitle(f"Trajets les plus longs entre collègues{note}"))
    if not pairs:
        html.show(html.note(worded("Aucune paire : la zone n'a qu'{a_site}.")))
    with st.container(key="gz-pairs", gap=None):
        for rank, pair in enumerate(pairs):
            names = " – ".join(study.name(lycee) for lycee in pair.lycees)
            took, known = _parts(pair)
            st.button(
                f"**{took}**{known} · {html.unmarked(names)}",
                key=f"temps.paire.{rank}",
                type="tertiary",
                icon=":material/route:" if shown.pair == pair.lycees else None,
                help=f"Source : {pair.source}. Montrer sur la carte.",
                on_click=_show_pair,
                args=(pair.lycees,),
            )


def zone_bars(study: Study, zones: Sequence[str]) -> None:
    """Show a bar per zone: its mean and its longest drive, against the threshold."""
    html.show(travel_tables.zone_bars(study, list(zones), study.analysis.peak_note))


def _parts(pair: Pair) -> tuple[str, str]:
    """Return the formatted minutes of a pair, and the note on their interval."""
    text = ranged_minutes(pair.minutes, *pair.interval, estimated=pair.estimated)
    took, _, known = text.partition(" (")
    return took, f" ({known}" if known else ""


def _show_pair(pair: tuple[str, str]) -> None:
    """Toggle a drive on the map."""
    now = state.of(TravelView).pair
    state.update(MapView, mode=Mode.LOOK)
    state.update(TravelView, pair=None if now == pair else pair)
