"""What each kind of event reads and writes: events that are apart do the same in either order."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geozones.common.errors import InputError
from geozones.domain import Lycee
from geozones.domain.events import KINDS, Footprint, State, read_change
from geozones.domain.plan_documents import lycee_to_json, post_to_json
from geozones.domain.teams import Post, Teams
from geozones.domain.terms import SITES
from geozones.workspace.figures.study import Study
from helpers.agreement import disagreements
from helpers.events import apply
from helpers.other_network import today_nouns, using

LYCEES = st.sampled_from("ABCDEFGHI")
ZONES = st.sampled_from(["N1", "N2", "S1", "S2", "N9"])
SECTORS = st.sampled_from(["nord", "sud", "est", "vide"])
NAMES = st.sampled_from(["Nord", "Sud", "Est", "Ouest"])
COUNTS = st.sampled_from([None, 1, 2])
POSTS = st.sampled_from(["p1", "p2", "p3"])


def _subset[T](of: st.SearchStrategy[T]) -> st.SearchStrategy[list[T]]:
    return st.lists(of, min_size=1, max_size=2, unique=True)


def _opened(key: str, name: str) -> dict[str, Any]:
    lycee = Lycee(key, name, name, "LGT", "", "44000", "Nort", "44001", "44", 47.0, -1.0)
    return lycee_to_json(lycee, pupils=False)


def _post(key: str, zone: str, lycee: str) -> dict[str, Any]:
    return post_to_json(Post(key, zone, 100, (lycee,) + (None,) * 9, lycee))


_LOCKED = st.one_of(
    st.just(("lycee", "D")),
    st.tuples(st.just("lycee"), LYCEES),
    st.tuples(st.just("zone"), ZONES),
    st.tuples(st.just("sector"), SECTORS),
)
_FIELDS = st.one_of(
    st.just({}),
    st.fixed_dictionaries({"name": NAMES}),
    st.fixed_dictionaries({"note": st.sampled_from(["", "vu"])}),
    st.fixed_dictionaries({"technicians": COUNTS}),
    st.fixed_dictionaries({"support_centre": st.none() | LYCEES}),
)
_MOVES = st.dictionaries(LYCEES, ZONES, min_size=1, max_size=2)
_LYCEE = st.builds(_opened, st.sampled_from(["X44-a", "X44-b"]), st.sampled_from(["Vian", "Weil"]))
_OBSERVED = {
    "low": 0.05, "high": 2.0, "count": 30, "first": "2026-01-05", "last": "2026-06-26",
}  # fmt: skip
#: Zones, and a lycée of each.
_PARTS = st.sampled_from([("N1", "B"), ("N1", "C"), ("N2", "E"), ("S1", "H")])
_PLAN = {
    "format": "geozones.plan",
    "version": 1,
    "sectors": [
        {
            "id": "N", "name": "Nord", "status": "publie", "origin": "region", "rns": None,
            "support_centre": None,
            "zones": [{"id": "N1", "name": "Nord 1", "lycees": ["A", "B", "C", "D", "E"]}],
        }
    ],
}  # fmt: skip
_STEP = {"kind": "region", "target": "", "title": "", "text": "vu"}
_RULE = {"basis": "type", "per_half_day": {}, "site_half_days": 0, "rule": {}}


def _made(**fields: Any) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {k: v if isinstance(v, st.SearchStrategy) else st.just(v) for k, v in fields.items()}
    )


#: Data of each kind, such as people give; many make no sense in the state of the test.
DATA: Mapping[str, st.SearchStrategy[dict[str, Any]]] = {
    "move": _made(moves=_MOVES),
    "create_zone": _made(zone=ZONES, name="Neuve", sector=SECTORS),
    "rename_zone": _made(zone=ZONES, name=NAMES),
    "delete_zone": _made(zone=ZONES),
    "merge_zones": _made(zone=ZONES, into=ZONES),
    "split_zone": _PARTS.map(
        lambda part: {"zone": part[0], "new": "N9", "name": "Neuve", "lycees": [part[1]]}
    ),
    "redraw": _made(
        create=st.just([]) | st.just([{"zone": "N9", "name": "Neuve", "sector": "sud"}]),
        moves=_MOVES,
        remove=st.sampled_from([[], ["S2"]]),
    ),
    "move_zone": _made(zone=ZONES, sector=SECTORS),
    "create_sector": _made(sector=st.sampled_from(["ouest", "autre"]), name=NAMES),
    "edit_sector": _made(sector=SECTORS, changes=_FIELDS),
    "merge_sectors": _made(sector=SECTORS, into=SECTORS),
    "split_sector": _made(
        sector="sud", new="ouest", name=NAMES, zones=st.sampled_from([["S1"], ["S2"]])
    ),
    "delete_sector": _made(sector=SECTORS),
    "set_colour": _made(zone=ZONES, colour=st.sampled_from([None, "#aabbcc"])),
    "set_pivot": _made(zone=ZONES, lycee=st.none() | LYCEES),
    "place": st.one_of(
        _made(lycee=LYCEES, lat=47.0, lon=-1.0), _made(lycee=LYCEES, lat=None, lon=None)
    ),
    "open_lycee": _made(zone=ZONES, opened=_LYCEE),
    "close_lycee": _made(lycee=LYCEES),
    "split_lycee": _made(lycee=LYCEES, opened=_LYCEE, pupils_left=COUNTS),
    "lock": _LOCKED.map(lambda pair: {"kind": pair[0], "id": pair[1], "reason": "fait"}),
    "unlock": _LOCKED.map(lambda pair: {"kind": pair[0], "id": pair[1]}),
    "set_needs": _made(needs=st.dictionaries(LYCEES, COUNTS, min_size=1, max_size=2)),
    "set_needs_rule": _made(**_RULE, default=st.sampled_from([1, 2])),
    "set_sizes": _made(
        basis=st.sampled_from(["eleves", "postes"]),
        sizes=st.dictionaries(LYCEES, COUNTS, min_size=1, max_size=2),
        per_half_day=st.sampled_from([100.0, 200.0]),
    ),
    "set_posts": st.builds(
        lambda part, key: {"zones": [part[0]], "posts": [_post(key, *part)]}, _PARTS, POSTS
    ),
    "drop_posts": _made(posts=_subset(POSTS)),
    "post_exception": _made(post=POSTS, cause=st.sampled_from([None, "taille"]), note=""),
    "adopt_hypothesis": _made(
        hypothesis=st.sampled_from(["absence_rate", "visits_per_month"]),
        observed=st.none() | st.just(_OBSERVED | {"value": 0.1}),
    ),
    "correct_drives": _made(
        groups=st.sampled_from([[], [_OBSERVED | {"lycees": ["A", "B"], "factor": 1.2}]])
    ),
    "take_over": st.just({"plan": _PLAN, "origin": "la publication du 1er décembre 2026"}),
    "story": _made(steps=st.sampled_from([None, [_STEP]])),
}
ANY = st.sampled_from(sorted(DATA)).flatmap(lambda kind: st.tuples(st.just(kind), DATA[kind]))
#: What bears on most of the others.
BROAD = st.sampled_from(
    ["move", "merge_zones", "delete_zone", "close_lycee", "move_zone", "delete_sector", "lock"]
).flatmap(lambda kind: st.tuples(st.just(kind), DATA[kind]))

type Change = tuple[str, dict[str, Any]]


@pytest.fixture(scope="module")
def start(toy: Study) -> State:
    """The toy region with two more sectors (one empty), an empty zone, posts, a lock, a pivot."""
    state = State(toy.plan, teams=Teams())
    for kind, data in (
        ("create_sector", {"sector": "est", "name": "Est"}),
        ("create_sector", {"sector": "vide", "name": "Vide"}),
        ("create_zone", {"zone": "S2", "name": "Le Port", "sector": "sud"}),
        ("move_zone", {"zone": "N2", "sector": "est"}),
        ("set_posts", {"zones": ["N1"], "posts": [_post("p1", "N1", "B")]}),
        ("set_posts", {"zones": ["N2"], "posts": [_post("p2", "N2", "E")]}),
        ("lock", {"kind": "lycee", "id": "D", "reason": "arbitrage"}),
        ("set_pivot", {"zone": "S1", "lycee": "H"}),
    ):
        state = apply(state, kind, data)
    return state


def _done(state: State, changes: list[Change]) -> tuple[State, Footprint] | None:
    """Apply changes one after another; ``None`` where one is refused."""
    whole = Footprint()
    for kind, data in changes:
        change = read_change(kind, data)
        try:
            after = change.apply(state)
        except InputError:
            return None
        whole |= change.footprint(state)
        state = after
    return state, whole


def _sorted(state: State) -> State:
    """Return a state without what the order of two changes apart may change: ranks in lists."""
    plan, teams = state.plan, state.teams
    ordered = replace(
        plan,
        sectors=tuple(sorted(plan.sectors, key=lambda entry: entry.id)),
        zones=tuple(sorted(plan.zones, key=lambda entry: entry.id)),
    )
    posts = tuple(sorted(teams.posts, key=lambda post: post.zone))
    sizes = {basis: held for basis, held in teams.sizes.items() if held}
    return replace(state, plan=ordered, teams=replace(teams, posts=posts, sizes=sizes))


def test_every_kind_of_event_is_in_this_test() -> None:
    assert set(DATA) == set(KINDS)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_kind_does_the_same_before_and_after_any_change_that_is_apart(
    start: State, kind: str
) -> None:
    tried, same = 0, st.tuples(st.just(kind), DATA[kind])

    @settings(max_examples=100)
    @given(mine=DATA[kind], theirs=st.lists(same | BROAD | ANY, min_size=1, max_size=2))
    def check(mine: dict[str, Any], theirs: list[Change]) -> None:
        nonlocal tried
        ours, others = _done(start, [(kind, mine)]), _done(start, theirs)
        if ours is None or others is None or ours[1].clashes(others[1]):
            return
        tried += 1
        first, last = _done(others[0], [(kind, mine)]), _done(ours[0], theirs)
        assert first is not None, "refused after the other's change"
        assert last is not None, "the other's change is refused after it"
        assert _sorted(first[0]) == _sorted(last[0])

    check()
    assert (tried > 0) is (kind != "take_over")  # which bears on everything


def test_people_on_different_lycees_zones_posts_and_sectors_are_apart(start: State) -> None:
    apart: list[Change] = [
        ("move", {"moves": {"C": "N2"}}),
        ("move", {"moves": {"E": "N1"}}),
        ("rename_zone", {"zone": "S1", "name": "La Dune"}),
        ("set_posts", {"zones": ["S1"], "posts": [_post("p3", "S1", "G")]}),
        ("edit_sector", {"sector": "nord", "changes": {"note": "vu"}}),
        ("edit_sector", {"sector": "nord", "changes": {"technicians": 2}}),
        ("set_needs", {"needs": {"A": 2}}),
        ("set_colour", {"zone": "N1", "colour": "#aabbcc"}),
        ("place", {"lycee": "I", "lat": 47.0, "lon": -1.0}),
        ("story", {"steps": None}),
    ]
    marks = [_footprint(start, change) for change in apart]
    for rank, one in enumerate(marks):
        assert not any(one.clashes(other) for other in marks[rank + 1 :]), apart[rank]


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        (("move", {"moves": {"C": "N2"}}), ("move", {"moves": {"C": "S1"}})),
        (("move", {"moves": {"C": "N2"}}), ("delete_zone", {"zone": "N2"})),
        (
            ("move", {"moves": {"C": "N2"}}),
            ("lock", {"kind": "zone", "id": "N1", "reason": "fait"}),
        ),
        (
            ("rename_zone", {"zone": "N1", "name": "a"}),
            ("rename_zone", {"zone": "N1", "name": "b"}),
        ),
        (("drop_posts", {"posts": ["p1"]}), ("post_exception", {"post": "p1", "cause": None})),
        (
            ("unlock", {"kind": "lycee", "id": "D"}),
            ("lock", {"kind": "lycee", "id": "D", "reason": "fait"}),
        ),
        (("no such kind", {}), ("story", {"steps": None})),
    ],
)
def test_people_on_the_same_thing_clash(start: State, mine: Change, theirs: Change) -> None:
    assert _footprint(start, mine).clashes(_footprint(start, theirs))


def _footprint(state: State, change: Change) -> Footprint:
    kind, data = change
    return read_change(kind, data).footprint(state)


class _Names:
    """Names that show what they are of."""

    def lycee(self, lycee: str) -> str:
        return f"Site{lycee}"

    def zone(self, zone: str) -> str:
        return f"Zone {zone}"

    def sector(self, sector: str) -> str:
        return f"Secteur {sector}"


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_change_and_its_refusal_agree_with_the_nouns_of_the_network(
    start: State, kind: str
) -> None:
    sites = [f"Site{lycee}" for lycee in "ABCDEFGHI"]

    @settings(max_examples=30)
    @given(data=DATA[kind])
    def check(data: dict[str, Any]) -> None:
        change = read_change(kind, data)
        said = [change.describe(_Names())]
        try:
            change.apply(start)
        except InputError as error:
            said.append(str(error))
        for sentence in said:
            assert today_nouns(SITES).findall(sentence) == []
            assert disagreements(sentence, SITES, sites) == []

    with using(SITES):
        check()
