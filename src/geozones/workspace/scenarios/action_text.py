"""French descriptions of the log's actions."""

from collections.abc import Callable, Mapping
from typing import Any

from geozones.common.french import listing, long_date, plural
from geozones.domain.access import EVERYONE, Access
from geozones.domain.actions import Action, ActionKind
from geozones.domain.terms import worded

_TEXTS: Mapping[str, str] = {
    ActionKind.CREATED: "créé",
    ActionKind.CHANGED: "modifié",
    ActionKind.WENT: "ramené à une autre étape de son historique",
    ActionKind.DESCRIBED: "renommé ou décrit",
    ActionKind.ARCHIVED: "archivé",
    ActionKind.UNARCHIVED: "restauré",
    ActionKind.DECIDED: "décision",
    ActionKind.SHARED: "lien de partage créé",
    ActionKind.WITHDREW_LINK: "lien de partage retiré",
    ActionKind.ALLOWED_COMMENTS: "commentaires ouverts ou fermés sur un lien",
    ActionKind.RULED_COMMENT: "commentaire traité",
    ActionKind.HID_COMMENT: "commentaire masqué ou montré",
    ActionKind.ERASED_NAME: "nom effacé",
    ActionKind.ASKED: "avis demandé",
    ActionKind.OPENED_TO: "personnes choisies",
    ActionKind.DELETED: "supprimé pour toujours",
    ActionKind.PUBLISHED: "publié",
    ActionKind.APPROVED: "seconde approbation d'une publication",
    ActionKind.WITHDREW: "publication retirée",
    ActionKind.RESTORED: "sauvegarde rétablie",
    ActionKind.FORGOT: "mois du journal de l'expérimentation oublié",
    ActionKind.DROPPED: "journal de l'expérimentation supprimé",
}

#: Counters of log entries: field of the detail, then the noun for `worded`: singular, plural.
_COUNTED: Mapping[str, tuple[str, str, str]] = {
    ActionKind.RESTORED: ("scenarios", "scénario", "scénarios"),
    ActionKind.ASKED: ("lycees", "{site}", "{sites}"),
    ActionKind.DROPPED: ("files", "fichier", "fichiers"),
}


def action_text(action: Action) -> str:
    """Describe an action in French; an action unknown to this version is returned unchanged."""
    text = _TEXTS.get(action.what, action.what[:40])
    detail = action.detail
    about = _ABOUT.get(action.what)
    if about is not None:
        return f"{text}{about(detail)}"
    counted = _COUNTED.get(action.what)
    if counted is not None:
        field, *nouns = counted
        return f"{text} : {plural(detail.get(field, 0), *map(worded, nouns))}"
    return text


def _changed(detail: Mapping[str, Any]) -> str:
    return f" ({plural(len(detail.get('kinds', ())), 'changement')})"


def _decided(detail: Mapping[str, Any]) -> str:
    return f" : {detail.get('status')}, version {detail.get('version')}"


def _effective(detail: Mapping[str, Any]) -> str:
    return f" (au {long_date(detail['effective'])})" if detail.get("effective") else ""


def _opened_to(detail: Mapping[str, Any]) -> str:
    labels = {access.value: access.label for access in Access}
    people = [
        f"{'tout le monde' if who == EVERYONE else who} ({labels.get(word, word)})"
        for who, word in sorted(detail.get("members", {}).items())
    ]
    return f" : {listing(people)}"


def _forgot(detail: Mapping[str, Any]) -> str:
    return f" : {detail.get('month')}"


def _erased(detail: Mapping[str, Any]) -> str:
    """Describe how many items of each kind had the name; an entry on one comment has its id."""
    if "comment" in detail:
        return " d'un commentaire"
    kinds = [
        (detail.get("comments", 0), "commentaire", "commentaires"),
        (detail.get("opinions", 0), "avis", "avis"),
        (detail.get("posts", 0), "poste", "postes"),
        (detail.get("journal", 0), "ligne du journal", "lignes du journal"),
    ]
    counted = [plural(count, one, several) for count, one, several in kinds if count]
    return f" : {listing(counted)}"


_ABOUT: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    ActionKind.CHANGED: _changed,
    ActionKind.DECIDED: _decided,
    ActionKind.PUBLISHED: _effective,
    ActionKind.APPROVED: _effective,
    ActionKind.WITHDREW: _effective,
    ActionKind.OPENED_TO: _opened_to,
    ActionKind.ERASED_NAME: _erased,
    ActionKind.FORGOT: _forgot,
}
