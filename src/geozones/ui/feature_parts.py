"""Parts of pages that features draw; pages draw them without knowing which feature they are of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import htpy

from geozones import feature_list
from geozones.domain.access import DeadLinkError
from geozones.export import Dossier
from geozones.render.scene import FeedbackMark
from geozones.ui import state
from geozones.workspace.figures.study import Study
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.sharing.exported_plan import ExportedPlan, PlanFeedback
from geozones.workspace.teams import Staff


def _nothing(*_: object) -> None:
    """Draw nothing."""


@dataclass(frozen=True, slots=True)
class MapPart:
    """Content of a feature's list beside the map, as read once a run."""

    marks: Callable[[Study], tuple[FeedbackMark, ...]]  # Marks of a study's places on the map.
    link: htpy.Element | None  # The link that opens the list; ``None`` if it would be empty.
    draw: Callable[[], None]  # Draws the list, in place of what is chosen on the map.


@dataclass(frozen=True, slots=True)
class MapList:
    """List that a feature shows beside the map.

    ``view`` is the record of its state: ``opened`` tells whether the list is shown, ``within``
    returns the record without places that a plan lacks.
    """

    name: str  # Name of the list in the mark by which a phone opens the panel.
    gesture: str  # First word of the names in its clicks.
    view: type[Any]
    read: Callable[[Study, str | None], MapPart]  # Reads it for a scenario (id), if one is shown.
    on_gesture: Callable[[str], None]  # Handles a click, by the rest of its name.


@dataclass(frozen=True, slots=True)
class PersonalLink:
    """Page of a personal link: a version of a scenario, and a part of its own."""

    version: str  # The token of the version.
    feedback: Callable[[], PlanFeedback]  # Reads the feedback that its reader may see.
    draw: Callable[[Dossier], None]  # Draws the part, given the dossier of the version.


@dataclass(frozen=True, slots=True)
class SharePart:
    """Part of the page « Partager » that a feature draws, beside the files."""

    key: str  # Names the part in the address.
    name: str  # Name of its button among the parts.
    opening: str  # Label of the button that leads to it from the files.
    bundled: str  # Its file in the zip of all files, with an article.
    draw: Callable[[Study], None]


@dataclass(frozen=True, slots=True)
class TeamPart:
    """Part of the page « Équipes » that a feature draws.

    Its button is there once ``offered``, and wherever the address asks for it; until then
    ``invite`` draws the way to it, below the figures of the year.
    """

    key: str  # Name in addresses.
    label: str
    offered: Callable[[], bool]
    draw: Callable[[Staff], None]
    invite: Callable[[], None]


@dataclass(frozen=True, slots=True)
class DataPart:
    """Part of the page « Données » that a feature draws, before the others."""

    key: str  # Name in addresses.
    label: str
    draw: Callable[[Study], None]


@dataclass(frozen=True, slots=True)
class FeatureParts:
    """Parts of pages that one feature draws."""

    # page « Scénarios »
    waiting: Callable[[], Mapping[str, str]] = dict  # Note beside scenarios in the list, by id.
    page: Callable[[], None] = _nothing  # Part below the sheet.
    sheet: Callable[[Work, Study], None] = _nothing  # Part of the sheet of a scenario.
    sheet_button: Callable[[str], None] = _nothing  # Button among those of the sheet (scenario id).
    sheet_form: Callable[[Work], None] = _nothing  # Form that its button opens.
    link_option: Callable[[], None] = _nothing  # Option of the form that makes a link.
    team: TeamPart | None = None  # page « Équipes »
    data: DataPart | None = None  # page « Données »
    new_territory: Callable[[], None] = _nothing  # Form of « Territoires », page « Données ».
    # page « Carte »
    map_list: MapList | None = None
    # page « Partager »
    share_part: SharePart | None = None
    # page of a link: token, version, whether places may lead to the map
    shared: Callable[[str, Study, bool], None] = _nothing
    shared_selected: Callable[[], None] = _nothing  # Called when a place of its map is clicked.
    #: Part below its files: plan, version, whether its address asks that a show start at once.
    shared_show: Callable[[ExportedPlan, Work, bool], None] = _nothing
    #: Element of the page of a link that was closed meanwhile: text typed, word to a running show.
    closed_link: Callable[[], htpy.Element | None] = lambda: None
    #: Reads the personal link of a token; raises ``DeadLinkError``.
    personal_link: Callable[[str], PersonalLink] | None = None


def feature_parts() -> tuple[FeatureParts, ...]:
    """Return the parts of every feature, in the order of the list."""
    return feature_list.values("parts")


def personal_link(token: str) -> PersonalLink:
    """Return the page of a personal link; raise ``DeadLinkError`` if it shows nothing."""
    for parts in feature_parts():
        if parts.personal_link is not None:
            return parts.personal_link(token)
    raise DeadLinkError


def share_parts() -> tuple[SharePart, ...]:
    """Return the parts of the page « Partager »."""
    return tuple(parts.share_part for parts in feature_parts() if parts.share_part is not None)


def team_parts() -> tuple[TeamPart, ...]:
    """Return the parts of the page « Équipes »."""
    return tuple(parts.team for parts in feature_parts() if parts.team is not None)


def data_parts() -> tuple[DataPart, ...]:
    """Return the parts of the page « Données »."""
    return tuple(parts.data for parts in feature_parts() if parts.data is not None)


def map_lists() -> tuple[MapList, ...]:
    """Return the lists beside the map."""
    return tuple(parts.map_list for parts in feature_parts() if parts.map_list is not None)


def close_map_lists() -> None:
    """Close the lists beside the map."""
    for each in map_lists():
        state.update(each.view, opened=False)
