"""Legend of the map, and sources of its figures."""

from collections.abc import Sequence

import htpy

from geozones.domain import DecisionStatus
from geozones.domain.places import Precision
from geozones.domain.terms import worded
from geozones.render.map_ground import SCHEMATIC
from geozones.render.signs import sample_css, signs_of, swatch_css
from geozones.ui.notices import NOTICES
from geozones.ui.notices.grid import verdict
from geozones.ui.widgets import html
from geozones.workspace.sharing.credits import credits_of
from geozones.workspace.study import Study

_ITEMS = (
    (htpy.span(".gz-star")["★"], "{support_centre}"),
    (htpy.span(".gz-dotted"), "limite de département"),
)


#: Drawn as on the map: a pale line inside a grey one.
_MOTORWAY = (
    "background:linear-gradient("
    "#0000 35%,#a9b0b5 35% 44%,#f3f3f0 44% 56%,#a9b0b5 56% 65%,#0000 65%);"
    "border-color:#0000"
)
_PRECISIONS = {
    Precision.ADDRESS: "{site}, à son adresse",
    Precision.STREET: "dans sa rue",
    Precision.COMMUNE: "au centre de sa commune",
    Precision.PROVISIONAL: "position provisoire",
    Precision.MANUAL: "position corrigée à la main",
}


def legend(
    study: Study,
    *,
    faded: bool = False,
    trial: bool = False,
    classes: Sequence[tuple[str, str]] = (),
) -> htpy.Element:
    """Return the legend; ``faded`` adds the sectors not yet deployed, ``trial`` the changed zones.

    ``classes`` are the colours of the zones and their meaning, where they do not show sectors.
    """
    decisions = study.decisions
    zones = [
        (decisions.zone(zone.id), trial and zone.id in decisions.changed_zones)
        for zone in study.plan.zones
        if study.plan.members(zone.id)
    ]
    items = [(html.swatch(swatch_css(colour)), meaning) for colour, meaning in classes]
    items += [
        (html.swatch(sample_css(sign)), meaning)
        for sign, meaning in signs_of(zones)
        if not (classes and sign == DecisionStatus.PUBLISHED)
    ]
    if faded:
        items.append((htpy.span(".gz-swatch.gz-faded"), "pas encore déployé"))
    known = {lycee.precision for lycee in study.territory.lycees.values()}
    items += [
        (htpy.span(class_=f"gz-dot gz-at-{kind.value}"), worded(meaning))
        for kind, meaning in _PRECISIONS.items()
        if kind.value in known
    ]
    items += [(sign, worded(meaning)) for sign, meaning in _ITEMS]
    if study.atlas.ground.schematic:
        items.append((html.swatch(_MOTORWAY), SCHEMATIC))
    return html.legend("Légende", items)


def sources(study: Study) -> htpy.Element:
    """Return the sources: engine and date of the travel times, source document of the plan."""
    return html.sources(" ".join(credits_of(study)))


def footer() -> htpy.Element:
    """Return the footer of a page: links to the legal notices, the sources and the method."""
    names = (f"Accessibilité : {verdict()}", "Données personnelles", "Sources et méthode")
    links = [htpy.a(href=f"donnees?partie={NOTICES}", target="_self")[name] for name in names]
    separated = [[" · " if rank else "", link] for rank, link in enumerate(links)]
    return htpy.footer("#gz-foot")[html.sources(separated)]
