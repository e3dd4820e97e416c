"""Who may do what: checked here at each read and write, whatever page or command asks."""

from dataclasses import dataclass
from enum import IntEnum

from geozones.common.errors import GeozonesError
from geozones.domain.access import Hand


class Role(IntEnum):
    """What someone may do; each may do what those before it may.

    A visitor, who is not logged in, may only look at the frozen versions they have a link to.
    """

    VISITOR = 0
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

    @property
    def hand(self) -> Hand:
        """Who the store takes them for."""
        everything = self.role is Role.ADMINISTRATOR
        return Hand(self.name, everything=everything, alone=self == LOCAL)

    def require(self, role: Role) -> None:
        """Refuse what the role does not allow.

        Raises
        ------
        LoginRequiredError
            If they are not logged in.
        NotAllowedError
            If their role does not.
        """
        if self.role is Role.VISITOR and role > Role.VISITOR:
            msg = "Connexion obligatoire : connectez-vous pour continuer."
            raise LoginRequiredError(msg)
        if self.role < role:
            needed = next(name for name, known in ROLE_NAMES.items() if known is role)
            msg = (
                f"Votre rôle ne permet pas de le faire : il faut être {needed}. Demandez-le à "
                "l'administrateur de l'outil."
            )
            raise NotAllowedError(msg)


#: Where no login is set up: everyone on this machine is a planner, and may also delete.
LOCAL = Actor("poste local", Role.ADMINISTRATOR)
#: Where a login is set up: whoever did not log in.
VISITOR = Actor("visiteur", Role.VISITOR)


class NotAllowedError(GeozonesError):
    """Who asks may not do this."""


class LoginRequiredError(NotAllowedError):
    """Nobody is logged in, or the login does not hold any more: the message says which."""
