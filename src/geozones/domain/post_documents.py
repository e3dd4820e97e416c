"""JSON format of posts, in events and in files of posts; it holds no name."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from geozones.common.errors import InputError
from geozones.domain.plan import Plan
from geozones.domain.teams import MAX_ID, SHARES, SLOTS, Post, Teams, capacity
from geozones.domain.terms import terms

FORMAT, VERSION = "geozones.posts", 1
_MAX_POSTS = 2000


def post_to_json(post: Post) -> dict[str, Any]:
    """Return a post as a JSON object."""
    return {
        "id": post.id,
        "zone": post.zone,
        "share": post.share,
        "cells": list(post.cells),
        "residence": post.residence,
        "locked": sorted(post.locked),
    }


def post_from_json(document: Mapping[str, Any]) -> Post:
    """Read a post; `check_posts` says whether it fits a plan.

    Raises
    ------
    InputError
        If a value is out of its range.
    KeyError, TypeError
        If a field is missing, or a list is none.
    """
    key, zone, residence = document["id"], document["zone"], document["residence"]
    share, cells = document["share"], tuple(document["cells"])
    if not isinstance(key, str) or not key.strip() or len(key) > MAX_ID:
        msg = f"Le code d'un poste est un texte de 1 à {MAX_ID} caractères."
        raise InputError(msg)
    if not isinstance(zone, str) or not isinstance(residence, str | None):
        raise TypeError(document)
    if type(share) is not int or share not in SHARES:
        msg = "La quotité d'un poste est de 100, 80 ou 50 %."
        raise InputError(msg)
    if len(cells) != SLOTS or not all(cell is None or isinstance(cell, str) for cell in cells):
        msg = f"La grille d'un poste a {SLOTS} demi-journées."
        raise InputError(msg)
    locked = frozenset(document["locked"])
    if not all(type(slot) is int and 0 <= slot < SLOTS for slot in locked):
        msg = f"Une demi-journée verrouillée est un rang de 0 à {SLOTS - 1}."
        raise InputError(msg)
    worked, most = sum(cell is not None for cell in cells), capacity(share)
    if worked > most:
        msg = f"Un poste à {share} % a {most} demi-journées par semaine, pas {worked}."
        raise InputError(msg)
    return Post(key, zone, share, cells, residence, locked)


def check_posts(posts: Sequence[Post], zones: Iterable[str], plan: Plan, before: Teams) -> None:
    """Check that posts may replace the posts of some zones (ids).

    A half-day in a lycée of another zone is refused, unless ``before`` had it there already: a
    grid whose lycée has left the zone stays unchanged until someone repairs it.

    Raises
    ------
    InputError
        If a post would be in two zones, or belongs to another zone, or there are too many.
    """
    allowed = {plan.zone(zone).id for zone in zones}
    for post in posts:
        _check_zone(post, plan, before)
    others = {post.id for post in before.posts if post.zone not in allowed}
    keys = [post.id for post in posts]
    if len(set(keys)) != len(keys) or others & set(keys):
        msg = "Un poste est dans une seule zone : un même code de poste est donné deux fois."
        raise InputError(msg)
    strays = [post for post in posts if post.zone not in allowed]
    if strays:
        msg = f"Le poste {strays[0].id} n'est pas d'une zone que ce changement concerne."
        raise InputError(msg)
    if len(posts) + len(others) > _MAX_POSTS:
        msg = f"Un plan a {_MAX_POSTS} postes au plus."
        raise InputError(msg)


def _check_zone(post: Post, plan: Plan, before: Teams) -> None:
    """Raise for a post in a lycée of another zone, unless it was there already."""
    zone = plan.zone(post.zone)
    old = next((entry for entry in before.posts if entry.id == post.id), None)
    kept = set() if old is None else {*old.lycees, old.residence}
    for lycee in (*post.lycees, *([] if post.residence is None else [post.residence])):
        where = plan.zone_of(lycee)
        if where.id != zone.id and lycee not in kept:
            msg = (
                f"Un poste est dans une seule zone : {terms().site.the} {lycee} est de la zone "
                f"{where.name}, pas de {zone.name}."
            )
            raise InputError(msg)


def posts_document(posts: Iterable[Post]) -> dict[str, Any]:
    """Return posts as the JSON object of a file of posts."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "posts": [post_to_json(post) for post in posts],
    }


def posts_from_document(document: object, plan: Plan) -> tuple[Post, ...]:
    """Read the JSON object of a file of posts.

    Raises
    ------
    InputError
        If the object is no file of posts, or does not fit the plan.
    """
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        msg = "Ce fichier n'est pas un fichier de postes de geozones."
        raise InputError(msg)
    if document.get("version") != VERSION:
        msg = f"Ce fichier de postes est d'une autre version que {VERSION}."
        raise InputError(msg)
    try:
        posts = tuple(post_from_json(post) for post in document["posts"])
    except (KeyError, TypeError, AttributeError) as error:
        msg = "Ce fichier de postes est mal formé : un champ manque ou n'est pas du bon type."
        raise InputError(msg) from error
    check_posts(posts, {post.zone for post in posts}, plan, Teams())
    return posts
