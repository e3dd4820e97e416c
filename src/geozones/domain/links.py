"""Links to frozen versions: expiry, withdrawal, permission to comment."""

from dataclasses import dataclass, field

from geozones.common.bounds import ADDED_LATER, DayOrEmpty, Key, Moment, MomentOrEmpty
from geozones.common.errors import InputError
from geozones.common.french import long_date

_ASK = "demandez-en un autre à la personne qui vous l'a donné."


@dataclass(frozen=True, slots=True)
class SharedLink:
    """Link to a frozen version.

    Parameters
    ----------
    token
        Token of the version.
    scenario
        The scenario (id) of the version.
    at
        When it was made, ISO 8601.
    expires
        The last day on which it shows the version (ISO); empty for no end.
    withdrawn
        When it was withdrawn, ISO 8601; empty where it was not.
    comments
        Whether its readers may leave comments.
    """

    token: Key
    scenario: Key
    at: Moment
    expires: DayOrEmpty = ""
    withdrawn: MomentOrEmpty = ""
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
