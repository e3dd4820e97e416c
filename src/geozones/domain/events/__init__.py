"""Events of a scenario: one class for each kind of change.

An event is stored as a word (``kind``) and a JSON object (``data``); `read_change` builds the class
of its kind from them, which changes a `State` and describes the change in French. A new kind is one
class and one line in `KINDS`. Applying an event checks it again, so that events moved onto another
history (a rebase) or read from a file are never trusted. Each declares what it reads and writes,
its `Footprint`: simultaneous changes of two people merge if their footprints are disjoint.
"""

from geozones.domain.events.change import EventChange, Names, UnreadableChange
from geozones.domain.events.event_registry import KINDS, read_change
from geozones.domain.events.footprint import Footprint
from geozones.domain.events.scenario_state import State

__all__ = ["KINDS", "EventChange", "Footprint", "Names", "State", "UnreadableChange", "read_change"]
