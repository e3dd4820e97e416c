"""Map marks of the places that comments and opinions are about."""

import math
from collections import defaultdict
from collections.abc import Iterable

from geozones.domain.comments import About, Comment, PlaceKind, Treatment
from geozones.domain.opinions import Opinion
from geozones.render.scene import FeedbackMark
from geozones.workspace.comments.places import called, key_of, places_of
from geozones.workspace.comments.summary import Feedback
from geozones.workspace.maps.names import anchor_of
from geozones.workspace.study import Study

#: Stance of a lycée that was asked and has not answered.
AWAITED = "attendu"


def marks_of(study: Study, feedback: Feedback) -> tuple[FeedbackMark, ...]:
    """Return a mark for each commented place of a study's plan, and for each lycée asked.

    The mark of a lycée has its opinion on the latest question.
    """
    comments: dict[str, list[Comment]] = defaultdict(list)
    for comment in feedback.comments:
        comments[key_of(comment.about)].append(comment)
    opinions: dict[str, Opinion] = {}
    for _, asked in feedback.questions:
        for opinion in asked:
            opinions.setdefault(f"lycee:{opinion.lycee}", opinion)
    if not comments and not opinions:
        return ()
    return tuple(
        _mark(study, about, comments.get(key, ()), opinions.get(key))
        for key, about in places_of(study).items()
        if (key in comments or key in opinions) and _is_placed(study, about)
    )


def _mark(
    study: Study, about: About, comments: Iterable[Comment], opinion: Opinion | None
) -> FeedbackMark:
    listed = tuple(comments)
    lat, lon = _at(study, about)
    stance = "" if opinion is None else AWAITED if opinion.stance is None else opinion.stance.value
    left = [comment for comment in listed if comment.ruling.treatment is Treatment.OPEN]
    facts = []
    if listed:
        waits = f", dont {len(left)} à traiter" if left else ", tous traités"
        facts.append(("Commentaires", f"{len(listed)}{waits}"))
    if opinion is not None:
        facts.append(("Avis", "sans réponse" if opinion.stance is None else stance))
    return FeedbackMark(
        key_of(about), called(about), lat, lon, len(listed), bool(left), stance, tuple(facts)
    )


def _is_placed(study: Study, about: About) -> bool:
    return about.kind is not PlaceKind.LYCEE or math.isfinite(study.territory.lycees[about.id].lat)


def _at(study: Study, about: About) -> tuple[float, float]:
    """Return the position of a place's mark, the same as its label's."""
    if about.kind is PlaceKind.LYCEE:
        lycee = study.territory.lycees[about.id]
        return lycee.lat, lycee.lon
    plan = study.plan
    inside = plan.members(about.id) if about.kind is PlaceKind.ZONE else plan.lycees_of(about.id)
    return anchor_of(study.territory.shape(tuple(inside)))
