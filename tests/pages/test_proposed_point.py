"""What the mode « proposer » says of its plans: moves that are enough, rules to be lifted."""

import re
from html import unescape

import pytest
from streamlit.testing.v1 import AppTest

from geozones.jobs import Job
from geozones.optimize import Frontier, PartitionOptions, candidates
from geozones.ui.carte.proposals import rates_table, sufficient_text, zones_table
from geozones.ui.state.carte_views import Demand, MapView, Mode, ProposalView
from geozones.ui.widgets.panel import narrow_change_table
from geozones.workspace.figures.plan_comparison import plan_change
from geozones.workspace.figures.study import Study
from geozones.workspace.proposals.search import (
    PlanRequest,
    SearchProgress,
    first_rank,
    points_of,
    search_plans,
    sufficient_sentence,
)
from geozones.workspace.proposals.solve import frontier, search_options
from helpers.page_texts import opened, plain

SECTORS = frozenset({"maine-et-loire", "nantes", "sarthe"})
SECTOR = PartitionOptions(sectors=SECTORS)


@pytest.fixture(scope="module")
def curve(study: Study) -> Frontier:
    """The best plans of three sectors."""
    return frontier(study, SECTOR)


def test_the_moves_that_are_enough_are_told_in_words(study: Study, curve: Frontier) -> None:
    points = points_of(curve)
    first = points[first_rank(study, [point.result for point in points])]
    said = sufficient_text(PlanRequest(study, SECTOR), first, points)
    assert 0 < len(first.result.moves) < len(points[-1].result.moves)
    assert re.fullmatch(
        r"\w+ déplacements suffisent : 90 % au moins de ce que \w+ feraient gagner\.", said
    )


def test_a_proposal_tells_its_figures_once_each_and_equivalent_within_the_error(
    study: Study, curve: Frontier
) -> None:
    plan = points_of(curve)[1].result.plan
    change = plan_change(study, study.with_plan(plan))
    told = unescape(str(narrow_change_table(change)))
    assert [each.metric.short for each in change.figures] == [
        re.sub("<.*", "", name) for name in re.findall(r'<th scope="row">(.*?)</th>', told)
    ]
    assert told.count("équivalent") == sum(
        each.is_within_error and each.has_difference for each in change.figures
    )
    assert "dans la marge d'erreur" not in told


def test_figures_at_each_rate_are_of_one_area_today_s_too(study: Study) -> None:
    # the slowest relief of the zones touched would be another one in each column, today's as well
    rates = [(0.0, study.plan.move("0720012X", "SAR-4")), (1.0, study.plan)]
    told = unescape(str(rates_table(study, rates)))
    assert "Toute la région : aujourd'hui, puis" in told
    (cells,) = re.findall(r"Relève la plus lente \(min\)</th>(.*?)</tr>", told)
    assert re.findall(r"(\d+)</td>", cells) == ["42", "50", "42"]


@pytest.mark.parametrize(
    ("count", "said"),
    [(1, "Un déplacement suffit : 90 %"), (3, "Trois déplacements suffisent : 90 %")],
)
def test_a_count_of_moves_is_in_words(study: Study, curve: Frontier, count: int, said: str) -> None:
    assert sufficient_sentence(study, count, curve.best).startswith(said)
    assert sufficient_sentence(study, len(curve.best.moves), curve.best) == ""


def test_the_zones_of_a_plan_are_those_that_change_also_where_sectors_are_drafts(
    study: Study,
) -> None:
    after = study.plan.move("0720012X", "SAR-4")
    table = unescape(str(zones_table(study, study.plan, after, list(after.sectors))))
    rows = re.findall(r"<tr><th[^>]*>(.*?)</th>", table)[1:] or re.findall(
        r"<tr><td>(.*?)</td>", table
    )
    assert {study.plan.zone(zone).name for zone in ("MAY-2", "SAR-4")} == set(rows)


@pytest.mark.usefixtures("store")
def test_a_proposal_that_is_not_proven_is_to_be_confirmed_and_says_why(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = Demand(sectors=("mayenne", "sarthe"), change_sector=True)
    monkeypatch.setattr(candidates, "MAX_BYTES", 100_000)
    asked = PlanRequest(study, search_options(study, form))
    job = Job(None, search_plans, asked, SearchProgress()).start()
    job.wait()
    text = plain(opened("carte", MapView(mode=Mode.PROPOSE), form, ProposalView(job=job)))
    assert "Proposition à confirmer. Trop de zones sont possibles pour les comparer toutes" in text
    assert "seules celles de lycées proches l'ont été" in text


def page() -> None:
    """Search zones that no plan has, and no time to know without which rules."""
    # AppTest runs the source of this function alone
    from geozones.optimize import PartitionOptions  # noqa: PLC0415
    from geozones.ui.carte.proposals import offer_to_lift  # noqa: PLC0415
    from geozones.workspace.figures.study import open_study  # noqa: PLC0415
    from geozones.workspace.proposals import search  # noqa: PLC0415

    usual = search._LIFTING_S
    try:
        search._LIFTING_S = 0.0
        asked = PartitionOptions(sectors={"mayenne"}, size_min=6, size_max=6)
        found = search.search_plans(lambda *_: None, search.PlanRequest(open_study(), asked))
    finally:
        search._LIFTING_S = usual
    offer_to_lift(found)


def test_a_search_too_large_does_not_claim_that_lifting_rules_is_useless() -> None:
    app = AppTest.from_function(page, default_timeout=60).run()
    assert not app.exception
    (note,) = app.get("html")
    assert "n'a pas trouvé quelles règles lever" in unescape(note.proto.body)
    assert not app.button
