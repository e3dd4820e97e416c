"""Message of a page, and selections checked against a plan."""

from dataclasses import fields
from typing import Protocol, Self

from geozones.common.french import listing
from geozones.domain import Plan
from geozones.domain.terms import worded
from geozones.ui.caught_errors import CaughtErrors
from geozones.ui.state.carte_views import Selection
from geozones.ui.state.session_views import Notice
from geozones.ui.state.store import ViewRecord, forget, of, update

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
    "locked_zones": "des zones",
    "locked_lycees": "des {sites}",
    "together": "des {sites}",
    "apart": "des {sites}",
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


def notify(kind: str, text: str, *, follows: bool = False) -> None:
    """Queue a message (``ok``, ``warning`` or ``error``) for the next drawing.

    The message disappears with the page that shows it, unless it ``follows`` to the next page.
    """
    update(Notice, kind=kind, text=text, follows=follows)


def reporting_errors(*, before: str = "", after: str = "", follows: bool = False) -> CaughtErrors:
    """Queue the message of a ``GeozonesError``, for ``with`` or as a decorator.

    ``before`` and ``after`` are sentences around the error's own; `notify` defines ``follows``.
    """

    def report(message: str) -> None:
        notify("error", f"{before} {message} {after}".strip(), follows=follows)

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


def look_at(sector: str | None) -> None:
    """Select a sector (``None``: the region) and move the map there."""
    look = of(Selection).look + 1
    update(Selection, sector=sector, zone=None, lycee=None, target=None, bounds=None, look=look)
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
