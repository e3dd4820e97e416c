"""Current scenario of the session: opened, changed and saved for the current user."""

from collections.abc import Callable, Sequence

from geozones.common.clock import now
from geozones.common.french import plural
from geozones.common.json_log import TelemetryEvent, record_event
from geozones.domain import Event
from geozones.domain.places import Spot
from geozones.ui import opened_data, state
from geozones.ui.opened_data import current_analysis
from geozones.ui.server.auth import actor
from geozones.ui.server.session_limit import watch
from geozones.ui.state import address
from geozones.ui.state.carte_views import MapView, MoveView, Selection
from geozones.ui.state.session_views import AskedUndo, Current, Meeting
from geozones.workspace.figures.study import Study
from geozones.workspace.proposals.packages import PlanProposal, ProposedPackage, event_of, obstacle
from geozones.workspace.roles import Role
from geozones.workspace.scenarios.history_text import describe_event
from geozones.workspace.scenarios.open_scenario import Work, study_of_work
from geozones.workspace.scenarios.presence import meet, session_code
from geozones.workspace.scenarios.service import Scenarios

#: Key of the box that asks before another person's change is undone.
UNDO_ASKED = "gz-undo-asked"


def scenarios() -> Scenarios:
    """Return the use cases of scenarios for this user."""
    return Scenarios(current_analysis(), opened_data.store, actor())


def current() -> Work:
    """Return the session's scenario; at first, the one named by the address or the cookie."""
    work = state.of(Current).work
    if work is None:
        work = _first()
        state.update(Current, work=work)
    elif work.is_untouched and work.base != current_analysis().baseline.plan:
        # another plan came in force, or was withdrawn, before the user changed anything
        work = scenarios().new()
        state.update(Current, work=work)
    return work


def meet_others() -> None:
    """Merge others' changes into the session's scenario and read who has it open; no rerun."""
    held = state.of(Meeting)
    session = held.session or session_code(address.browser_code())
    before, at = current(), now()
    work, company = meet(scenarios(), before, session, held.company, at)
    state.update(Meeting, session=session, company=company)
    if work is not before:
        state.update(Current, work=work)
    stored = None if work.gone else work.scenario
    watch(None if stored is None else stored.id, 0 if stored is None else stored.version)


def study() -> Study:
    """Return the session's scenario on its territory; raise ``InputError``, ``DataFileError``."""
    return study_of_work(current_analysis(), current())


def _first() -> Work:
    service = scenarios()
    asked = address.asked_scenario()
    if asked is None or service.actor.role is Role.VISITOR:
        return service.new()
    after = f"Le {current_analysis().baseline.noun} est affiché."
    with state.reporting_errors(after=after, follows=True):
        return service.open(asked)
    return service.new()


def record(kind: str, data: dict[str, object], why: str = "", *, done: str = "") -> bool:
    """Record a change in the session's scenario; return whether it succeeded.

    The user is notified of the change by ``done``, if given, and of an error by its message.
    """
    with state.reporting_errors():
        work = scenarios().record(current(), kind, data, why)
        record_event(TelemetryEvent.CHANGE, kind=kind)
        state.update(Current, work=work)
        state.update(MapView, baseline=False, publication=None, step=None)
        if done:
            state.notify("ok", done)
        return True
    return False


def accept(proposal: PlanProposal, packages: Sequence[ProposedPackage]) -> bool:
    """Add packages of a proposal to the session's scenario, checked again, as one step."""
    work = current()
    why_not = obstacle(proposal, packages, work.plan)
    if why_not:
        state.notify("error", why_not)
        return False
    return record("redraw", event_of(proposal, packages, work.state), "proposition acceptée")


def place(lycee_id: str, spot: Spot | None, *, insist: bool = False) -> bool:
    """Correct the position of a lycée, or restore the data's; notify the user if it is refused."""
    return _do(lambda: scenarios().place(current(), lycee_id, spot, insist=insist))


def next_step(way: str) -> Event | None:
    """Return the change that the user would undo or redo (``way``), if there is one."""
    work, service = current(), scenarios()
    return service.undoable(work) if way == "undo" else service.redoable(work)


def undoes(event: str | None) -> bool:
    """Tell whether an undo would take back an event (id)."""
    found = next_step("undo")
    return found is not None and found.id == event


def described(event: Event) -> str:
    """Describe a change of the session's scenario in one sentence."""
    return describe_event(study().territory, current(), event)


def is_of_other(event: Event) -> bool:
    """Tell whether another user made a change."""
    return event.author != actor().name


def step(way: str, *, sure: bool = False) -> None:
    """Undo or redo the user's last change, and announce it to screen readers.

    Another person's change is undone only if the user is ``sure``: they are asked first.
    """
    state.clear_notice()
    state.update(MoveView, done=None)
    event = next_step(way)
    if event is None:
        return
    if way == "undo" and is_of_other(event) and not sure:
        state.update(AskedUndo, event=event.id)
        state.ask_focus(UNDO_ASKED)
        return
    state.forget(AskedUndo)
    before = current()
    if _do(lambda: scenarios().step(before, way)):
        state.announce(f"{'Annulé' if way == 'undo' else 'Rétabli'} : {described(event)}.")


def jump(event: str | None) -> None:
    """Move to a point of the history."""
    _do(lambda: scenarios().jump(current(), event))


def retry_save() -> None:
    """Retry a save that failed."""
    _do(lambda: scenarios().save(current()))


def rebase() -> None:
    """Reapply the user's changes after the others', and list those that no longer hold."""

    def put() -> Work:
        after, refused = scenarios().rebase(current())
        if refused:
            reasons = " ".join(why for _, why in refused)
            state.notify(
                "error",
                f"{plural(len(refused), 'changement')} : impossible à rétablir. {reasons}",
            )
        return after

    _do(put)


def take_over(scenario: str | None = None) -> None:
    """Replay the session's scenario, or another (id), on the plan in force, and open it."""
    with state.reporting_errors():
        service = scenarios()
        before = current() if scenario is None else service.open(scenario)
        work, refused = service.take_over(before)
        state.update(Current, work=work)
        state.update(Selection, target=None)
        if work.is_dirty:  # the panel says why it could not be saved
            return
        done = f"« {work.name} » est repris sur le {current_analysis().baseline.dated}."
        if not refused:
            state.notify("ok", f"{done} Tous ses changements sont refaits.")
            return
        count = plural(
            len(refused), "changement n'est pas refait", "changements ne sont pas refaits"
        )
        left = " ; ".join(
            f"{describe_event(study().territory, work, event)} ({why.rstrip('.')})"
            for event, why in refused
        )
        state.notify("warning", f"{done} {count} : {left}.")


def branch_off() -> None:
    """Save the user's own version as a copy."""
    _do(lambda: scenarios().branch_off(current()))


def take_theirs() -> None:
    """Discard the user's unsaved changes in favour of what the store holds."""
    conflict = current().conflict
    if conflict is not None:
        state.update(Current, work=conflict.theirs)


def open_scenario(scenario: str) -> bool:
    """Open a scenario as the session's."""
    return _do(lambda: scenarios().open(scenario))


def start(work: Work) -> None:
    """Make a new work the session's current one, and show it."""
    state.update(Current, work=work)
    state.update(MapView, baseline=False)
    state.update(Selection, lycee=None, zone=None, target=None)


def _do(make: Callable[[], Work]) -> bool:
    with state.reporting_errors():
        state.update(Current, work=make())
        state.update(Selection, target=None)
        return True
    return False
