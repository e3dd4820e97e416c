"""Sectors made, edited, merged, split and removed: each an event, with its refusals."""

import json
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geozones.common.errors import GeozonesError, InputError
from geozones.domain import DecisionStatus, Milestone, Origin, Plan, Sector
from geozones.domain.decisions import decisions_of
from geozones.domain.events import State, read_change
from geozones.domain.scenario import Event
from geozones.domain.teams import SLOTS, Post, Teams
from geozones.domain.timeline import Timeline
from geozones.intake.plan_file import plan_to_json, read_plan
from geozones.workspace.figures.study import Study
from helpers.events import apply

PROPOSED = DecisionStatus.PROPOSED


def do(state: State, kind: str, /, **data: object) -> State:
    return apply(state, kind, data)


@pytest.fixture
def start(toy: Study) -> State:
    return State(toy.plan)


def test_a_draft_that_is_edited_is_the_regions_proposal(start: State) -> None:
    state = do(
        start,
        "edit_sector",
        sector="sud",
        changes={
            "name": "  Sud   Loire ",
            "rns": "Mary Jackson",
            "support_centre": "G",
            "technicians": 2,
            "experimental": True,
            "milestones": [{"date": "2026-09-01", "text": "Généralisation", "uncertain": True}],
            "note": "Arrêté par le comité.",
        },
    )
    assert state.plan.sector("sud") == Sector(
        "sud",
        "Sud Loire",
        PROPOSED,
        "Mary Jackson",
        "G",
        Origin.REGION,
        2,
        experimental=True,
        milestones=(Milestone("2026-09-01", "Généralisation", uncertain=True),),
        note="Arrêté par le comité.",
    )
    assert state.plan.sector("nord") == start.plan.sector("nord")
    cleared = do(state, "edit_sector", sector="sud", changes={"rns": None, "technicians": None})
    assert cleared.plan.sector("sud").rns is None


def test_a_draft_may_be_proposed_as_it_is_once(start: State) -> None:
    state = do(start, "edit_sector", sector="sud", changes={})
    assert state.plan.sector("sud").status is PROPOSED
    assert state.plan.sector("sud").origin is Origin.REGION
    with pytest.raises(InputError, match="Rien ne change dans le secteur Sud"):
        do(state, "edit_sector", sector="sud", changes={})


def test_a_sector_is_made_filled_emptied_and_removed(start: State) -> None:
    state = do(start, "create_sector", sector="est", name="Est")
    assert state.plan.sector("est") == Sector("est", "Est", PROPOSED)
    state = do(state, "move_zone", zone="N2", sector="est")
    assert state.plan.lycees_of("est") == ("D", "E", "F")
    with pytest.raises(InputError, match="a encore 3\u00a0lycées"):
        do(state, "delete_sector", sector="est")
    back = do(state, "move_zone", zone="N2", sector="nord")
    assert do(back, "delete_sector", sector="est").plan == start.plan


def test_zones_that_hold_nothing_go_with_their_sector_but_not_those_with_a_post(
    start: State,
) -> None:
    state = do(start, "create_sector", sector="est", name="Est")
    state = do(state, "create_zone", zone="E1", name="Vide", sector="est")
    state = do(state, "set_colour", zone="E1", colour="#102030")
    post = Post("tip-1", "E1", 100, (None,) * SLOTS)
    with pytest.raises(InputError, match="a encore 1\u00a0poste"):
        do(replace(state, teams=Teams(posts=(post,))), "delete_sector", sector="est")
    gone = do(state, "delete_sector", sector="est")
    assert (gone.plan, gone.colours) == (start.plan, {})


def test_sectors_are_merged_with_their_zones_and_posts(start: State) -> None:
    post = Post("tip-1", "S1", 100, ("G",) * SLOTS, "G")
    state = do(
        replace(start, teams=Teams(posts=(post,))), "merge_sectors", sector="sud", into="nord"
    )
    assert [zone.id for zone in state.plan.zones_of("nord")] == ["N1", "N2", "S1"]
    assert [sector.id for sector in state.plan.sectors] == ["nord"]
    assert state.teams.posts == (post,)
    assert decisions_of(state.plan, start.plan).zone("S1") is PROPOSED
    into = do(start, "merge_sectors", sector="nord", into="sud").plan.sector("sud")
    assert (into.status, into.origin) == (PROPOSED, Origin.REGION)


def test_a_sector_is_split_by_its_zones(start: State) -> None:
    state = do(start, "split_sector", sector="nord", new="est", name="Est", zones=["N2"])
    assert state.plan.lycees_of("est") == ("D", "E", "F")
    assert state.plan.sector("est").status is PROPOSED
    assert state.plan.sector("nord") == start.plan.sector("nord")
    for zones in ([], ["N1", "N2"], ["S1"], ["N2", "X9"]):
        with pytest.raises(InputError, match="une partie de ses zones"):
            do(start, "split_sector", sector="nord", new="est", name="Est", zones=zones)


type Change = tuple[str, dict[str, object]]


def create(sector: str, name: str) -> Change:
    return "create_sector", {"sector": sector, "name": name}


def edit(sector: str, **changes: object) -> Change:
    return "edit_sector", {"sector": sector, "changes": changes}


def split(new: str, *zones: str) -> Change:
    return "split_sector", {"sector": "nord", "new": new, "name": "Est", "zones": [*zones]}


#: Dates of a calendar in the wrong order.
TURNED = [
    {"date": "2026-09-01", "text": "Généralisation"},
    {"date": "2026-07-04", "text": "Fin"},
]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (create("nord", "x"), "déjà pris ou mal formé"),
        (create("<b>", "x"), "déjà pris ou mal formé"),
        (create("est", " "), "de 1 à 200 caractères"),
        (create("est", "é" * 300), "de 1 à 200 caractères"),
        (create("est", " NORD "), "s'appelle déjà NORD"),
        (edit("nord", name="Sud"), "s'appelle déjà Sud"),
        (edit("nord", name="é" * 300), "de 1 à 200"),
        (edit("nord", rns="é" * 300), "nom d'un RNS doit avoir de 1 à 200"),
        (edit("nord", rns=" "), "Le nom d'un RNS doit avoir de 1 à 200"),
        (
            edit("sud", support_centre="A"),
            "Le lycée A est du secteur Nord : le centre support de Sud doit être",
        ),
        (edit("sud", support_centre="Z"), "pas de lycée Z"),
        (edit("sud", technicians=-1), "de 0 à 50"),
        (edit("sud", experimental="oui"), "vrai ou faux"),
        (edit("sud", note="é" * 4001), "4000 caractères"),
        (
            edit("sud", milestones=TURNED),
            "à l'envers : le 4 juillet 2026 vient après le 1er septembre 2026",
        ),
        (edit("sud", status="publie"), "ne peut pas être lu"),
        (("edit_sector", {"sector": "sud", "changes": ["name"]}), "ne peut pas être lu"),
        (edit("est"), "est"),
        (("merge_sectors", {"sector": "sud", "into": "sud"}), "un autre que lui-même"),
        (("delete_sector", {"sector": "sud"}), "a encore 3\u00a0lycées"),
        (("move_zone", {"zone": "N1", "sector": "nord"}), "déjà du secteur Nord"),
        (("move_zone", {"zone": "N1", "sector": "sud"}), "a le centre support du secteur Nord"),
        (split("est", "N1"), "a le centre support du secteur Nord"),
        (split("sud", "N2"), "pris"),
    ],
)
def test_what_makes_no_sense_is_refused_and_says_what_would_be_right(
    start: State, change: Change, why: str
) -> None:
    with pytest.raises(GeozonesError, match=why):
        apply(start, *change)


def test_locks_refuse_with_their_reason(start: State) -> None:
    for item, key in (("sector", "nord"), ("zone", "N2"), ("lycee", "E"), ("sector", "sud")):
        locked = do(start, "lock", kind=item, id=key, reason="arbitrage du 12/03")
        for kind, data in (
            ("move_zone", {"zone": "N2", "sector": "sud"}),
            ("merge_sectors", {"sector": "nord", "into": "sud"}),
        ):
            with pytest.raises(InputError, match=r"verrouillée? : arbitrage du 12/03\."):
                apply(locked, kind, data)
    held = do(start, "lock", kind="sector", id="nord", reason="fait")
    with pytest.raises(InputError, match="Le secteur Nord est verrouillé : fait"):
        do(held, "split_sector", sector="nord", new="est", name="Est", zones=["N2"])
    empty = do(
        do(start, "create_sector", sector="est", name="Est"),
        "lock",
        kind="sector",
        id="est",
        reason="promis",
    )
    with pytest.raises(InputError, match="Le secteur Est est verrouillé : promis"):
        do(empty, "delete_sector", sector="est")
    # who leads it may still be said
    assert do(held, "edit_sector", sector="nord", changes={"rns": "Mary"}).plan != start.plan


class Ids:
    """Names that are the ids themselves."""

    def lycee(self, lycee: str) -> str:
        return lycee

    zone = sector = lycee


ALL_CHANGED = edit(
    "sud",
    name="Sud Loire",
    rns="Mary Jackson",
    support_centre="G",
    technicians=2,
    experimental=False,
    milestones=[{"date": "2026-09-01", "text": "x"}],
    note="x",
)
ALL_REMOVED = edit("nord", rns=None, support_centre=None, technicians=None, milestones=[], note="")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (create("est", "Est"), "Secteur Est créé"),
        (edit("sud"), "Secteur sud : proposé tel quel"),
        (
            ALL_CHANGED,
            (
                "Secteur renommé Sud Loire : RNS Mary Jackson, centre support G, "
                "2\u00a0T.I.S., pas expérimental, calendrier de 1\u00a0date, note changée"
            ),
        ),
        (
            ALL_REMOVED,
            (
                "Secteur nord : sans RNS, sans centre support, T.I.S. selon le calendrier, "
                "sans calendrier propre, note retirée"
            ),
        ),
        (("move_zone", {"zone": "N2", "sector": "sud"}), "Zone N2 → secteur sud"),
        (("merge_sectors", {"sector": "sud", "into": "nord"}), "Secteur sud fusionné avec nord"),
        (split("est", "N1", "N2"), "Secteur nord scindé : Est reçoit N1 et N2"),
        (("delete_sector", {"sector": "sud"}), "Secteur sud supprimé"),
    ],
)
def test_a_history_tells_in_french_what_was_done(change: Change, said: str) -> None:
    assert read_change(*change).describe(Ids()) == said


def test_a_history_keeps_the_names_of_sectors_that_are_gone(start: State) -> None:
    def change(parent: str | None, key: str, kind: str, **data: object) -> Event:
        return Event(key, parent, kind, data, "moi", "2026-01-05T10:00:00Z")

    history = Timeline(
        start,
        (
            change(None, "a", "split_sector", sector="nord", new="est", name="Est", zones=["N2"]),
            change("a", "b", "merge_sectors", sector="est", into="sud"),
            change("b", "c", "edit_sector", sector="sud", changes={"name": "Grand Sud"}),
        ),
        "c",
        "c",
    )
    assert history.sector_names == {"nord": "Nord", "sud": "Grand Sud", "est": "Est"}
    assert history.at(None).plan == start.plan
    assert history.undo().undo().undo().redo().redo().redo().plan == history.plan


codes = st.sampled_from(["nord", "sud", "est", "ouest"])
zone_ids = st.sampled_from(["N1", "N2", "S1", "X"])
lycees = st.sampled_from("ABCDEFGHI")
fields = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(["Nord", "Sud", "Est", " Le  Val ", ""]),
        "rns": st.sampled_from(["Mary", None, " "]),
        "support_centre": st.one_of(st.none(), lycees),
        "technicians": st.integers(-1, 3),
        "experimental": st.booleans(),
        "milestones": st.just([{"date": "2026-09-01", "text": "x"}]),
        "note": st.sampled_from(["", "x"]),
    },
)
events: st.SearchStrategy[tuple[str, dict[str, Any]]] = st.one_of(
    st.tuples(
        st.just("create_sector"),
        st.fixed_dictionaries({"sector": codes, "name": st.sampled_from(["Est", "Ouest"])}),
    ),
    st.tuples(st.just("edit_sector"), st.fixed_dictionaries({"sector": codes, "changes": fields})),
    st.tuples(st.just("merge_sectors"), st.fixed_dictionaries({"sector": codes, "into": codes})),
    st.tuples(
        st.just("split_sector"),
        st.fixed_dictionaries(
            {"sector": codes, "new": codes, "name": st.just("Val"), "zones": st.lists(zone_ids)}
        ),
    ),
    st.tuples(st.just("delete_sector"), st.fixed_dictionaries({"sector": codes})),
    st.tuples(st.just("move_zone"), st.fixed_dictionaries({"zone": zone_ids, "sector": codes})),
    st.tuples(
        st.just("create_zone"),
        st.fixed_dictionaries({"zone": zone_ids, "name": st.just("Z"), "sector": codes}),
    ),
    st.tuples(
        st.just("move"),
        st.fixed_dictionaries({"moves": st.dictionaries(lycees, zone_ids, max_size=3)}),
    ),
    st.tuples(st.just("merge_zones"), st.fixed_dictionaries({"zone": zone_ids, "into": zone_ids})),
)


def has_its_centres(plan: Plan) -> bool:
    """Whether each support centre is a lycée of its sector."""
    return all(s.support_centre in {None, *plan.lycees_of(s.id)} for s in plan.sectors)


@given(steps=st.lists(events, max_size=25))
def test_any_sequence_keeps_a_valid_plan_and_refusals_change_nothing(
    toy: Study, steps: list[tuple[str, dict[str, Any]]]
) -> None:
    state = State(toy.plan)
    for kind, data in steps:
        before = state
        with suppress(GeozonesError):
            state = apply(state, kind, data)
        plan = state.plan
        assert set(plan.lycees) == set(toy.plan.lycees)
        names = [sector.name.casefold() for sector in plan.sectors]
        assert len(set(names)) == len(names)
        assert all(s.is_draft is (s.origin is Origin.TOOL) for s in plan.sectors)
        # moves of lycées are judged by the rule of support centres
        if has_its_centres(before.plan) and kind not in {"move", "merge_zones"}:
            assert has_its_centres(plan)
        again = read_plan(json.dumps(plan_to_json(plan)), toy.plan).plan
        assert (again.sectors, set(again.zones)) == (plan.sectors, set(plan.zones))
        assert again.zone_by_lycee == plan.zone_by_lycee
        decided = decisions_of(plan, toy.plan).sectors
        assert {key for key, status in decided.items() if status == "publie"} <= {"nord"}
