"""View state of publications: the ledger as read, and the forms being filled in."""

from dataclasses import dataclass, field
from datetime import date

from geozones.workspace.publications.ledger import Ledger
from geozones.workspace.publications.service import Terms


@dataclass(frozen=True, slots=True)
class Published:
    """The publications, and the key of the matrix in use, as read at the start of a drawing."""

    ledger: Ledger | None = field(default=None, repr=False)
    matrix: str = ""


@dataclass(frozen=True, slots=True)
class PublicationsView:
    """Selected publication (id), and the reason for its withdrawal as typed."""

    chosen: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PublishView:
    """Form of a publication being prepared: its scenario (id) and the fields as typed.

    ``insist`` confirms a publication that needs confirmation; ``asked`` tells that the user asked
    to publish: fields that cannot be taken then say why.
    """

    scenario: str | None = None
    effective: date = field(default_factory=date.today)
    approved_by: str = ""
    reference: str = ""
    note: str = ""
    insist: bool = False
    asked: bool = False

    @property
    def terms(self) -> Terms:
        """Fields as typed, in the form that the use case takes."""
        return Terms(self.effective.isoformat(), self.approved_by, self.reference, self.note)
