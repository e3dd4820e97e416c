"""The log in words."""

from collections.abc import Mapping

from geozones.common.french import listing, long_date, plural
from geozones.domain.access import EVERYONE, Access
from geozones.domain.actions import Action, Deed

_SAID: Mapping[str, str] = {
    Deed.CREATED: "créé",
    Deed.CHANGED: "modifié",
    Deed.WENT: "ramené à une autre étape de son historique",
    Deed.DESCRIBED: "renommé ou décrit",
    Deed.ARCHIVED: "archivé",
    Deed.UNARCHIVED: "restauré",
    Deed.DECIDED: "décision",
    Deed.SHARED: "lien de partage créé",
    Deed.WITHDREW_LINK: "lien de partage retiré",
    Deed.ALLOWED_COMMENTS: "commentaires ouverts ou fermés sur un lien",
    Deed.RULED_COMMENT: "commentaire traité",
    Deed.HID_COMMENT: "commentaire masqué ou montré",
    Deed.ERASED_NAME: "nom effacé d'un commentaire ou d'un avis",
    Deed.ASKED: "avis demandé",
    Deed.OPENED_TO: "personnes choisies",
    Deed.DELETED: "supprimé pour toujours",
    Deed.PUBLISHED: "publié",
    Deed.APPROVED: "seconde approbation d'une publication",
    Deed.WITHDREW: "publication retirée",
    Deed.RESTORED: "sauvegarde rétablie",
}

#: What an entry counts: the name of the count, and of what it counts.
_COUNTED: Mapping[str, tuple[str, str]] = {
    Deed.RESTORED: ("scenarios", "scénario"),
    Deed.ASKED: ("lycees", "lycée"),
}


def action_said(action: Action) -> str:
    """Return what was done, in French; a word that this version does not know is left as it is."""
    said = _SAID.get(action.what, action.what[:40])
    detail = action.detail
    if action.what == Deed.CHANGED:
        return f"{said} ({plural(len(detail.get('kinds', ())), 'changement')})"
    if action.what == Deed.DECIDED:
        return f"{said} : {detail.get('status')}, version {detail.get('version')}"
    if action.what in {Deed.PUBLISHED, Deed.APPROVED, Deed.WITHDREW} and detail.get("effective"):
        return f"{said} (au {long_date(detail['effective'])})"
    if action.what == Deed.OPENED_TO:
        return f"{said} : {_people(detail.get('members', {}))}"
    counted = _COUNTED.get(action.what)
    if counted is not None:
        return f"{said} : {plural(detail.get(counted[0], 0), counted[1])}"
    return said


def _people(members: Mapping[str, str]) -> str:
    labels = {access.value: access.label for access in Access}
    return listing(
        [
            f"{'tout le monde' if who == EVERYONE else who} ({labels.get(word, word)})"
            for who, word in sorted(members.items())
        ]
    )
