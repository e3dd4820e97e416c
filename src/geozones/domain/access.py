"""Whose a scenario is: who may read it, change it, and choose who else may."""

import re
import unicodedata
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from geozones.common.bounds import Bound, Key, text_fault
from geozones.common.errors import GeozonesError, InputError

#: Stands for whoever may log in, among the members of a scenario.
EVERYONE = "*"
MAX_MEMBERS, MAX_PERSON = 200, 320
#: Who owns a scenario whose author names nobody: whoever is at the machine of the tool.
NOBODYS_OWNER = "poste local"


def _person_fault(value: object) -> str | None:
    if value == "":
        return "désigne une personne par son adresse"
    return text_fault(value, limit=MAX_PERSON)


Person = Annotated[str, Bound(_person_fault)]
#: Spaces that a login or a settings file may have around a name.
_AROUND = " \t\r\n"
_CAPITALS = {ord(sign): ord(sign.lower()) for sign in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
#: Control characters, and halves of a character, which no database takes.
_UNWRITABLE = frozenset({"Cc", "Cs"})


def person_of(login: str) -> str:
    """Return a login as logins are compared: only ASCII letters lose their case.

    Unicode's own rules would take « ſ » (U+017F) for « s », « ß » for « ss », and so give one
    person the rights of another.
    """
    return login.strip(_AROUND).translate(_CAPITALS)


def is_person(name: str) -> bool:
    """Tell whether a name can be written among members: short, not empty, without orders."""
    return 0 < len(name) <= MAX_PERSON and not any(
        unicodedata.category(sign) in _UNWRITABLE for sign in name
    )


def people_written(text: str, known: Container[str]) -> tuple[str, ...]:
    """Return the logins of a text, apart by lines, commas, semicolons or spaces.

    A login that is ``known`` stays whole on its line: an identifier may have spaces.
    """
    lines = [line.strip() for line in re.split("[\n,;]", text)]
    return tuple(person for line in lines for person in ([line] if line in known else line.split()))


class Access(StrEnum):
    """What someone may do with a scenario; each may do what those before it may."""

    READER = "reader"
    EDITOR = "editor"
    OWNER = "owner"

    @property
    def rank(self) -> int:
        """Position, the least first."""
        return list(Access).index(self)

    @property
    def label(self) -> str:
        """The French word."""
        return {"reader": "lecteur", "editor": "éditeur", "owner": "propriétaire"}[self.value]


@dataclass(frozen=True, slots=True)
class Member:
    """What a person may do with a scenario (id)."""

    scenario: Key
    person: Person
    access: Access


@dataclass(frozen=True, slots=True)
class Hand:
    """Who asks something of the store.

    Parameters
    ----------
    name
        How they are called: an e-mail in lower case, where they log in.
    everything
        Whether every scenario is theirs: of an administrator, of whoever is at a machine without
        login.
    alone
        Whether nobody logs in: what they make is for everyone.
    guest
        Whether they did not log in where one must: no scenario is theirs, nor what is everyone's.
    """

    name: str
    everything: bool = False
    alone: bool = False
    guest: bool = False

    @property
    def person(self) -> str:
        """Their name as members of a scenario are written."""
        return person_of(self.name)


#: Whoever did not log in, and whoever comes by a link.
GUEST = Hand("visiteur", guest=True)


class AccessError(GeozonesError):
    """Who asks may not do this with the scenario; nothing was changed."""

    def __init__(self, needed: Access, owners: Iterable[str] = ()) -> None:
        whom = ", ".join(sorted(owners)) or "un administrateur"
        if needed is Access.READER:
            said = (
                "Ce scénario n'est pas ouvert à votre compte : demandez-le à qui vous l'a montré."
            )
        elif needed is Access.EDITOR:
            said = (
                "Vous pouvez voir ce scénario, pas le modifier : demandez-le à son propriétaire "
                f"({whom}), ou dupliquez-le."
            )
        else:
            said = f"Seul le propriétaire de ce scénario peut le faire : demandez-le à {whom}."
        super().__init__(said)
        self.needed = needed


class NotSharedError(AccessError):
    """A scenario is not shared with who would publish it, whatever their role."""

    def __init__(self, owners: Iterable[str] = ()) -> None:
        super().__init__(Access.READER)
        whom = ", ".join(sorted(owners)) or "son propriétaire"
        said = (
            "Ce scénario n'est pas partagé avec vous, il ne peut donc pas être publié : demandez à "
            f"{whom} de l'ouvrir à votre compte."
        )
        self.args = (said,)


def access_of(members: Mapping[str, Access], person: str) -> Access | None:
    """Return what someone may do, by name or as everyone may; ``None`` for nothing."""
    given = [members[key] for key in (person, EVERYONE) if key in members]
    return max(given, key=lambda access: access.rank, default=None)


def first_members(hand: Hand) -> dict[str, Access]:
    """Return the members of a scenario that someone makes: they own it, others read it.

    Where nobody logs in others change it too, for the day when they will.

    Raises
    ------
    InputError
        If they have no name that can own it: then nobody would.
    """
    others = Access.EDITOR if hand.alone else Access.READER
    return checked_members({EVERYONE: others, hand.person: Access.OWNER})


def with_owner(members: Mapping[str, Access], author: str) -> dict[str, Access]:
    """Return members of whom one owns the scenario: its author where nobody does.

    An author who names nobody (empty, everyone, too long) is replaced by `NOBODYS_OWNER`.
    """
    if Access.OWNER in members.values():
        return dict(members)
    person = person_of(author)
    named = person != EVERYONE and is_person(person)
    return {**members, person if named else NOBODYS_OWNER: Access.OWNER}


def checked_members(members: Mapping[str, Access]) -> dict[str, Access]:
    """Return members with their names as logins write them.

    Raises
    ------
    InputError
        If nobody owns the scenario, everyone does, or there are too many.
    """
    written = {person_of(name): access for name, access in members.items()}
    if not all(is_person(name) for name in written):
        msg = f"Une personne est désignée par son adresse, de {MAX_PERSON} caractères au plus."
        raise InputError(msg)
    if written.get(EVERYONE) is Access.OWNER or Access.OWNER not in written.values():
        msg = "Un scénario a au moins un propriétaire, désigné par son adresse."
        raise InputError(msg)
    if len(written) > MAX_MEMBERS:
        msg = f"Un scénario s'ouvre à {MAX_MEMBERS} personnes au plus, ou à tout le monde."
        raise InputError(msg)
    return written
