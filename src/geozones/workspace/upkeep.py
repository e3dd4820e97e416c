"""Upkeep of stored data: nightly maintenance, and erasure of a person's name (RGPD, article 17)."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from geozones.common.clock import today
from geozones.common.errors import InputError
from geozones.common.files import home_folder, ordinary, write_atomically
from geozones.common.french import compared_name, listing, plural
from geozones.workspace.experiment.field_journal import Journals
from geozones.workspace.roles import Actor, Role, needs

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


#: File of former versions in the home folder: names of the holders of posts, by post (id). Nothing
#: reads it any more but the erasing of a name, to which people have a right.
_HOLDERS = "names.json"


def _without(name: str, holders: Path) -> tuple[int, str]:
    """Return how many posts a name holds in the file of holders, and the file without them."""
    try:
        document = json.loads(ordinary(holders).read_bytes())
        kept = {
            post: holder
            for post, holder in document["names"].items()
            if compared_name(str(holder)) != name
        }
    except FileNotFoundError:
        return 0, ""
    except (OSError, ValueError, RecursionError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"Le fichier des noms {holders} est illisible : réparez-le ou supprimez-le."
        ) from error
    text = json.dumps(document | {"names": kept}, ensure_ascii=False, indent=1)
    return len(document["names"]) - len(kept), text + "\n"


@needs(Role.ADMINISTRATOR)
def erase_person(
    opener: "Callable[[], Store]", actor: Actor, name: str, folder: Path | None = None
) -> Erasure:
    """Erase a name from posts, other people's texts and the journal, however it is spelt.

    The log of actions records who erased how many items of each kind, never the name. ``folder`` is
    the home folder of the tool, if it is not the default one.
    """
    wanted = compared_name(name)
    if not wanted:
        raise InputError("Indiquez le nom à effacer, comme il a été écrit.")
    holders = (folder or home_folder()) / _HOLDERS
    posts, others = _without(wanted, holders)
    store = opener().by(actor.caller)
    journals = Journals(opener, actor, today())
    erased = store.erasure.erase_name(name, journals.unlinking(name), posts=posts)
    journals.forget_held()
    if posts:
        write_atomically(holders, others, private=True)
    if not (posts or erased.comments or erased.opinions or erased.journal):
        raise InputError(f"Rien n'est signé « {name.strip()[:60]} » : vérifiez le nom.")
    return Erasure(erased.comments, erased.opinions, posts, erased.journal, store.erasure.purge())
