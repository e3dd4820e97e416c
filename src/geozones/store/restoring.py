"""Restore of a backup: adds what the store lacks, and changes nothing that it holds."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from sqlalchemy import Connection, select

from geozones.common.codes import new_code
from geozones.domain import DamagedScenarioError, Scenario
from geozones.domain.access import EVERYONE, Access, with_owner
from geozones.domain.comments import Comment
from geozones.domain.left_out import LeftOut
from geozones.domain.opinions import Opinion, Question
from geozones.domain.scenario import FrozenCopy
from geozones.records.kinds import FROZEN
from geozones.store import (
    actions,
    approvals,
    comments,
    field_journal,
    frozen,
    links,
    members,
    opinions,
    publications,
    rows,
)
from geozones.store.backup import Backup, BackupFile
from geozones.store.tables import COMMENTS, JOURNAL_FILES, OPINIONS, QUESTIONS


def restore_file(connection: Connection, file: BackupFile, path: Path) -> Backup:
    """Restore the entries of a backup file that fit; return it with notices of the rest.

    A scenario whose id a damaged or different one has comes under a new id; a frozen copy
    takes the place of a damaged one, since a link leads to it.
    """
    content = file.content
    left_out = list(file.left_out)
    held: dict[str, dict[str, Access]] = {}
    for member in content["members"]:
        held.setdefault(member.scenario, {})[member.person] = member.access
    scenarios = _Scenarios(connection)
    for scenario in content["scenarios"]:
        scenarios.restore(scenario, held.get(scenario.id, {}))
    actions.restore(connection, content["actions"])
    copies = _restore_copies(connection, content["frozen"], left_out)
    for link in content["links"]:
        links.restore(connection, link)
    feedback = _restore_comments(connection, content["comments"])
    feedback += _restore_opinions(connection, content["questions"], content["opinions"])
    _restore_journal(connection, file)
    published, unpublished = publications.write_missing(connection, content["publications"])
    approvals.write_missing(connection, content["approvals"])
    return Backup(
        path,
        scenarios=len(scenarios.written),
        events=sum(len(scenario.events) for scenario in scenarios.written),
        links=copies,
        feedback=feedback,
        publications=published,
        skipped=len(content["scenarios"]) - len(scenarios.written),
        renamed=tuple(scenarios.renamed),
        left_out=(*left_out, *unpublished),
        written=file.written,
        log_faults=file.log_faults,
    )


@dataclass
class _Scenarios:
    """Progress of restoring scenarios."""

    connection: Connection
    written: list[Scenario] = field(default_factory=list)
    renamed: list[tuple[str, str]] = field(default_factory=list)

    def restore(self, scenario: Scenario, held: dict[str, Access]) -> None:
        """Write a scenario with its members, unless the store holds the same."""
        kept = scenario
        if rows.exists(self.connection, scenario.id):
            if self._is_stored(scenario):
                return
            kept = replace(scenario, id=new_code())
            self.renamed.append((scenario.id, kept.id))
        rows.insert(self.connection, kept)
        # Files written before members existed: open to everyone, as the migration leaves scenarios.
        opened = held or {EVERYONE: Access.EDITOR}
        members.write(self.connection, kept.id, with_owner(opened, kept.author))
        self.written.append(kept)

    def _is_stored(self, scenario: Scenario) -> bool:
        try:
            return rows.read(self.connection, scenario.id) == scenario
        except DamagedScenarioError:
            return False


def _restore_copies(
    connection: Connection, copies: Sequence[FrozenCopy], left_out: list[LeftOut]
) -> int:
    stored = {copy.token: copy for copy in frozen.read_all(connection).values}
    written = 0
    for copy in copies:
        held = stored.get(copy.token)
        if held is None:
            frozen.write(connection, copy)
            written += 1
        elif held.scenario != copy.scenario:
            reason = "elle existe déjà avec un autre contenu, qui est gardé"
            left_out.append(FROZEN.left_out({"token": copy.token}, reason))
    return written


def _restore_comments(connection: Connection, listed: Sequence[Comment]) -> int:
    held = set(connection.execute(select(COMMENTS.c.id)).scalars())
    new = [comment for comment in listed if comment.id not in held]
    for comment in new:
        comments.insert(connection, comment)
    return len(new)


def _restore_opinions(
    connection: Connection, questions: Sequence[Question], given: Sequence[Opinion]
) -> int:
    asked = set(connection.execute(select(QUESTIONS.c.version)).scalars())
    held = connection.execute(select(OPINIONS.c.token, OPINIONS.c.version, OPINIONS.c.lycee)).all()
    tokens, pairs = {row.token for row in held}, {(row.version, row.lycee) for row in held}
    new = [question for question in questions if question.version not in asked]
    for question in new:
        opinions.write_question(connection, question)
    missing = [
        each
        for each in given
        if each.token not in tokens and (each.version, each.lycee) not in pairs
    ]
    opinions.insert_opinions(connection, missing)
    return len(new) + len(missing)


def _restore_journal(connection: Connection, file: BackupFile) -> None:
    held = set(connection.execute(select(JOURNAL_FILES.c.id)).scalars())
    for each in file.content["journal"]:
        if each.id not in held:
            field_journal.insert_file(connection, each)
    months = [each for each in file.content["journal_months"] if each.file not in held]
    field_journal.insert_months(connection, months)
