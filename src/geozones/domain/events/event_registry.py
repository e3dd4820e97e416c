"""Registry of the kinds of events, and the reader of an event."""

from geozones.common.errors import GeozonesError
from geozones.domain.events.adoption_events import AdoptHypothesis, CorrectDrives
from geozones.domain.events.change import Data, EventChange, UnreadableChange
from geozones.domain.events.choice_events import SetColour, SetPivot
from geozones.domain.events.lock_events import LockItem, UnlockItem
from geozones.domain.events.lycee_events import CloseLycee, OpenLycee, SplitLycee
from geozones.domain.events.move_events import MoveLycees
from geozones.domain.events.need_events import SetNeeds, SetNeedsRule, SetSizes
from geozones.domain.events.place_events import PlaceLycee
from geozones.domain.events.post_events import DropPosts, SetPostException, SetPosts
from geozones.domain.events.redraw_events import RedrawZones
from geozones.domain.events.sector_events import CreateSector, DeleteSector, EditSector
from geozones.domain.events.sector_zone_events import MergeSectors, MoveZone, SplitSector
from geozones.domain.events.story_events import SetStory
from geozones.domain.events.zone_events import (
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
