"""What the signs of the map mean, and where its figures come from."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from geozones.domain.places import Precision
from geozones.workspace import Workspace, credits_of

_ITEMS = (
    ('<span class="gz-swatch" style="--colour:#9fc3a5"></span>', "secteur publié"),
    ('<span class="gz-swatch gz-hatched" style="--colour:#9fc3a5"></span>', "brouillon"),
    ('<span class="gz-dot"></span>', "lycée"),
    ('<span class="gz-star">★</span>', "centre support"),
    ('<span class="gz-dotted"></span>', "limite de département"),
)


_PRECISIONS = {
    Precision.ADDRESS: "lycée, à son adresse",
    Precision.STREET: "dans sa rue",
    Precision.COMMUNE: "au centre de sa commune",
    Precision.PROVISIONAL: "position provisoire",
    Precision.MANUAL: "position corrigée à la main",
}


def legend(
    workspace: Workspace,
    *,
    faded: bool = False,
    trial: bool = False,
    classes: Sequence[tuple[str, str]] = (),
) -> None:
    """Show the legend; ``faded`` adds the sectors not yet deployed, ``trial`` the changed zones.

    ``classes`` are the colours of the zones and what they say, where it is not their sector.
    """
    items = list(_ITEMS)
    known = {lycee.precision for lycee in workspace.lycees.values()}
    items[2:3] = [
        (f'<span class="gz-dot gz-at-{kind.value}"></span>', said)
        for kind, said in _PRECISIONS.items()
        if kind.value in known
    ]
    if trial:
        items[1] = (items[1][0], "brouillon, ou zone modifiée par l'essai")
    if faded:
        items.append(('<span class="gz-swatch gz-faded"></span>', "pas encore déployé"))
    swatch = '<span class="gz-swatch" style="--colour:{}"></span>'
    if classes:
        items[0] = (swatch.format(classes[0][0]), classes[0][1])
        items[1:1] = [(swatch.format(colour), said) for colour, said in classes[1:]]
    body = "".join(f"<li>{sign}{escape(text)}</li>" for sign, text in items)
    st.html(f'<ul class="gz-legend" aria-label="Légende">{body}</ul>')


def sources(workspace: Workspace) -> None:
    """Say who made the times, when, from what, and which document the plan comes from."""
    st.html(f'<p class="gz-sources">{escape(" ".join(credits_of(workspace)))}</p>')
