"""What each kind of event does to a scenario: one class a kind.

An event is stored as a word (``kind``) and a JSON object (``data``); `read_change` makes the class
of its kind out of them, which changes a `State` and says in French what it did. A new kind is one
class and one line in `KINDS`. Applying checks anew, so that events moved onto another history (a
rebase) or read from a file are never taken on trust. Each says what it reads and writes, its
`Footprint`: changes that two people made at once merge where these are apart.
"""

from geozones.domain.events.change import EventChange, Names, UnreadableChange
from geozones.domain.events.footprint import Footprint
from geozones.domain.events.registry import KINDS, read_change
from geozones.domain.events.state import State

__all__ = ["KINDS", "EventChange", "Footprint", "Names", "State", "UnreadableChange", "read_change"]
