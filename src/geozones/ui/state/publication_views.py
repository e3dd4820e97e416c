"""What is held of publications: as they were read, and what is typed of one."""

from dataclasses import dataclass, field
from datetime import date

from geozones.workspace.publications.ledger import Ledger
from geozones.workspace.publications.service import Terms


@dataclass(frozen=True, slots=True)
class Published:
    """The publications, and what tells the matrix in use, as read at the start of a drawing."""

    ledger: Ledger | None = field(default=None, repr=False)
    matrix: str = ""


@dataclass(frozen=True, slots=True)
class PublicationsView:
    """The publication looked at in the list (id), and why it is to be withdrawn, as typed."""

    chosen: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PublishView:
    """A publication being prepared: of which scenario (id), and what is typed of it.

    ``insist`` publishes what has to be confirmed, too.
    """

    scenario: str | None = None
    effective: date = field(default_factory=date.today)
    approved_by: str = ""
    reference: str = ""
    note: str = ""
    insist: bool = False

    @property
    def terms(self) -> Terms:
        """What is typed, as the use case takes it."""
        return Terms(self.effective.isoformat(), self.approved_by, self.reference, self.note)
