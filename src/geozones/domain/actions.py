"""Log of the actions on stored data, sealed in a chain, and its verification."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, StrEnum, auto
from hmac import compare_digest
from typing import Any

from geozones.common.bounds import KeyOrEmpty, Moment, Rank, Text
from geozones.common.french import listing, long_date, plural

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
    """An entry of the log."""

    position: Rank  # From 1, without a gap.
    at: Moment  # When (ISO 8601, UTC), and who.
    who: Text
    what: Text  # Kind of the action, a `ActionKind`, or a word of a newer version.
    #: The scenario (id), and its name at that time; empty if the action concerns none.
    scenario: KeyOrEmpty
    name: Text
    detail: Mapping[str, Any] = field(default_factory=dict)  # Further details, as JSON values.
    #: Link of the entry to all entries before it: ``KEY.DIGEST.MAC``, see `sealed`. Entries of
    #: versions before keys have a SHA-256 in hexadecimal.
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


#: Keys by their id (`geozones.domain.actions.key_id`).
type Keys = Mapping[str, bytes]


class _Seal(Enum):
    HOLDS = auto()
    WITHOUT_KEY = auto()
    FOREIGN = auto()
    BROKEN = auto()


@dataclass(frozen=True, slots=True)
class Anchor:
    """Log entry noted outside the database; ``at`` is when (ISO 8601, UTC)."""

    position: int
    seal: str
    at: str = ""

    @property
    def key(self) -> str:
        """Id of the key that sealed the entry; empty without a key."""
        return key_of(self.seal)


@dataclass(frozen=True, slots=True)
class ChainCheck:
    """Result of verifying a whole log."""

    entries: int  # Number of entries read; reading stops at a broken entry.
    unkeyed: int = 0  # How many of them, the first entries, were sealed before keys existed.
    #: How many were sealed by unknown keys, by the id of the key: their links were checked, but not
    #: their authenticity.
    foreign: Mapping[str, int] = field(default_factory=dict)
    #: The first entry that does not follow from the previous entry; later entries are unchecked.
    broken: int | None = None

    @property
    def text(self) -> str:
        """Return the result in French sentences."""
        if self.broken is not None:
            return (
                f"Le journal a été altéré : sa ligne {self.broken} ne suit pas la précédente. "
                "Comparez-le à celui d'une sauvegarde."
            )
        if not self.entries:
            return "Aucune action n'a encore été faite."
        state = "chaque ligne suit la précédente" if self.foreign else "le journal est intact"
        sentences = [
            f"{plural(self.entries, 'action')}, chacune scellée avec la précédente : {state}."
        ]
        if self.unkeyed:
            before = plural(self.unkeyed, "action est scellée", "actions sont scellées")
            sentences.append(f"{before} sans clé, par une version antérieure de geozones.")
        if self.foreign:
            others = plural(
                sum(self.foreign.values()),
                "action non vérifiable ici, scellée",
                "actions non vérifiables ici, scellées",
            )
            sentences.append(
                f"{others} par une clé absente de cette machine ({listing(list(self.foreign))}) : "
                "vérifiez-les là où est cette clé."
            )
        return " ".join(sentences)


def check_chain(actions: Iterable[Action], keys: Keys) -> ChainCheck:
    """Verify a whole log, oldest first, with the known keys."""
    before, rank, unkeyed, keyed = "", 0, 0, False
    foreign: dict[str, int] = {}
    for rank, action in enumerate(actions, 1):
        found = _check(action, rank, before, keys)
        if found is _Seal.BROKEN or (found is _Seal.WITHOUT_KEY and keyed):
            return ChainCheck(rank, unkeyed, foreign, broken=rank)
        if found is _Seal.WITHOUT_KEY:
            unkeyed += 1
        else:
            keyed = True
        if found is _Seal.FOREIGN:
            key = key_of(action.seal)
            foreign[key] = foreign.get(key, 0) + 1
        before = action.seal
    return ChainCheck(rank, unkeyed, foreign)


def chain_faults(
    actions: Sequence[Action], keys: Keys, anchor: Anchor | None = None
) -> tuple[str, ...]:
    """Return the faults of a whole log, in French sentences; nothing if it is intact."""
    checked = check_chain(actions, keys)
    faults = [checked.text] if checked.broken is not None else []
    if anchor is not None and (missed := anchor_fault(actions, anchor)):
        faults.append(missed)
    return tuple(faults)


def anchor_fault(actions: Sequence[Action], anchor: Anchor) -> str:
    """Return how a log contradicts an anchor; empty if it does not.

    Only the anchored entry and the last entry of the log, oldest first, are needed.
    """
    noted = f" noté le {long_date(anchor.at)}" if anchor.at else " noté ailleurs"
    held = [action for action in actions if action.position == anchor.position]
    if not held:
        there = f"il s'arrête à la ligne {actions[-1].position}" if actions else "il est vide"
        return (
            f"Le journal a perdu des lignes : {there}, alors que le sceau{noted} est celui de la "
            f"ligne {anchor.position}. Comparez-le à celui d'une sauvegarde."
        )
    if held[0].seal != anchor.seal:
        return (
            f"Le journal a été réécrit : sa ligne {anchor.position} n'a plus le sceau{noted}. "
            "Comparez-le à celui d'une sauvegarde."
        )
    return ""


def anchor_of(actions: Sequence[Action]) -> Anchor | None:
    """Return the anchor of the last entry; ``None`` for an empty log."""
    return Anchor(actions[-1].position, str(actions[-1].seal)) if actions else None


def key_of(seal: str) -> str:
    """Return the id of the key in a seal; empty without a key."""
    return seal.partition(".")[0] if "." in seal else ""


def _check(action: Action, rank: int, before: str, keys: Keys) -> _Seal:
    seal = action.seal
    if action.position != rank or not isinstance(seal, str) or not seal.isascii():
        return _Seal.BROKEN
    name = key_of(seal)
    if not name:
        return _held(action.sealed_without_key(before), seal, _Seal.WITHOUT_KEY)
    if name in keys:
        return _held(action.sealed(before, keys[name]), seal, _Seal.HOLDS)
    return _held(action.digest(before), seal.split(".")[1], _Seal.FOREIGN)


def _held(wanted: str, found: str, where_equal: _Seal) -> _Seal:
    return where_equal if compare_digest(wanted, found) else _Seal.BROKEN
