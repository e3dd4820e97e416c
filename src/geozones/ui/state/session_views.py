"""View state of the session: scenario, page, message, checked selections, files.

A context manager and decorator hands the message of a ``GeozonesError`` to the page.
"""

import re
from collections.abc import Callable, Mapping
from contextlib import ContextDecorator
from dataclasses import dataclass, field, fields
from types import TracebackType
from typing import Protocol, Self

from geozones.common.errors import GeozonesError
from geozones.common.french import listing
from geozones.domain import Plan
from geozones.domain.settings import CostSettings, TeamSettings
from geozones.domain.terms import worded
from geozones.render import Scene
from geozones.ui.state.carte_views import Selection
from geozones.ui.state.store import ViewRecord, forget, of, update
from geozones.workspace.figures.study import Study
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.scenarios.presence import Company


class CaughtErrors(ContextDecorator):
    """Context manager and decorator that catches a ``GeozonesError`` and reports its message.

    Other exceptions pass: they are faults, which the page of errors reports.
    """

    def __init__(self, report: Callable[[GeozonesError], object]) -> None:
        self._report = report

    def __enter__(self) -> None:
        """Begin the block."""

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        error: BaseException | None,
        _trace: TracebackType | None,
    ) -> bool:
        """Report a ``GeozonesError``; return whether there was one."""
        if not isinstance(error, GeozonesError):
            return False
        self._report(error)
        return True


@dataclass(frozen=True, slots=True)
class Current:
    """Current scenario, and what the cookies of this browser hold.

    ``remembered`` is the scenario (id) in the cookie; ``is_known`` tells whether the browser has
    its own code.
    """

    work: Work | None = None
    remembered: str | None = None
    is_known: bool = False


@dataclass(frozen=True, slots=True)
class AskedUndo:
    """Change (id) of another person that the user asked to undo, and has to confirm."""

    event: str | None = None


@dataclass(frozen=True, slots=True)
class Meeting:
    """Other people who have the session's scenario open, and this session's code among them."""

    session: str = ""
    company: Company = field(default_factory=Company)

    @property
    def browser(self) -> str:
        """Return the code of the browser; empty before the first meeting."""
        return self.session.partition(".")[0]


@dataclass(frozen=True, slots=True)
class ShownPage:
    """Open page: the function that draws its body, and whether it has the map.

    ``logged_in`` tells whether this session has belonged to a user above the visitor's role.
    """

    body: Callable[[Study], None] | None = None
    has_map: bool = False
    logged_in: bool = False


@dataclass(frozen=True, slots=True)
class Arrival:
    """Whether the map's address has been read, and whether Back has to be followed.

    ``parameters`` holds the parameters of that address, for the link that leads back to the map.
    """

    seen: bool = False
    back: bool = False
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LastMap:
    """Last scene of the map, which stays in the page while another page is open.

    ``known`` are the keys of the parts already sent (`geozones.render.scene_json.drawn_scene`).
    """

    scene: Scene | None = field(default=None, repr=False)
    known: frozenset[str] = field(default=frozenset(), repr=False)


@dataclass(frozen=True, slots=True)
class Notice:
    """Message of a page, which disappears with it; ``kind`` is ``ok``, ``warning`` or ``error``.

    A message that ``follows`` is shown on the page that opens next. ``field`` is the field that it
    is about, as in `GeozonesError`.
    """

    kind: str = "ok"
    text: str = ""
    follows: bool = False
    field: str = ""


@dataclass(frozen=True, slots=True)
class HypothesesView:
    """Hypotheses of the figures on every page; ``None``: the settings of the data.

    ``max_minutes`` is the longest drive allowed inside a zone. ``typed`` are the texts typed for
    hypotheses of the cost that are no valid value, by field.
    """

    max_minutes: int | None = None
    teams: TeamSettings | None = None
    cost: CostSettings | None = None
    typed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Uploads:
    """Number of files taken from each uploader (`ui.server.uploads`)."""

    taken: Mapping[str, int] = field(default_factory=dict)


#: French name of each field of a selection, for `worded`.
_FIELD_NAMES = {
    "sector": "le secteur",
    "sectors": "des secteurs",
    "zone": "la zone",
    "target": "la zone visée",
    "lycee": "{the_site}",
    "pair": "des {sites}",
    "centre": "le secteur",
    "picked": "des {sites}",
    "row": "{the_site}",
    "locked_lycees": "des {sites}",
}


class OfPlan(ViewRecord, Protocol):
    """A view that names sectors, zones or lycées."""

    def within(self, plan: Plan) -> Self:
        """Return the view without the ids that are not in a plan."""
        ...


class FollowsMap(ViewRecord, Protocol):
    """A view that opens on what is selected on the map."""

    @property
    def followed(self) -> tuple[str | None, ...]:
        """Return the last selection on the map that the view opened on; empty at first."""
        ...


def notify(kind: str, text: str, *, follows: bool = False, field: str = "") -> None:
    """Queue a message (``ok``, ``warning`` or ``error``) for the next drawing.

    The message disappears with the page that shows it, unless it ``follows`` to the next page.
    """
    update(Notice, kind=kind, text=text, follows=follows, field=field)


def reporting_errors(
    *, before: str = "", after: str = "", follows: bool = False, field: str = ""
) -> CaughtErrors:
    """Queue the message of a ``GeozonesError``, for ``with`` or as a decorator.

    ``before`` and ``after`` are sentences around the error's own; `notify` defines ``follows``. An
    error that names no field is about ``field``.
    """

    def report(error: GeozonesError) -> None:
        said = f"{before} {error} {after}".strip()
        notify("error", said, follows=follows, field=error.field or field)

    return CaughtErrors(report)


def leave_page() -> None:
    """Clear the message of the page that is left, unless it follows."""
    if of(Notice).follows:
        update(Notice, follows=False)
    else:
        clear_notice()


def clear_notice() -> None:
    """Clear the message."""
    forget(Notice)


def look_at(sector_id: str | None) -> None:
    """Select a sector (``None``: the region) and move the map there."""
    look = of(Selection).look + 1
    update(Selection, sector=sector_id, zone=None, lycee=None, target=None, bounds=None, look=look)
    clear_notice()


def follow_map(view: type[FollowsMap], plan: Plan) -> Selection | None:
    """Return what is selected on the map, the first time that a view sees it; else ``None``.

    What the user then chooses in the view stays until something else is selected on the map. The
    region is a selection only after another one was followed.
    """
    chosen = of(Selection).within(plan)
    followed = of(view).followed
    if chosen.places == followed or (not followed and not any(chosen.places)):
        return None
    update(view, followed=chosen.places)
    return chosen


def within[V: OfPlan](view: type[V], plan: Plan) -> V:
    """Return a view without the ids that are not in a plan; notify the user of what was dropped."""
    record = of(view)
    kept = record.within(plan)
    if kept == record:
        return record
    changed = {
        entry.name: getattr(kept, entry.name)
        for entry in fields(record)
        if getattr(kept, entry.name) != getattr(record, entry.name)
    }
    names = dict.fromkeys(worded(_FIELD_NAMES[name]) for name in changed if name in _FIELD_NAMES)
    notify(
        "warning",
        f"Le plan montré ici n'a pas ce que vous aviez choisi ({listing(list(names))}) : "
        "ce n'est plus sélectionné.",
    )
    return update(view, **changed)


@dataclass(frozen=True, slots=True)
class Attention:
    """The last announcement and focus request; ranks count up, so that the same may be repeated.

    ``chosen`` is the selection at that time. ``focus`` is the key of a container or a widget, as
    Streamlit writes it in a CSS class. It is followed after a gesture by keyboard, or ``always``.
    """

    announced: str = ""
    announced_rank: int = 0
    chosen: tuple[str | None, ...] = ()
    focus: str = ""
    focus_rank: int = 0
    always: bool = False


@dataclass(frozen=True, slots=True)
class JobsTold:
    """Identities of the jobs begun in this session, and of those announced as running."""

    begun: frozenset[int] = frozenset()
    running: frozenset[int] = frozenset()


def announce(text: str) -> None:
    """Announce an event to screen readers, where no message on screen shows it."""
    update(Attention, announced=text, announced_rank=of(Attention).announced_rank + 1)


def ask_focus(key: str, *, always: bool = False) -> None:
    """Ask the page to move the keyboard focus to a container or a widget, by its key.

    The focus of someone who uses the mouse stays where it is, unless it ``always`` moves.
    """
    rank = of(Attention).focus_rank + 1
    update(Attention, focus=re.sub(r"[^\w-]", "-", key), focus_rank=rank, always=always)
