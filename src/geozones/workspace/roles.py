"""Who may do what: checked here at each write, whatever page or command asks."""

from dataclasses import dataclass
from enum import IntEnum

from geozones.domain import GeozonesError


class Role(IntEnum):
    """What someone may do; each may do what those before it may."""

    READER = 1
    PLANNER = 2
    ADMINISTRATOR = 3


ROLE_NAMES = {
    "lecteur": Role.READER,
    "planificateur": Role.PLANNER,
    "administrateur": Role.ADMINISTRATOR,
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Someone at work, and their role."""

    name: str
    role: Role

    def require(self, role: Role) -> None:
        """Refuse what the role does not allow.

        Raises
        ------
        NotAllowedError
            If it does not.
        """
        if self.role < role:
            raise NotAllowedError(role)


#: Without a login, everyone on this machine is a planner, and may also delete.
LOCAL = Actor("poste local", Role.ADMINISTRATOR)


class NotAllowedError(GeozonesError):
    """The role of the user does not allow this."""

    def __init__(self, needed: Role) -> None:
        name = next(name for name, role in ROLE_NAMES.items() if role is needed)
        super().__init__(
            f"Votre rôle ne permet pas de le faire : il faut être {name}. Demandez-le à "
            "l'administrateur de l'outil."
        )
