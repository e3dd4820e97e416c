"""Permissions on a scenario, links to its frozen versions, and the log of actions."""

import re
import unicodedata
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any

from geozones.common.bounds import (
    ADDED_LATER,
    Bound,
    DayOrEmpty,
    Key,
    KeyOrEmpty,
    Moment,
    MomentOrEmpty,
    Rank,
    Text,
    text_fault,
)
from geozones.common.errors import GeozonesError, InputError
from geozones.common.french import long_date

#: Among the members of a scenario: everyone who may log in.
EVERYONE = "*"
MAX_MEMBERS, MAX_PERSON = 200, 320
#: Owner of a scenario whose author names nobody: the user of the tool's machine.
NOBODYS_OWNER = "poste local"


def _person_fault(value: object) -> str | None:
    if value == "":
        return "désigne une personne par son adresse"
    return text_fault(value, limit=MAX_PERSON)


Person = Annotated[str, Bound(_person_fault)]
#: Spaces that a login or a settings file may have around a name.
_AROUND = " \t\r\n"
_CAPITALS = {ord(sign): ord(sign.lower()) for sign in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
#: Control characters and lone surrogates, which no database accepts.
_UNWRITABLE = frozenset({"Cc", "Cs"})


def person_of(login: str) -> str:
    """Return a login in the form used for comparison: only ASCII letters lose their case.

    Unicode's own rules would take « ſ » (U+017F) for « s », « ß » for « ss », and so give one
    person the rights of another.
    """
    return login.strip(_AROUND).translate(_CAPITALS)


def is_person(name: str) -> bool:
    """Return whether a name can be a member's: short, not empty, no control character."""
    return 0 < len(name) <= MAX_PERSON and not any(
        unicodedata.category(sign) in _UNWRITABLE for sign in name
    )


def people_written(text: str, known: Container[str]) -> tuple[str, ...]:
    """Return the logins in a text, separated by lines, commas, semicolons or spaces.

    A login that is ``known`` stays whole on its line, since an identifier may contain spaces.
    """
    lines = [line.strip() for line in re.split("[\n,;]", text)]
    return tuple(person for line in lines for person in ([line] if line in known else line.split()))


class Access(StrEnum):
    """Access to a scenario; each level includes the levels before it."""

    READER = "reader"
    EDITOR = "editor"
    OWNER = "owner"

    @property
    def rank(self) -> int:
        """Rank of the access, the lowest first."""
        return list(Access).index(self)

    @property
    def label(self) -> str:
        """The French word."""
        return {"reader": "lecteur", "editor": "éditeur", "owner": "propriétaire"}[self.value]


@dataclass(frozen=True, slots=True)
class Member:
    """Access of a person to a scenario (id)."""

    scenario: Key
    person: Person
    access: Access


@dataclass(frozen=True, slots=True)
class StoreCaller:
    """Caller of the store, as it knows them."""

    name: str  # The caller's name: an e-mail in lower case, if they log in.
    #: Whether they own every scenario: an administrator, or the user of a machine without login.
    everything: bool = False
    alone: bool = False  # Whether nobody logs in: what they create is for everyone.
    #: Whether they lack a required login: no scenario is theirs, even one open to everyone.
    guest: bool = False

    @property
    def person(self) -> str:
        """The caller's name, in the form used for members of scenarios."""
        return person_of(self.name)


#: Caller without login, or who opened a shared link.
GUEST = StoreCaller("visiteur", guest=True)


class AccessError(GeozonesError):
    """The caller may not do this with the scenario; nothing was changed."""

    def __init__(self, needed: Access, owners: Iterable[str] = ()) -> None:
        whom = ", ".join(sorted(owners)) or "un administrateur"
        if needed is Access.READER:
            sentence = (
                "Ce scénario n'est pas ouvert à votre compte : demandez l'accès à la personne qui "
                "vous l'a montré."
            )
        elif needed is Access.EDITOR:
            sentence = (
                "Vous pouvez voir ce scénario, pas le modifier : demandez-le à son propriétaire "
                f"({whom}), ou dupliquez-le."
            )
        else:
            sentence = f"Seul le propriétaire de ce scénario peut le faire : demandez-le à {whom}."
        super().__init__(sentence)
        self.needed = needed


class NotSharedError(AccessError):
    """The scenario is not shared with the person who wants to publish it, whatever their role."""

    def __init__(self, owners: Iterable[str] = ()) -> None:
        super().__init__(Access.READER)
        whom = ", ".join(sorted(owners)) or "son propriétaire"
        sentence = (
            "Ce scénario n'est pas partagé avec vous : vous ne pouvez pas le publier. Demandez à "
            f"{whom} de l'ouvrir à votre compte."
        )
        self.args = (sentence,)


def access_of(members: Mapping[str, Access], person: str) -> Access | None:
    """Return a person's access, by name or as everyone; ``None`` for no access."""
    given = [members[key] for key in (person, EVERYONE) if key in members]
    return max(given, key=lambda access: access.rank, default=None)


def first_members(caller: StoreCaller) -> dict[str, Access]:
    """Return the members of a new scenario: its author owns it, everyone may read it.

    Where nobody logs in, everyone may also change it, in case login is enabled later.
    """
    others = Access.EDITOR if caller.alone else Access.READER
    return checked_members({EVERYONE: others, caller.person: Access.OWNER})


def with_owner(members: Mapping[str, Access], author: str) -> dict[str, Access]:
    """Return members with an owner: the author, if no member owns the scenario.

    An author who names nobody (empty, everyone, too long) is replaced by `NOBODYS_OWNER`.
    """
    if Access.OWNER in members.values():
        return dict(members)
    person = person_of(author)
    named = person != EVERYONE and is_person(person)
    return {**members, person if named else NOBODYS_OWNER: Access.OWNER}


def checked_members(members: Mapping[str, Access]) -> dict[str, Access]:
    """Return members with their names in the form of logins."""
    written = {person_of(name): access for name, access in members.items()}
    if not all(is_person(name) for name in written):
        raise InputError(
            f"Une personne est désignée par son adresse, de {MAX_PERSON} caractères au plus."
        )
    if written.get(EVERYONE) is Access.OWNER or Access.OWNER not in written.values():
        message = "Un scénario a au moins un propriétaire, désigné par son adresse."
        raise InputError(message, field="owners")
    if len(written) > MAX_MEMBERS:
        raise InputError(
            f"Un scénario s'ouvre à {MAX_MEMBERS} personnes au plus, ou à tout le monde."
        )
    return written


_ASK = "demandez-en un autre à la personne qui vous l'a donné."


@dataclass(frozen=True, slots=True)
class SharedLink:
    """Link to a frozen version."""

    token: Key  # Token of the version.
    scenario: Key  # The scenario (id) of the version.
    at: Moment  # When it was made, ISO 8601.
    expires: DayOrEmpty = ""  # The last day on which it shows the version (ISO); empty for no end.
    withdrawn: MomentOrEmpty = ""  # When it was withdrawn, ISO 8601; empty where it was not.
    #: Whether its readers may leave comments.
    comments: bool = field(default=False, metadata=ADDED_LATER)

    def is_open(self, today: str) -> bool:
        """Return whether the link works on a day (ISO)."""
        return not self.withdrawn and not (self.expires and today > self.expires)


class DeadLinkError(InputError):
    """The link does not work: it never existed, was withdrawn, or is past its last day."""

    def __init__(self, link: SharedLink | None = None) -> None:
        #: title of the page that says so
        self.title = "Lien introuvable" if link is None else "Lien fermé"
        if link is None:
            sentence = "Ce lien ne mène à aucun scénario : vérifiez qu'il est entier, ou " + _ASK
        elif link.withdrawn:
            sentence = f"Ce lien a été retiré : {_ASK}"
        else:
            sentence = f"Ce lien a expiré le {long_date(link.expires)} : {_ASK}"
        super().__init__(sentence)


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
