"""Job that searches the posts of some zones, and the event that adopts its proposals."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from geozones.domain.post_documents import post_to_json
from geozones.domain.teams import Teams
from geozones.workspace.jobs import SEARCHES, Job, Listener, Steps
from geozones.workspace.study import Study
from geozones.workspace.teams.staff import Staff

if TYPE_CHECKING:
    from geozones.teams.posts_proposal import PostsProposal as PostsProposal  # noqa: PLC0414 - handed on to ui
    from geozones.teams.staffing_problem import StaffingOptions


@dataclass(frozen=True, slots=True)
class PostsRequest:
    """Search of posts: the study, the zones (ids) and the options (`Staff.propose`)."""

    study: Study
    zones: tuple[str, ...]
    options: "StaffingOptions"


type PostsJob = Job[PostsRequest, Steps, tuple["PostsProposal", ...]]


def posts_job(asked: PostsRequest) -> PostsJob:
    """Return the job of a search of posts; its steps are zones."""
    return Job(SEARCHES, search_posts, asked, Steps(0, len(asked.zones)))


def search_posts(listen: Listener, asked: PostsRequest) -> tuple["PostsProposal", ...]:
    """Propose the posts of each zone; raise as `Staff.propose`."""
    return Staff(asked.study).propose(
        asked.zones, asked.options, lambda zone, done, total: listen(done, total, zone)
    )


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
