"""A person's name erased wherever the tool keeps it, at their request (RGPD, article 17)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from geozones.common.errors import InputError
from geozones.common.french import listing, plural
from geozones.export.text import printable
from geozones.workspace.experiment.journal import Journals
from geozones.workspace.roles import Actor, Role, needs
from geozones.workspace.staffing.holder_names import read_names, write_names

if TYPE_CHECKING:
    from geozones.store import Store


@dataclass(frozen=True, slots=True)
class Erasure:
    """What erasing a name did.

    Parameters
    ----------
    comments, opinions, posts, journal
        How many comments, opinions, posts and rows of the journal bore the name.
    purged
        Whether the files of the database hold nothing of it any more.
    """

    comments: int
    opinions: int
    posts: int
    journal: int
    purged: bool

    @property
    def said(self) -> str:
        """Return what was erased in one or two sentences."""
        counted = [
            plural(self.posts, "poste") if self.posts else "",
            plural(self.comments, "commentaire") if self.comments else "",
            plural(self.opinions, "avis", "avis") if self.opinions else "",
            plural(self.journal, "ligne du journal", "lignes du journal") if self.journal else "",
        ]
        said = f"Nom effacé : {listing([each for each in counted if each])}."
        later = (
            ""
            if self.purged
            else " Le fichier de la base, occupé en ce moment, en garde encore une trace : elle "
            "sera retirée à la prochaine écriture, ou cette nuit (geozones nightly)."
        )
        return f"{said} Ce qui a été dit ou prévu reste, sans nom.{later}"


@needs(Role.ADMINISTRATOR)
def erase_person(
    opener: "Callable[[], Store]", actor: Actor, name: str, folder: Path | None = None
) -> Erasure:
    """Erase a name, in any case, from posts, words of others and the journal.

    The log of actions says who erased how many items of which kind, never the name.

    Parameters
    ----------
    opener
        Gives the store; raises ``StoreError``.
    actor
        Who asks.
    name
        The name as it was written.
    folder
        The home folder of the tool, where it is not the usual one.

    Raises
    ------
    NotAllowedError
        If who asks is no administrator.
    InputError
        If no name is given, nothing bears it, or the file of the names of posts cannot be written.
    """
    wanted = printable(name).casefold()
    if not wanted:
        msg = "Indiquez le nom à effacer, comme il a été écrit."
        raise InputError(msg)
    held = read_names(actor, folder)
    posts = {post for post, holder in held.items() if printable(holder).casefold() == wanted}
    store = opener().by(actor.hand)
    journals = Journals(opener, actor, datetime.now(UTC).date())
    erased = store.erase_name(wanted, journals.unlinking(name), posts=len(posts))
    journals.forget_held()
    if posts:
        write_names(actor, dict.fromkeys(posts, ""), folder)
    if not (posts or erased.comments or erased.opinions or erased.journal):
        msg = f"Rien n'est signé « {name.strip()[:60]} » : vérifiez le nom."
        raise InputError(msg)
    return Erasure(erased.comments, erased.opinions, len(posts), erased.journal, store.purge())
