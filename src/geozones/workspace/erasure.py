"""A person's name erased wherever the tool keeps it, at their request (RGPD, article 17)."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from geozones.common.errors import InputError
from geozones.common.french import listing, plural
from geozones.workspace.experiment.journal import Journals
from geozones.workspace.roles import Actor, Role, needs
from geozones.workspace.staffing.holder_names import read_names, write_names
from geozones.workspace.voices.comments import Comments

if TYPE_CHECKING:
    from geozones.store import Store


@needs(Role.ADMINISTRATOR)
def erase_person(
    opener: "Callable[[], Store]", actor: Actor, name: str, folder: Path | None = None
) -> str:
    """Erase a name, in any case, from posts, words of others and the journal; say what was erased.

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
        If nothing bears that name.
    """
    wanted = name.strip().casefold()
    posts = (
        {post for post, held in read_names(actor, folder).items() if held.casefold() == wanted}
        if wanted
        else set()
    )
    if posts:
        write_names(actor, dict.fromkeys(posts, ""), folder)
    today = datetime.now(UTC).date()
    unlinked = bool(wanted) and Journals(opener, actor, today).unlink(name)
    try:
        signed = Comments(opener, actor).erase_everywhere(name)
    except InputError:
        if not posts and not unlinked:
            raise
        signed = 0
    said = [plural(len(posts), "poste")] if posts else []
    said += [f"{signed} commentaire{'s' if signed > 1 else ''} ou avis"] if signed else []
    said += ["lignes du journal"] if unlinked else []
    return f"Nom effacé : {listing(said)}. Ce qui a été dit ou prévu reste, sans nom."
