"""Rules of the source document on posts: each dedicated to its zone, and shared between lycées.

Both have exceptions in the document (« taille des établissements / éloignement géographique... »):
a post with an exception, which people give with its reason, is information.
"""

from dataclasses import replace

from geozones.common.french import listing, plural
from geozones.domain import Plan
from geozones.domain.teams import Post
from geozones.rules.rule import Rule, RuleContext, RuleOrigin, Severity, Violation


def _dedicated(plan: Plan, zone: str, context: RuleContext) -> tuple[Violation, ...]:
    inside = set(plan.members(zone))
    breaches = []
    for post in context.teams.of_zone(zone):
        strays = tuple(lycee for lycee in post.lycees if lycee not in inside)
        if not strays:
            continue
        away = sum(post.cells.count(lycee) for lycee in strays)
        message = (
            f"{context.teams.label(plan, post)} est attendu {plural(away, 'demi-journée')} hors de "
            f"sa zone : {listing([context.name(lycee) for lycee in strays])}. Les T.I.P. sont "
            "dédiés à leur zone, sauf exceptions."
        )
        breaches.append(_told(DEDICATED.breach(zone, strays, message, away), post, context))
    return tuple(breaches)


def _shared(plan: Plan, zone: str, context: RuleContext) -> tuple[Violation, ...]:
    posts = context.teams.of_zone(zone)
    breaches = []
    for post in posts:
        if len(post.lycees) != 1:
            continue
        message = (
            f"{context.teams.label(plan, post)} n'a qu'un lycée, {context.name(post.lycees[0])} : "
            "les postes sont partagés, sauf exceptions (taille, éloignement)."
        )
        breaches.append(_told(SHARED.breach(zone, post.lycees, message), post, context))
    for lycee in plan.members(zone):
        there = [post for post in posts if lycee in post.lycees]
        if len(there) == 1:
            breaches.append(_known_once(plan, lycee, there[0], context))
    return tuple(breaches)


def _known_once(plan: Plan, lycee: str, post: Post, context: RuleContext) -> Violation:
    """Return the breach of a lycée that only one post knows, or the post's exception for it."""
    message = (
        f"{context.name(lycee)} n'est connu que d'un T.I.P., "
        f"{context.teams.label(plan, post)} : personne d'autre ne connaît les lieux en son absence."
    )
    breach = SHARED.breach(post.zone, (lycee,), message)
    return replace(_told(breach, post, context), per_lycee=True)


def _told(breach: Violation, post: Post, context: RuleContext) -> Violation:
    """Return a breach by a post, as information if people gave an exception."""
    exception = context.teams.exceptions.get(post.id)
    if exception is None:
        return replace(breach, post=post.id)
    message = f"{breach.message} Exception retenue : {exception.said}."
    return replace(breach, post=post.id, severity=Severity.INFO, message=message)


DEDICATED = Rule("dedicated_posts", Severity.WARNING, RuleOrigin.DOCUMENT, _dedicated)
SHARED = Rule("shared_posts", Severity.WARNING, RuleOrigin.DOCUMENT, _shared)
