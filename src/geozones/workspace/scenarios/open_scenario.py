"""Stored scenarios as works over their base plan, and what is in force instead of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from geozones.common.bounds import has_too_many_parts
from geozones.common.errors import InputError
from geozones.common.french import listing, of, plural
from geozones.domain import (
    Decision,
    Event,
    Lycee,
    Plan,
    Scenario,
    ScenarioStatus,
)
from geozones.domain.access import Access
from geozones.domain.events import State
from geozones.domain.events.base_events import TakeOver, decided_between, items_of
from geozones.domain.events.change import Item
from geozones.domain.publications import KeptFigures
from geozones.domain.scenario import Baseline, StatusSince, title_of
from geozones.domain.terms import terms
from geozones.domain.timeline import Timeline
from geozones.records.kinds import SCENARIO
from geozones.workspace.figures.analysis import Analysis
from geozones.workspace.figures.study import Study, study_of
from geozones.workspace.folder.atlas import Atlas


@dataclass(frozen=True)
class Work:
    """An open scenario, saved or not; immutable, every change returns a new one."""

    timeline: Timeline  # Its history in this session.
    scenario: Scenario | None = None  # Its stored state; ``None`` until the first change is saved.
    origin: str = ""  # Where its base plan comes from, in words.
    pending: tuple[Event, ...] = ()  # Unsaved events; saved with the next change.
    problem: str | None = None  # Why the pending events could not be saved.
    #: Others' changes to the same things, for the user to choose; ``None`` for none.
    conflict: "Conflict | None" = field(default=None, repr=False)
    #: Ids of the events that came from others since this session opened it.
    others: frozenset[str] = frozenset()
    #: The user's undone events, undone from among others' events, the last one last; redo re-
    #: applies them.
    undone: tuple[Event, ...] = ()
    gone: str = ""  # A sentence if someone deleted it meanwhile; empty otherwise.
    title: str = ""  # Its name once it is saved; empty for a default name.
    #: Whether it started on the baseline, and follows it until the first change.
    follows: bool = False
    read_only: bool = False  # Whether the user may not change it: changes go into a copy.
    notice: str = ""  # Message about the last change for the user, in a sentence.
    #: Figures kept with a frozen version; ``None`` for a scenario, whose figures are today's.
    kept: KeptFigures | None = None
    #: The scenario (id) that a frozen version is a copy of; empty if unknown. Never shown: whoever
    #: has it may ask for the scenario itself.
    source: str = ""
    #: Status today of the scenario that a frozen version is a copy of; ``None`` if unknown.
    since: StatusSince | None = None

    @property
    def plan(self) -> Plan:
        """The plan of the current state."""
        return self.timeline.plan

    @property
    def state(self) -> State:
        """The current state: plan, locks, and people's choices for zones."""
        return self.timeline.state

    @property
    def base(self) -> Plan:
        """The plan that it was begun on or last taken over."""
        return self.timeline.base.plan

    @property
    def name(self) -> str:
        """Its name."""
        return (self.title or "Nouveau scénario") if self.scenario is None else self.scenario.name

    @property
    def is_retained(self) -> bool:
        """Whether it is retained: it can no longer change, only a copy can."""
        return self.scenario is not None and self.scenario.status is ScenarioStatus.KEPT

    @property
    def is_untouched(self) -> bool:
        """Whether it is still the unchanged baseline."""
        return self.follows and self.scenario is None and not self.timeline.events

    @property
    def is_dirty(self) -> bool:
        """Whether it has unsaved events."""
        return bool(self.pending)

    @property
    def saved(self) -> Scenario:
        """The stored scenario; raise ``InputError`` if it is missing or has unsaved changes."""
        if self.gone:
            raise InputError(f"{self.gone} Gardez-en d'abord une copie, depuis la carte.")
        if self.scenario is None or self.pending:
            raise InputError(
                "Ce scénario n'est pas encore enregistré : faites un premier déplacement."
            )
        return self.scenario


@dataclass(frozen=True)
class Conflict:
    """Conflicting changes of two people; ``question`` asks in French which to keep.

    ``theirs`` is the scenario as stored.
    """

    theirs: Work
    question: str


def study_of_work(analysis: Analysis, work: Work) -> Study:
    """Return the current state of a work as a study, under the hypotheses of an analysis."""
    own = analysis_of_work(analysis, work)
    return study_of(own, work.state, retained=work.is_retained, kept=work.kept)


def analysis_of_work(analysis: Analysis, work: Work) -> Analysis:
    """Return the analysis with the base of a work as its baseline.

    The base is the plan that the scenario began on or was last taken over to, even after another
    plan replaced it.
    """
    return analysis.with_baseline(baseline_of(analysis, work))


def baseline_of(analysis: Analysis, work: Work) -> Baseline:
    """Return the base of a work."""
    begun = "" if work.scenario is None else work.scenario.created
    base = work.timeline.base
    return analysis.baseline.of(base.plan, base.places, begun)


#: Former origin text of scenarios based on the starting plan, before publications existed.
_DELIVERED = "le plan livré"


def work_of(
    atlas: Atlas,
    scenario: Scenario,
    access: Access = Access.OWNER,
    held: Timeline | None = None,
) -> Work:
    """Return a stored scenario as a work; ``held`` is its history in the session."""
    base = atlas.plan_of_json(scenario.base)
    start = State(base.plan, places=base.places)
    timeline = Timeline(start, scenario.events, scenario.head, scenario.head)
    timeline = timeline if held is None else timeline.with_states_of(held)
    # raise now for an invalid event, not in the middle of a page
    _ = timeline.state
    for event in timeline.events:
        if isinstance(event.change, TakeOver):
            atlas.plan_of_json(event.data["plan"])
    # the origin of a scenario; older versions wrote the starting plan as a publication
    starting = atlas.starting_plan
    dated = f"la {title_of(starting.date)}" if starting.date else _DELIVERED
    renamed = scenario.origin == _DELIVERED or (
        scenario.origin == dated and base.plan == starting.plan
    )
    origin = atlas.baseline.origin if renamed else scenario.origin
    return Work(timeline, scenario, origin, read_only=access is Access.READER)


FORMAT, VERSION = "geozones.scenario", 1
MAX_BYTES = 20_000_000
#: Who decided what a file tells without a name.
_UNNAMED = "une personne non nommée"
_REFUSED = "Ce scénario ne peut pas être importé"


def decided_elsewhere(scenario: Scenario, importer: str, day: str) -> Scenario:
    """Return a file's scenario as a hypothesis: its decisions are not trusted, only quoted.

    Each decision is signed « selon le fichier importé par » the ``importer``; ``day`` is today
    (ISO).
    """
    according = f"selon le fichier importé par {importer}"
    decisions = tuple(
        Decision(entry.at, entry.text, f"{entry.author or _UNNAMED}, {according}")
        for entry in scenario.decisions
    )
    if scenario.status is not ScenarioStatus.HYPOTHESIS:
        text = f"Le fichier importé donne le statut « {scenario.status} », qui n'est pas repris."
        decisions = (*decisions, Decision(day, text, importer))
    return replace(scenario, status=ScenarioStatus.HYPOTHESIS, decisions=decisions)


def scenario_document(scenario: Scenario) -> dict[str, Any]:
    """Return a whole scenario as the JSON object of a scenario file."""
    return {"format": FORMAT, "version": VERSION, "scenario": SCENARIO.to_json(scenario)}


def is_scenario_file(content: bytes) -> bool:
    """Tell whether a file is one of a scenario, by its first lines: it may be damaged further."""
    return f'"{FORMAT}"'.encode() in content[:1000]


def read_scenario(content: bytes) -> Scenario:
    """Read a scenario file."""
    if len(content) > MAX_BYTES:
        raise InputError(
            f"{_REFUSED} : le fichier est trop gros ({MAX_BYTES // 1_000_000} Mo au plus)."
        )
    if has_too_many_parts(content):
        raise InputError(
            f"{_REFUSED} : le fichier a trop d'éléments, ce n'est pas un scénario de geozones."
        )
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{_REFUSED} : le fichier est tronqué ou n'est pas du JSON.") from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise InputError(
            f"{_REFUSED} : ce n'est pas un scénario de geozones. Choisissez un fichier fait par "
            "« Exporter », dans la fiche d'un scénario."
        )
    if document.get("version") != VERSION:
        raise InputError(f"{_REFUSED} : il vient d'une autre version, mettez geozones à jour.")
    try:
        return SCENARIO.from_json(document.get("scenario"))
    except InputError as error:
        raise InputError(f"{_REFUSED} : {error}.") from error


_SHOWN = 6


def drift_of(analysis: Analysis, work: Work) -> str:
    """Return what another plan in force than the base of a scenario means for it; else "".

    It names what publishing the scenario would undo.
    """
    base = baseline_of(analysis, work)
    now = base.current
    if base.now is None:
        return ""
    changed = f"Depuis, le plan en vigueur a changé ({now.title})"
    if not now.is_in_force:
        changed = f"Depuis, le {base.dated} a été retiré : le {now.noun} est revenu"
    undone = undone_by(analysis, work, base)
    if not undone and work.plan.zone_by_lycee == now.plan.zone_by_lycee:
        return ""  # it is the scenario that was published
    if not undone:
        return f"{changed}. Publier ce scénario ne déferait rien de ce qui a été décidé."
    left = len(undone) - _SHOWN
    shown = undone[:_SHOWN] + ([plural(left, "autre point", "autres points")] if left > 0 else [])
    return f"{changed}. Publier ce scénario déferait : {listing(shown)}."


def undone_by(analysis: Analysis, work: Work, base: Baseline) -> list[str]:
    """Return what was decided since the base of a scenario that its plan lacks, in phrases."""
    now = State(base.current.plan, places=base.current.places)
    held, mine = items_of(now), items_of(work.state)
    decided = decided_between(State(base.plan, places=base.places), now)
    undone = {item for item in decided if mine.get(item) != held.get(item)}
    names = {**analysis.territory.atlas.lycees}
    for state in (work.state, now):
        names |= analysis.territory.relocated(state.places).lycees
    phrases = (_phrase(item, names, now.plan, work.plan) for item in sorted(undone, key=_order))
    return list(dict.fromkeys(filter(None, phrases)))


def _order(item: Item) -> tuple[bool, Item]:
    """Put the zones of lycées first."""
    return item[0] != "zone of", item


def _phrase(item: Item, names: Mapping[str, Lycee], now: Plan, mine: Plan) -> str:
    """Return a difference of the plan in force in words; "" if another item already states it."""
    kind, key, *field = item
    if kind in {"zone of", "lycee", "place"}:
        name, there = names[key].label, key in now.zone_by_lycee
        if there != (key in mine.zone_by_lycee):
            return f"{_MADE[there]} {of(name)}"
        towards = f"{name} vers {now.zone_of(key).name}" if kind == "zone of" else ""
        return towards or f"la position {of(name)}"
    if kind in {"zone", "zone name"}:
        return _of_zone(kind, key, now, mine)
    if kind in {"sector", "sector field"}:
        there = now.has_sector(key)
        if there != mine.has_sector(key):
            return f"{_MADE[there]} du secteur {(now if there else mine).sector(key).name}"
        name = field[0]
        if name == "support_centre":
            field_text = terms().support_centre.the
        else:
            field_text = {"name": "le nom", "rns": "le RNS", "draft": "la publication"}.get(
                name, "la fiche"
            )
        return f"{field_text} du secteur {now.sector(key).name}"
    return ""


#: What undoing takes away: what the plan in force has, or what it has no more.
_MADE = {True: "la création", False: "la suppression"}


def _of_zone(kind: str, key: str, now: Plan, mine: Plan) -> str:
    there = now.has_zone(key)
    if there != mine.has_zone(key):
        return f"{_MADE[there]} de la zone {(now if there else mine).zone(key).name}"
    zone = now.zone(key)
    if kind == "zone name":
        return f"le nom de la zone {zone.name}"
    return f"la zone {zone.name} dans le secteur {now.sector(zone.sector).name}"
