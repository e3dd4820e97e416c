"""Entries of the action log: actions on stored data, sealed in a chain that nobody can alter."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from geozones.common.bounds import KeyOrEmpty, Moment, Rank, Text

#: Bytes of each digest in a seal: the most that keep the seal within its column, 64 characters.
_KEPT = 20


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
    """An entry of the log.

    Parameters
    ----------
    position
        From 1, without a gap.
    at, who
        When (ISO 8601, UTC), and who.
    what
        Kind of the action, a `ActionKind`, or a word of a newer version.
    scenario, name
        The scenario (id), and its name at that time; empty if the action concerns none.
    detail
        Further details, as JSON values.
    seal
        Link of the entry to all entries before it: ``KEY.DIGEST.MAC``, see `sealed`. Entries of
        versions before keys have a SHA-256 in hexadecimal.
    """

    position: Rank
    at: Moment
    who: Text
    what: Text
    scenario: KeyOrEmpty
    name: Text
    detail: Mapping[str, Any] = field(default_factory=dict)
    seal: Text = ""

    def sealed(self, before: str, key: bytes) -> str:
        """Return the seal under a key, after another seal ("" for the first entry).

        It consists of the id of the key; 20 bytes of the SHA-256 of the previous seal and of all
        fields, with which anyone without the key can check that the entry follows the previous one;
        and 20 bytes of the HMAC-SHA-256 of the same under the key (truncated as RFC 2104 allows).
        """
        mac = _text(hmac.digest(key, self._content(before), hashlib.sha256))
        return f"{key_id(key)}.{self.digest(before)}.{mac}"

    def digest(self, before: str) -> str:
        """Return the part of the seal that needs no key."""
        return _text(hashlib.sha256(self._content(before)).digest())

    def sealed_without_key(self, before: str) -> str:
        """Return the seal that versions before keys wrote."""
        return hashlib.sha256(self._content(before)).hexdigest()

    def _content(self, before: str) -> bytes:
        fields = [self.position, self.at, self.who, self.what, self.scenario, self.name]
        # repr: a column of SQLite that was tampered with may hold bytes, which are no JSON
        return json.dumps(
            [before, *fields, dict(self.detail)], sort_keys=True, default=repr
        ).encode()


def key_id(key: bytes) -> str:
    """Return the id of a key, which reveals nothing about it."""
    return hashlib.sha256(key).hexdigest()[:8]


def _text(digest: bytes) -> str:
    return base64.urlsafe_b64encode(digest[:_KEPT]).decode().rstrip("=")
