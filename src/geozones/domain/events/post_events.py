"""Events that change posts and their exceptions."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar, Self, override

from geozones.common.errors import InputError
from geozones.common.french import listing, plural
from geozones.domain.events import change as fp
from geozones.domain.events.change import (
    MAX_NAME,
    Data,
    EventChange,
    Footprint,
    Names,
    State,
    footprint,
    one_line,
    optional_text,
    text,
)
from geozones.domain.plan_documents import check_posts, post_from_json
from geozones.domain.teams import ExceptionCause, Post, PostException
from geozones.domain.terms import terms

_MAX_TOLD_ZONES = 3


@dataclass(frozen=True, slots=True)
class SetPosts(EventChange):
    """Replacement of the posts of some zones: ``{"zones": [id, …], "posts": [post, …]}``.

    With ``"exceptions": {post id: {"cause", "note"}}``, some may deviate from the document,
    unless they already have an exception.
    """

    kind: ClassVar[str] = "set_posts"
    zones: tuple[str, ...]
    posts: tuple[Post, ...]
    exceptions: Mapping[str, PostException] = field(default_factory=dict)

    @classmethod
    @override
    def read(cls, data: Data) -> Self:
        zones = tuple(str(zone) for zone in data["zones"])
        posts = tuple(post_from_json(post) for post in data["posts"])
        given = data.get("exceptions") or {}
        exceptions = {text(key): _exception(why) for key, why in given.items()}
        known = {post.id for post in posts}
        return cls(zones, posts, {k: why for k, why in exceptions.items() if why and k in known})

    @override
    def apply(self, state: State) -> State:
        check_posts(self.posts, self.zones, state.plan, state.teams)
        teams = state.teams.with_posts(self.zones, self.posts)
        exceptions = {**self.exceptions, **teams.exceptions}
        return replace(state, teams=replace(teams, exceptions=exceptions))

    @override
    def footprint(self, state: State) -> Footprint:
        lycees = {
            lycee
            for post in self.posts
            for lycee in (*post.lycees, post.residence)
            if lycee is not None
        }
        return footprint(
            [
                *map(fp.zone, self.zones),
                *map(fp.lycee, lycees),
                *map(fp.zone_of, lycees),
            ],
            [*map(fp.posts, self.zones), *(("post", post.id) for post in self.posts)],
        )

    @override
    def describe(self, names: Names) -> str:
        zones = [names.zone(zone) for zone in self.zones]
        where = listing(zones) if len(zones) <= _MAX_TOLD_ZONES else f"{len(zones)} zones"
        kind = terms().proximity_technician.of
        return f"Postes de {where} : {plural(len(self.posts), 'poste')} {kind}"


@dataclass(frozen=True, slots=True)
class DropPosts(EventChange):
    """Removal of posts, even of posts whose zone is deleted: ``{"posts": [id, …]}``."""

    kind: ClassVar[str] = "drop_posts"
    posts: tuple[str, ...]

    @classmethod
    @override
    def read(cls, data: Data) -> Self:
        return cls(tuple(str(post) for post in data["posts"]))

    @override
    def apply(self, state: State) -> State:
        gone = {state.teams.post(post).id for post in self.posts}
        teams = state.teams
        kept = tuple(post for post in teams.posts if post.id not in gone)
        exceptions = {key: why for key, why in teams.exceptions.items() if key not in gone}
        return replace(state, teams=replace(teams, posts=kept, exceptions=exceptions))

    @override
    def footprint(self, state: State) -> Footprint:
        gone = [state.teams.post(key) for key in self.posts]
        return footprint(
            writes=[*(fp.posts(post.zone) for post in gone), *(("post", key) for key in self.posts)]
        )

    @override
    def describe(self, names: Names) -> str:
        return plural(len(self.posts), "poste retiré", "postes retirés")


@dataclass(frozen=True, slots=True)
class SetPostException(EventChange):
    """Exception of a post, or its removal: ``{"post": id, "cause": word or null, "note": text}``.

    ``cause`` is a value of `ExceptionCause`.
    """

    kind: ClassVar[str] = "post_exception"
    post: str
    exception: PostException | None

    @classmethod
    @override
    def read(cls, data: Data) -> Self:
        return cls(text(data["post"]), _exception(data))

    @override
    def apply(self, state: State) -> State:
        post = state.teams.post(self.post).id
        kept = {key: why for key, why in state.teams.exceptions.items() if key != post}
        if self.exception is not None:
            kept[post] = self.exception
        return replace(state, teams=replace(state.teams, exceptions=kept))

    @override
    def footprint(self, state: State) -> Footprint:
        post = state.teams.post(self.post)
        return footprint([fp.posts(post.zone)], [("exception", post.id)])

    @override
    def describe(self, names: Names) -> str:
        if self.exception is None:
            return "Un poste n'est plus une exception"
        return f"Exception d'un poste {terms().proximity_technician.of} : {self.exception.text}"


def _exception(data: Data) -> PostException | None:
    """Read the exception of a post, ``{"cause": word or null, "note": text}``."""
    cause, note = optional_text(data["cause"]), one_line(text(data.get("note") or ""))
    if cause is None:
        return None
    if cause not in set(ExceptionCause):
        raise InputError(f"Une exception est de cause {listing(list(ExceptionCause), 'ou')}.")
    if len(note) > MAX_NAME:
        raise InputError(f"La raison d'une exception a {MAX_NAME} caractères au plus.")
    return PostException(ExceptionCause(cause), note)
