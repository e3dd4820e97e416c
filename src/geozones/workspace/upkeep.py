"""Upkeep of stored data: nightly maintenance, and erasure of a person's name (RGPD, article 17)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from geozones.common.clock import today
from geozones.common.errors import InputError
from geozones.common.french import compared_name, listing, plural
from geozones.workspace.experiment.field_journal import Journals
from geozones.workspace.roles import Actor, Role, needs
from geozones.workspace.teams.holder_names import read_names, write_names

if TYPE_CHECKING:
    from geozones.store import Store


@dataclass(frozen=True, slots=True)
class Night:
    """Result of a nightly run."""

    #: The month of the journal that was deleted (``2026-03``); ``None`` for none.
    forgotten: str | None
    purged: bool  # Whether no trace of erased content remains in the database files.


@needs(Role.ADMINISTRATOR)
def run_nightly(opener: "Callable[[], Store]", actor: Actor, today: date) -> Night:
    """Forget the oldest month of the journal if it is too old, then purge erased content."""
    forgotten = Journals(opener, actor, today).forget()
    return Night(forgotten, opener().erasure.purge())


@dataclass(frozen=True, slots=True)
class Erasure:
    """Result of erasing a name."""

    comments: int  # Number of comments, opinions, posts and journal rows that had the name.
    opinions: int
    posts: int
    journal: int
    purged: bool  # Whether no trace of the name remains in the database files.

    @property
    def sentence(self) -> str:
        """Describe what was erased, in one or two sentences."""
        counted = [
            plural(self.posts, "poste") if self.posts else "",
            plural(self.comments, "commentaire") if self.comments else "",
            plural(self.opinions, "avis", "avis") if self.opinions else "",
            plural(self.journal, "ligne du journal", "lignes du journal") if self.journal else "",
        ]
        erased = f"Nom effacé : {listing([each for each in counted if each])}."
        later = (
            ""
            if self.purged
            else " Le fichier de la base, occupé en ce moment, en garde encore une trace. Elle "
            "sera retirée à la prochaine écriture, ou cette nuit (geozones admin nightly)."
        )
        return f"{erased} Les textes restent, sans nom.{later}"


@needs(Role.ADMINISTRATOR)
def erase_person(
    opener: "Callable[[], Store]", actor: Actor, name: str, folder: Path | None = None
) -> Erasure:
    """Erase a name from posts, other people's texts and the journal, however it is spelt.

    The log of actions records who erased how many items of each kind, never the name.

    Parameters
    ----------
    opener
        Opens the store; raises ``StoreError``.
    actor
        The caller.
    name
        The name as it was written.
    folder
        The home folder of the tool, if it is not the default one.
    """
    wanted = compared_name(name)
    if not wanted:
        raise InputError("Indiquez le nom à effacer, comme il a été écrit.")
    held = read_names(actor, folder)
    posts = {post for post, holder in held.items() if compared_name(holder) == wanted}
    store = opener().by(actor.caller)
    journals = Journals(opener, actor, today())
    erased = store.erasure.erase_name(name, journals.unlinking(name), posts=len(posts))
    journals.forget_held()
    if posts:
        write_names(actor, dict.fromkeys(posts, ""), folder)
    if not (posts or erased.comments or erased.opinions or erased.journal):
        raise InputError(f"Rien n'est signé « {name.strip()[:60]} » : vérifiez le nom.")
    return Erasure(
        erased.comments, erased.opinions, len(posts), erased.journal, store.erasure.purge()
    )
