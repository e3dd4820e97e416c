"""Frozen versions of scenarios: copies that never change, made for a link or a decision."""

from dataclasses import replace

from geozones.common.codes import new_code
from geozones.common.json_text import write_json
from geozones.domain import Decision, Scenario, ScenarioStatus
from geozones.domain.access import Access
from geozones.domain.actions import ActionKind
from geozones.domain.links import SharedLink
from geozones.domain.scenario import FrozenCopy
from geozones.records.kinds import DECISION, LINK
from geozones.store import frozen, links, rows
from geozones.store.checks import check_key, refusing
from geozones.store.permissions import HeldStore

_REFUSED = "Cette décision ne peut pas être enregistrée"
_NOT_SHARED = "Ce lien ne peut pas être enregistré"


class VersionStore(HeldStore):
    """Part of `Store` that keeps frozen copies."""

    def freeze(self, key: str, *, version: int, expires: str = "", comments: bool = False) -> str:
        """Freeze a copy of a scenario, and return the token of its read-only link.

        ``expires`` is the last day (ISO) on which the link works; empty for no end. With
        ``comments``, readers of the link may comment.
        """
        at = self._clock()
        with self._database.writing() as connection:
            self._take(connection, key, version)
            token = frozen.keep(connection, rows.read(connection, key), at)
            with refusing(_NOT_SHARED):
                link = LINK.checked(SharedLink(token, key, at, expires, comments=comments))
            links.insert(connection, link)
            self._log(connection, ActionKind.SHARED, key, expires=expires, comments=comments)
        return token

    def links(self, key: str) -> tuple[SharedLink, ...]:
        """Return the links to versions of a scenario, newest first."""
        with self._database.reading() as connection:
            if rows.exists(connection, key):
                self._require(connection, key, Access.READER)
            return tuple(links.read_all(connection, key).values)

    def link(self, token: str) -> SharedLink | None:
        """Return the link of a token; ``None`` for an unknown version or one that never expires."""
        check_key(token)
        with self._database.reading() as connection:
            return links.read(connection, token)

    def withdraw_link(self, token: str) -> None:
        """Withdraw the link to a version, for good."""
        with self._database.writing() as connection:
            link = links.read(connection, token)
            if link is not None and rows.exists(connection, link.scenario):
                self._require(connection, link.scenario, Access.EDITOR)
            links.withdraw(connection, token, self._clock())
            if link is not None:
                self._log(connection, ActionKind.WITHDREW_LINK, link.scenario, made=link.at)

    def frozen(self, token: str) -> Scenario:
        """Read a frozen copy; its id is the token, which gives no access to the scenario."""
        with self._database.reading() as connection:
            return frozen.read(connection, token)

    def decide(
        self, key: str, status: ScenarioStatus, decision: Decision, *, version: int
    ) -> Scenario:
        """Write a status and a decision, freeze the version decided on, and return the scenario.

        The decision and the frozen copy both name the version that this write creates.

        Raises
        ------
        InputError
            If the decision cannot be stored.
        """
        at = self._clock()
        dated = replace(decision, version=version + 1, frozen=new_code(24))
        with refusing(_REFUSED):
            DECISION.checked(dated)
        with self._database.writing() as connection:
            self._take(connection, key, version)
            decisions = (*rows.read(connection, key).decisions, dated)
            rows.change(
                connection,
                key,
                version=version + 1,
                updated=at,
                status=status.value,
                decisions=write_json(list(map(DECISION.to_json, decisions))),
            )
            decided = rows.read(connection, key)
            copied = replace(decided, id=dated.frozen)
            frozen.write(connection, FrozenCopy(dated.frozen, at, copied))
            self._log(
                connection, ActionKind.DECIDED, key, status=status.value, version=dated.version
            )
        return decided
