"""Exactly one plan is in force at each date, whatever was published and withdrawn, in any order."""

from datetime import date, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from geozones.domain.publications import (
    SHIPPED_ID,
    Publication,
    PublicationStatus,
    baseline_on,
    newest,
    publication_status,
    spans,
)

FIRST = date(2025, 6, 11)
#: The plan of a data folder that says since when it is in force; and of a folder that does not.
SHIPPED = Publication(SHIPPED_ID, FIRST.isoformat(), "Région")
STARTING = Publication(SHIPPED_ID, "", "")
#: Statuses of the plan that changes are counted from.
HELD = {PublicationStatus.IN_FORCE, PublicationStatus.STARTING}


def day(number: int) -> str:
    """Return the ISO date so many days after the shipped publication."""
    return (FIRST + timedelta(days=number)).isoformat()


def published(*days: int) -> tuple[Publication, ...]:
    """Publish plans effective on these days, in this order, after the shipped one."""
    made = (
        Publication(f"p{rank}", day(number), "Ada", position=rank)
        for rank, number in enumerate(days, 1)
    )
    return SHIPPED, *made


def withdrawn(publications: tuple[Publication, ...], *withdrawals: str) -> tuple[Publication, ...]:
    """Withdraw some of them."""
    ranks = range(len(publications), len(publications) + len(withdrawals))
    made = (
        Publication(f"w{rank}", day(0), "Ada", withdraws=key, position=rank)
        for rank, key in zip(ranks, withdrawals, strict=True)
    )
    return *publications, *made


@st.composite
def histories(draw: st.DrawFn) -> tuple[Publication, ...]:
    """Draw publications and withdrawals of some of them, mixed as they may be written."""
    written: list[Publication] = [SHIPPED]
    for rank in range(1, draw(st.integers(0, 12)) + 1):
        gone = {entry.withdraws for entry in written}
        left = [
            entry.id for entry in written[1:] if not entry.is_withdrawal and entry.id not in gone
        ]
        target = draw(st.sampled_from([None, *left]))
        number = draw(st.integers(-5, 20))
        written.append(Publication(f"p{rank}", day(number), "Ada", withdraws=target, position=rank))
    return tuple(written)


def test_a_plan_is_in_force_from_its_day_until_the_next_and_of_one_day_the_last_written() -> None:
    for number in (-4000, -1, 0, 1, 4000):
        assert baseline_on((SHIPPED,), day(number)) is SHIPPED
    assert baseline_on(published(10), day(9)) is SHIPPED
    made = published(10, 20)
    days = (9, 10, 19, 20, 21)
    assert [baseline_on(made, day(n)).id for n in days] == [SHIPPED_ID, "p1", "p1", "p2", "p2"]
    assert [(span.publication.id, span.start, span.end) for span in spans(made)] == [
        (SHIPPED_ID, None, day(10)),
        ("p1", day(10), day(20)),
        ("p2", day(20), None),
    ]
    assert baseline_on(published(10, 10), day(10)).id == "p2"
    made = published(20, 10)
    assert [baseline_on(made, day(n)).id for n in (10, 19, 20)] == ["p2", "p2", "p1"]
    assert newest(made).id == "p1"


def test_a_starting_plan_is_never_in_force_and_gives_way_to_any_publication() -> None:
    made = (STARTING, *published(-3, 10)[1:])
    assert [baseline_on(made, day(n)).id for n in (-4, -3, 10)] == [SHIPPED_ID, "p1", "p2"]
    for number in (-4, 0, 20):
        status = publication_status(made, STARTING, day(number))
        assert status is PublicationStatus.STARTING
    assert [(span.publication.id, span.start, span.end) for span in spans(made)] == [
        (SHIPPED_ID, None, day(-3)),
        ("p1", day(-3), day(10)),
        ("p2", day(10), None),
    ]


def test_a_shipped_plan_gives_way_until_its_day_and_after_one_published_before_it() -> None:
    statuses = [publication_status((SHIPPED,), SHIPPED, day(n)) for n in (-1, 0)]
    assert statuses == [PublicationStatus.STARTING, PublicationStatus.IN_FORCE]
    made = published(-3)
    found = [baseline_on(made, day(n)).id for n in (-4, -3, 0)]
    assert found == [SHIPPED_ID, "p1", SHIPPED_ID]
    assert [span.publication.id for span in spans(made)] == [SHIPPED_ID, "p1", SHIPPED_ID]


@given(histories(), st.integers(-10, 30), st.randoms(use_true_random=False))
def test_exactly_one_plan_is_in_force_at_each_date(
    made: tuple[Publication, ...], number: int, random: Random
) -> None:
    on = day(number)
    plans = [entry for entry in made if not entry.is_withdrawal]
    forced = [e for e in plans if publication_status(made, e, on) in HELD]
    assert forced == [baseline_on(made, on)]
    # the days are shared out between the spans without a gap or a day twice
    holding = [
        span.publication
        for span in spans(made)
        if (span.start is None or span.start <= on) and (span.end is None or on < span.end)
    ]
    assert holding == forced
    # the order in which they are read changes nothing
    shuffled = list(made)
    random.shuffle(shuffled)
    assert baseline_on(shuffled, on) == forced[0]
    # none is lost: each is in force, past, to come or withdrawn, and each withdrawal is found
    assert {publication_status(made, entry, on) for entry in plans} <= set(PublicationStatus)
    gone = [e.id for e in plans if publication_status(made, e, on) is PublicationStatus.WITHDRAWN]
    assert gone == [e.id for e in plans if any(w.withdraws == e.id for w in made)]


@given(histories(), st.integers(-10, 30))
def test_the_plan_in_force_is_the_last_effective_one_by_a_count_by_hand(
    made: tuple[Publication, ...], number: int
) -> None:
    best = SHIPPED
    for entry in made:
        if entry.is_withdrawal or any(other.withdraws == entry.id for other in made):
            continue
        if best.effective <= entry.effective <= day(number) or (
            best.effective > day(number) >= entry.effective
        ):
            best = entry
    assert baseline_on(made, day(number)) == best
