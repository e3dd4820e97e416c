"""Posts that a proposal for a zone needs beyond those counted, and the setting that forces them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import inf

from geozones.common.french import minutes, number, plural
from geozones.domain.settings import TeamSettings
from geozones.domain.teams import capacity
from geozones.domain.terms import terms
from geozones.teams.composition import is_composable
from geozones.teams.posts_proposal import staffing_problem
from geozones.teams.program import SearchClock
from geozones.teams.staffing_problem import (
    PostGroup,
    StaffingOptions,
    StaffingRequest,
    contradictions,
)

#: Drive, in minutes, that splits any day.
_ANY_DRIVE = 240.0


@dataclass(frozen=True, slots=True)
class MorePosts:
    """Posts that a proposal needs where fewer are counted."""

    counted: int  # Posts counted: the needs over ten half-days, rounded up.
    proposed: int  # Fewest posts whose weeks meet the needs under the rules of a proposal.
    reason: str  # Why, as the end of a French sentence after « parce que ».

    @property
    def sentence(self) -> str:
        """Sentence on the difference, in French."""
        more = self.proposed - self.counted
        posts = "un poste" if more == 1 else plural(more, "poste")
        return (
            f"La proposition d'équipe demande {posts} de plus : {number(self.proposed)} au lieu de "
            f"{number(self.counted)}, parce que {self.reason}."
        )


def more_posts(
    request: StaffingRequest, options: StaffingOptions, counted: int
) -> MorePosts | None:
    """Return the posts that a proposal needs beyond those counted; ``None`` if none or unknown.

    A zone whose needs no proposal can meet has none either: `propose_posts` says why.
    """
    if contradictions(staffing_problem(request, (), options)):
        return None
    if _meets(request, options, counted) is not False:
        return None
    for posts in range(counted + 1, options.settings.max_posts + 1):
        found = _meets(request, options, posts)
        if found is None:
            return None
        if found:
            return MorePosts(counted, posts, _reason(request, options, counted))
    return None


def _meets(request: StaffingRequest, options: StaffingOptions, posts: int) -> bool | None:
    """Return whether so many new posts meet the needs; ``None`` if the time was too short."""
    group = PostGroup(posts, capacity(options.share, 2 * options.days))
    problem = replace(staffing_problem(request, (), options), groups=(group,), reach=inf)
    return is_composable(problem, SearchClock(options.time_limit, None))


def _reason(request: StaffingRequest, options: StaffingOptions, counted: int) -> str:
    for settings, reason in _relaxed(options.settings):
        if _meets(request, replace(options, settings=settings), counted):
            return reason
    weeks = f"aucune semaine de {plural(counted, 'poste')}"
    return f"{weeks} ne couvre les besoins de ces {terms().site.plural}"


def _relaxed(settings: TeamSettings) -> Iterator[tuple[TeamSettings, str]]:
    """Yield the settings with one limit lifted, and that limit as a French reason."""
    site = terms().site
    far = (
        f"deux {site.plural} à plus de {minutes(settings.split_minutes)} l'un{site.e} de l'autre "
        "ne se partagent pas une journée"
    )
    yield replace(settings, split_minutes=_ANY_DRIVE), far
    most = f"{number(settings.max_known)} {terms().proximity_technician.plural}"
    known = f"{site.a} n'est connu{site.e} que de {most} au plus"
    yield replace(settings, max_known=settings.max_posts), known
