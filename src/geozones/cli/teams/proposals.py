"""« teams propose »: the posts of each zone, proven."""

import json
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from geozones.cli.answers import Answer, progress
from geozones.cli.options import DEFAULTS, CommonOptions
from geozones.cli.parameters import flag, one_of, option
from geozones.cli.reply import Reply
from geozones.cli.teams.posts import EVERY_ZONE, PostsFile, ZoneSelection, posts_beyond, staff_of
from geozones.common.files import write_atomically
from geozones.common.french import number
from geozones.domain.post_documents import posts_document
from geozones.domain.settings import TeamSettings
from geozones.domain.teams import SHARES, Post, slot_name
from geozones.domain.terms import worded
from geozones.teams.posts_proposal import PostsProposal
from geozones.workspace.study import Study
from geozones.workspace.teams.search import with_proposals
from geozones.workspace.teams.staff import Staff

_STATUSES = {
    "optimal": "prouvé",
    "feasible": "le meilleur trouvé dans le temps donné",
    "infeasible": "impossible",
    "unknown": "rien trouvé dans le temps donné",
}


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class PostOptions:
    """Constraints of the posts, and time limit of the search."""

    share: Annotated[int, option("P", "quotité, 100, 80 ou 50 (100 %)", check=one_of(SHARES))] = 100
    keep: Annotated[bool, flag("garder tous les postes existants")] = False
    split_minutes: Annotated[float | None, option("MIN", "dans une journée (30)")] = None
    gap_days: Annotated[int | None, option("N", "jours sans personne (2)")] = None
    max_posts: Annotated[int | None, option("N", "postes par zone (12)")] = None
    time_limit: Annotated[float, option("S", "secondes, en tout (30)")] = 30.0

    def settings(self, current: TeamSettings) -> TeamSettings:
        """Return the settings of teams with the given values."""
        fields = ("split_minutes", "gap_days", "max_posts")
        asked = {name: getattr(self, name) for name in fields}
        return replace(current, **{k: value for k, value in asked.items() if value is not None})


_DEFAULT_POSTS = PostOptions()


def propose(
    *,
    scope: ZoneSelection = EVERY_ZONE,
    options: PostOptions = _DEFAULT_POSTS,
    posts: PostsFile = None,
    out: Annotated[Path | None, option("FICHIER", "écrire les postes proposés")] = None,
    common: CommonOptions = DEFAULTS,
) -> Reply:
    """Search the posts of some zones; write them to a file of posts."""
    study = common.study()
    study = study.with_team_settings(options.settings(study.settings.teams))
    staff = staff_of(study, posts)
    tell = progress("zones")
    proposals = staff.propose(
        scope.zones(staff.plan),
        staff.options(share=options.share, keep=options.keep, time_limit=options.time_limit),
        lambda _, done, total: tell(done, total),
    )
    people = with_proposals(staff.people, proposals)
    after = replace(staff, study=staff.study.with_teams(people))
    answer: Answer = {
        "zones": [
            _proposal(after, proposal) | posts_beyond(staff, proposal.zone)
            for proposal in proposals
        ],
        "seconds": sum(proposal.seconds for proposal in proposals),
    }
    if out is not None:
        text = json.dumps(posts_document(after.people.posts), ensure_ascii=False, indent=1)
        write_atomically(out, text + "\n")
        answer["out"] = str(out)
    return common.reply(study, answer, partial(_propose_text, study))


def _proposal(staff: Staff, proposal: PostsProposal) -> Answer:
    return {
        "zone": proposal.zone,
        "status": proposal.status.value,
        "criteria": [asdict(level) | {"name": level.label} for level in proposal.levels],
        "gap": proposal.gap,
        "seconds": proposal.seconds,
        "why": proposal.why,
        "said": proposal.summary,
        "exceptions": [
            {
                "lycee": entry.lycee,
                "post": entry.post,
                "cause": entry.why.cause.value,
                "note": entry.why.note,
            }
            for entry in proposal.exceptions
        ],
        "posts": [_post(staff, post) for post in proposal.posts],
    }


def _post(staff: Staff, post: Post) -> Answer:
    return {
        "id": post.id,
        "label": staff.label(post),
        "share": post.share,
        "residence": post.residence,
        "half_days": {slot_name(slot): cell for slot, cell in enumerate(post.cells)},
        "locked": [slot_name(slot) for slot in sorted(post.locked)],
    }


def _propose_text(study: Study, answer: Answer) -> str:
    def name(cell: str) -> str:
        return study.name(cell) if cell in study.territory.lycees else cell

    lines = (
        []
        if answer["zones"]
        else [worded("Aucun poste à proposer : ces zones n'ont pas {of_site}.")]
    )
    for zone in answer["zones"]:
        criteria = "".join(
            f" ; {c['name'].lower()} : {number(c['value'])}" for c in zone["criteria"]
        )
        summary = f"{zone['said']}{criteria}." if zone["criteria"] else zone["why"]
        lines.append(f"{zone['zone']} : {_STATUSES[zone['status']]}. {summary}")
        lines += [
            f"  exception : {name(entry['lycee'])}, {entry['cause']}, {entry['note']}"
            for entry in zone["exceptions"]
        ]
        lines += [
            f"  {post['label']} ({post['share']} %), résidence {name(post['residence'])} : "
            + ", ".join(f"{half} {name(cell)}" for half, cell in post["half_days"].items() if cell)
            for post in zone["posts"]
        ]
    return "\n".join(lines)
