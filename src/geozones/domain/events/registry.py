"""Registry of the kinds of events, and the reader of an event."""

from geozones.common.errors import GeozonesError
from geozones.domain.events.adopted import AdoptHypothesis, CorrectDrives
from geozones.domain.events.change import Data, EventChange, UnreadableChange
from geozones.domain.events.choices import SetColour, SetPivot
from geozones.domain.events.locks import LockItem, UnlockItem
from geozones.domain.events.lycees import CloseLycee, OpenLycee, SplitLycee
from geozones.domain.events.moves import MoveLycees
from geozones.domain.events.needs import SetNeeds, SetNeedsRule, SetSizes
from geozones.domain.events.places import PlaceLycee
from geozones.domain.events.redraw import RedrawZones
from geozones.domain.events.sector_zones import MergeSectors, MoveZone, SplitSector
from geozones.domain.events.sectors import CreateSector, DeleteSector, EditSector
from geozones.domain.events.story import SetStory
from geozones.domain.events.teams import DropPosts, SetPostException, SetPosts
from geozones.domain.events.zones import (
    CreateZone,
    DeleteZone,
    MergeZones,
    RenameZone,
    SplitZone,
)

#: Kinds of events and their classes.
KINDS: dict[str, type[EventChange]] = {
    change.kind: change
    for change in (
        MoveLycees,
        CreateZone,
        RenameZone,
        DeleteZone,
        MergeZones,
        SplitZone,
        RedrawZones,
        MoveZone,
        CreateSector,
        EditSector,
        MergeSectors,
        SplitSector,
        DeleteSector,
        SetColour,
        SetPivot,
        PlaceLycee,
        OpenLycee,
        CloseLycee,
        SplitLycee,
        LockItem,
        UnlockItem,
        SetNeeds,
        SetNeedsRule,
        SetSizes,
        SetPosts,
        DropPosts,
        SetPostException,
        SetStory,
        AdoptHypothesis,
        CorrectDrives,
    )
}


def read_change(kind: str, data: Data) -> EventChange:
    """Return the change of an event, from its stored kind and data.

    Never fails: an unknown kind, or invalid data, give an `UnreadableChange`, which
    raises when it is applied. A history with such an event can still be listed and saved.
    """
    try:
        return KINDS[kind].read(data)
    except GeozonesError as error:
        return UnreadableChange(str(kind), str(error))
    except (KeyError, TypeError, AttributeError, ValueError):
        fault = f"Cet événement ({str(kind)[:40]}) est inconnu ou mal formé."
        return UnreadableChange(str(kind), fault)
