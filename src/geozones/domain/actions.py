"""Entries of the log of the actions on stored data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from geozones.common.bounds import KeyOrEmpty, Moment, Rank, Text


class ActionKind(StrEnum):
    """Kind of an action; the value is stored."""

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
    FORGOT = "forget_journal"
    DROPPED = "drop_journal"


@dataclass(frozen=True, slots=True)
class Action:
    """An entry of the log."""

    position: Rank  # From 1, without a gap.
    at: Moment  # When (ISO 8601, UTC), and who.
    who: Text
    what: Text  # Kind of the action, a `ActionKind`, or a word of a newer version.
    #: The scenario (id), and its name at that time; empty if the action concerns none.
    scenario: KeyOrEmpty
    name: Text
    detail: Mapping[str, Any] = field(default_factory=dict)  # Further details, as JSON values.
    #: Seal that earlier versions wrote: kept as it was, nothing verifies it; empty in new entries.
    seal: Text = ""
