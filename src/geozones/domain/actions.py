"""What was done to what the store keeps: who, what, when; nothing changes or removes an entry."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from typing import Any

from geozones.common.bounds import KeyOrEmpty, Moment, Rank, Text


class Deed(StrEnum):
    """What was done; the value is what the store holds."""

    CREATED = "create"
    CHANGED = "change"
    WENT = "go"
    DESCRIBED = "describe"
    ARCHIVED = "archive"
    UNARCHIVED = "unarchive"
    DECIDED = "decide"
    SHARED = "share"
    WITHDREW_LINK = "withdraw_link"
    ALLOWED_COMMENTS = "allow_comments"
    RULED_COMMENT = "rule_comment"
    HID_COMMENT = "hide_comment"
    ERASED_NAME = "erase_name"
    ASKED = "ask"
    OPENED_TO = "members"
    DELETED = "delete"
    PUBLISHED = "publish"
    APPROVED = "approve"
    WITHDREW = "withdraw"
    RESTORED = "restore"


@dataclass(frozen=True, slots=True)
class Action:
    """An entry of the log.

    Parameters
    ----------
    position
        From 1, without a gap.
    at, who
        When (ISO 8601, UTC), and who.
    what
        What was done, a `Deed`, or a word of a newer version.
    scenario, name
        The scenario, as it was called then; empty where it is of none.
    detail
        What else there is to say, as JSON values.
    seal
        A digest of all this and of the seal before it: an entry that was changed, removed or put in
        breaks the chain.
    """

    position: Rank
    at: Moment
    who: Text
    what: Text
    scenario: KeyOrEmpty
    name: Text
    detail: Mapping[str, Any] = field(default_factory=dict)
    seal: Text = ""

    def sealed(self, before: str) -> str:
        """Return the seal that it should have after another seal ("" for the first)."""
        said = [self.position, self.at, self.who, self.what, self.scenario, self.name]
        text = json.dumps([before, *said, dict(self.detail)], sort_keys=True)
        return sha256(text.encode()).hexdigest()


def first_broken(actions: Iterable[Action]) -> int | None:
    """Return the position at which a whole log no longer follows from what is before it."""
    seal = ""
    for rank, action in enumerate(actions, 1):
        if action.position != rank or action.sealed(seal) != action.seal:
            return rank
        seal = action.seal
    return None
