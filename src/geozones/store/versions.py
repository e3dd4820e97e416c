"""Frozen versions of scenarios, and the read-only links to them."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from geozones.domain import Scenario
from geozones.domain.access import Access
from geozones.domain.actions import ActionKind
from geozones.domain.links import DeadLinkError, SharedLink
from geozones.records.kinds import LINK
from geozones.store import frozen, links, rows
from geozones.store.checks import check_key, refusing
from geozones.store.permissions import StoreContext

_REFUSED = "Ce lien ne peut pas être enregistré"


@dataclass(frozen=True, slots=True)
class VersionStore:
    """Frozen copies in the store, and the links to them."""

    context: StoreContext

    def freeze(
        self,
        key: str,
        *,
        version: int,
        expires: str = "",
        comments: bool = False,
        figures: Mapping[str, Any] = MappingProxyType({}),
    ) -> str:
        """Freeze a copy of a scenario, and return the token of its read-only link.

        ``expires`` is the last day (ISO) on which the link works; empty for no end. With
        ``comments``, readers of the link may comment. ``figures`` are kept with the copy.
        """
        at = self.context.now()
        with self.context.writing() as connection:
            self.context.lock(connection, key, version)
            token = frozen.keep(connection, rows.read(connection, key), at, figures)
            with refusing(_REFUSED):
                link = LINK.checked(SharedLink(token, key, at, expires, comments=comments))
            links.insert(connection, link)
            self.context.log(connection, ActionKind.SHARED, key, expires=expires, comments=comments)
        return token

    def links(self, key: str) -> tuple[SharedLink, ...]:
        """Return the links to versions of a scenario, newest first."""
        return self.context.read_visible(links.read_all, key)

    def link(self, token: str) -> SharedLink | None:
        """Return the link of a token; ``None`` for an unknown version or one that never expires."""
        check_key(token)
        with self.context.reading() as connection:
            return links.read(connection, token)

    def withdraw_link(self, token: str) -> None:
        """Withdraw the link to a version, for good."""
        with self.context.writing() as connection:
            link = links.read(connection, token)
            if link is not None:
                self.context.require_unless_deleted(connection, link.scenario, Access.EDITOR)
            links.withdraw(connection, token, self.context.now())
            if link is not None:
                self.context.log(connection, ActionKind.WITHDREW_LINK, link.scenario, made=link.at)

    def allow_comments(self, token: str, *, allowed: bool) -> None:
        """Allow or forbid comments by the readers of a link."""
        with self.context.writing() as connection:
            link = links.read(connection, token)
            if link is None:
                raise DeadLinkError
            self.context.require_unless_deleted(connection, link.scenario, Access.EDITOR)
            links.allow_comments(connection, token, allowed=allowed)
            self.context.log(
                connection, ActionKind.ALLOWED_COMMENTS, link.scenario, allowed=allowed
            )

    def get(self, token: str) -> Scenario:
        """Read a frozen copy; its id is the token, which gives no access to the scenario."""
        with self.context.reading() as connection:
            return frozen.read(connection, token).scenario

    def figures(self, token: str) -> Mapping[str, Any]:
        """Return the figures kept with a frozen copy; empty for one of an earlier version."""
        with self.context.reading() as connection:
            return frozen.read(connection, token).figures
