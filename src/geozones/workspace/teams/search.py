"""Background search of posts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from geozones.domain.post_documents import post_to_json
from geozones.domain.teams import Teams
from geozones.workspace.background import Background
from geozones.workspace.jobs import Listener
from geozones.workspace.study import Study
from geozones.workspace.teams.staff import Staff

if TYPE_CHECKING:
    from geozones.teams.posts_proposal import PostsProposal as PostsProposal  # noqa: PLC0414 - handed on to ui
    from geozones.teams.staffing_problem import StaffingOptions


@dataclass(frozen=True, slots=True)
class StaffingProgress:
    """Progress of the search: the current zone, zones done, total zones."""

    zone: str
    done: int
    total: int


class TeamSearch(Background[tuple["PostsProposal", ...]]):
    """Search of the posts of some zones, in the background; starts at once."""

    def __init__(self, staff: Staff, zones: Sequence[str], options: "StaffingOptions") -> None:
        self.staff, self.zones, self.options = staff, tuple(zones), options
        self.progress = StaffingProgress("", 0, len(self.zones))
        super().__init__()

    def work(self) -> tuple["PostsProposal", ...]:
        """Run the search; raises as `Staff.propose`."""
        return self.apart(_seek, self.staff.study, self.zones, self.options)

    def hear(self, zone: str, done: int, total: int) -> None:
        """Store the progress."""
        self.progress = StaffingProgress(zone, done, total)


def _seek(
    listen: Listener, study: Study, zones: tuple[str, ...], options: "StaffingOptions"
) -> tuple["PostsProposal", ...]:
    return Staff(study).propose(zones, options, listen)


def with_proposals(people: Teams, proposals: Sequence["PostsProposal"]) -> Teams:
    """Return needs and posts as if some proposals were adopted."""
    solved = [proposal for proposal in proposals if proposal.levels]
    posts = [post for proposal in solved for post in proposal.posts]
    return people.with_posts([proposal.zone for proposal in solved], posts)


def posts_event(proposals: Sequence["PostsProposal"]) -> dict[str, Any]:
    """Return the ``set_posts`` event that adopts proposals.

    Zones without a proposal keep their posts. The exception for a lycée of a single post is stored
    with that post, unless the post has its own.
    """
    solved = [proposal for proposal in proposals if proposal.levels]
    exceptions: dict[str, dict[str, str]] = {}
    for proposal in solved:
        for entry in sorted(proposal.exceptions, key=lambda entry: entry.post is None):
            knows = (post.id for post in proposal.posts if entry.lycee in post.lycees)
            why = {"cause": entry.why.cause.value, "note": entry.why.note}
            exceptions.setdefault(entry.post or next(knows), why)
    return {
        "zones": [proposal.zone for proposal in solved],
        "posts": [post_to_json(post) for proposal in solved for post in proposal.posts],
        "exceptions": exceptions,
    }
