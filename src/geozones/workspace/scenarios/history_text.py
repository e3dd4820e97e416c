"""French descriptions of events, of moves, of the log's actions, and of a scenario: its name."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from geozones.common.french import listing, long_date, plural
from geozones.domain import Event
from geozones.domain.access import EVERYONE, Access, Action, ActionKind
from geozones.domain.events.need_events import AdoptHypothesis, CorrectDrives
from geozones.domain.terms import terms, worded
from geozones.domain.timeline import Timeline
from geozones.workspace.folder.territory import Territory
from geozones.workspace.scenarios.open_scenario import Work


def describe_event(territory: Territory, work: Work, event: Event) -> str:
    """Describe an event in one sentence."""
    timeline = work.timeline
    names = _zone_names(territory, timeline), timeline.sector_names, timeline.lycee_names
    return event.change.describe(_Names(territory, *names))


def describe_with_reason(territory: Territory, work: Work, event: Event) -> str:
    """Describe an event in one sentence, followed by its reason if one was given."""
    return describe_event(territory, work, event) + (f" ({event.why})" if event.why else "")


#: Name of the corrections of drives among what a scenario retains of a journal.
DRIVES = "drives"


def retained_hypotheses(territory: Territory, work: Work) -> Mapping[str, str]:
    """Return a sentence on each hypothesis that a scenario retains of a journal, by name.

    It gives the value, who retained it and when. Names are the settings' names, and `DRIVES`.
    """
    told: dict[str, str] = {}
    for event in work.timeline.path:
        change = event.change
        match change:
            case AdoptHypothesis(name, observed):
                retained = observed is not None
            case CorrectDrives(groups):
                name, retained = DRIVES, bool(groups)
            case _:
                continue
        told.pop(name, None)
        if retained:
            what = describe_event(territory, work, event)
            told[name] = f"{what}. Retenu par {event.author}, le {long_date(event.at)}."
    return told


def _zone_names(territory: Territory, timeline: Timeline) -> dict[str, str]:
    """Return the names that zones show, and those of the zones since removed."""
    shown = {zone.id: zone.name for zone in territory.named(timeline.plan).zones}
    return timeline.zone_names | shown


@dataclass(frozen=True)
class _Names:
    """Names of lycées, zones and sectors; an unknown id stands for itself.

    ``own`` has the names of lycées that the scenario adds to the data folder's. A lycée that it
    closed keeps its name in the data folder.
    """

    territory: Territory
    zones: Mapping[str, str]
    sectors: Mapping[str, str]
    own: Mapping[str, str]

    def zone(self, zone_id: str) -> str:
        return self.zones.get(zone_id, zone_id)

    def lycee(self, lycee_id: str) -> str:
        if lycee_id in self.territory.lycees:
            return self.territory.name(lycee_id)
        shipped = self.territory.atlas.lycees.get(lycee_id)
        return self.own.get(lycee_id, lycee_id if shipped is None else shipped.label)

    def sector(self, sector_id: str) -> str:
        return self.sectors.get(sector_id, sector_id)


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
    ActionKind.CHANGED: lambda detail: f" ({plural(len(detail.get('kinds', ())), 'changement')})",
    ActionKind.DECIDED: _decided,
    ActionKind.PUBLISHED: _effective,
    ActionKind.APPROVED: _effective,
    ActionKind.WITHDREW: _effective,
    ActionKind.OPENED_TO: _opened_to,
    ActionKind.ERASED_NAME: _erased,
    ActionKind.FORGOT: lambda detail: f" : {detail.get('month')}",
}


#: Longest name of a scenario, in characters.
MAX_NAME = 120
#: Name that earlier versions gave.
_DATED = re.compile(r"Essai du \d")
_UNCHANGED = "Scénario sans changement"


def automatic_name(territory: Territory, work: Work, timeline: Timeline) -> str:
    """Return what a history does: « Blaise Pascal → Angers nord », else its last change."""
    # describe the lycées that are in another zone than in the base; empty for none
    plan, names = timeline.plan, _zone_names(territory, timeline)
    moves = plan.moves_from(timeline.base.plan)
    if len(moves) == 1:
        ((lycee_id, _, zone_id),) = moves
        known = territory.atlas.lycees.get(lycee_id)
        name = timeline.lycee_names.get(lycee_id, lycee_id) if known is None else known.name
        moved = f"{name} → {names.get(zone_id, zone_id)}"
    elif not moves:
        moved = ""
    else:
        site = terms().site
        one, more = f"{site} déplacé", f"{site.plural} déplacés"
        sectors = dict.fromkeys(
            plan.sector(plan.zone(zone_id).sector).name for _, _, zone_id in moves
        )
        where = listing(list(sectors)) if len(sectors) < 3 else plural(len(sectors), "secteur")
        moved = f"{plural(len(moves), one, more)}, {where}"
    if moved:
        return moved[:MAX_NAME]
    last = timeline.path[-1:]
    return describe_event(territory, work, last[0])[:MAX_NAME] if last else _UNCHANGED


def is_automatic(territory: Territory, work: Work) -> bool:
    """Tell whether a stored scenario still has the name that the tool gave it."""
    scenario = work.scenario
    if scenario is None:
        return not work.title
    stored = work.timeline.at(scenario.head)
    given = automatic_name(territory, work, stored)
    return scenario.name == given or bool(_DATED.match(scenario.name))
