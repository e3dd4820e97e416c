"""Events of a scenario: one class for each kind of change.

An event is stored as a word (``kind``) and a JSON object (``data``); `read_change` builds the class
of its kind from them, which changes a `State` and describes the change in French. A new kind is one
class and one line in `KINDS`. Applying an event checks it again, so that events moved onto another
history (a rebase) or read from a file are never trusted. Each declares what it reads and writes,
its `Footprint`: simultaneous changes of two people merge if their footprints are disjoint.
"""

from geozones.common.errors import GeozonesError
from geozones.domain.events.base_events import SetStory, TakeOver
from geozones.domain.events.change import (
    Data,
    EventChange,
    Footprint,
    Names,
    State,
    UnreadableChange,
)
from geozones.domain.events.lycee_events import (
    CloseLycee,
    LockItem,
    MoveLycees,
    OpenLycee,
    PlaceLycee,
    SplitLycee,
    UnlockItem,
)
from geozones.domain.events.need_events import (
    AdoptHypothesis,
    CorrectDrives,
    DropPosts,
    SetNeeds,
    SetNeedsRule,
    SetPostException,
    SetPosts,
    SetSizes,
)
from geozones.domain.events.sector_events import CreateSector, DeleteSector, EditSector
from geozones.domain.events.zone_events import (
    CreateZone,
    DeleteZone,
    MergeSectors,
    MergeZones,
    MoveZone,
    RedrawZones,
    RenameZone,
    SetColour,
    SetPivot,
    SplitSector,
    SplitZone,
)

__all__ = ["KINDS", "EventChange", "Footprint", "Names", "State", "UnreadableChange", "read_change"]

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
        TakeOver,
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
        return UnreadableChange(str(kind), str(error), error.field)
    except (KeyError, TypeError, AttributeError, ValueError):
        fault = (
            f"Un changement ({str(kind)[:40]}) ne peut pas être lu : il est d'une version plus "
            "récente de geozones (mettez geozones à jour), ou abîmé (reprenez le scénario d'une "
            "sauvegarde)."
        )
        return UnreadableChange(str(kind), fault)
