"""Queue for a limited number of slots: order, and callers that leave it."""

from collections.abc import Sequence
from threading import Event, Thread

import pytest

from geozones.common.pacing import SlotQueue, Ticket
from helpers.waiting import PATIENCE


def one_at_a_time(
    waiting: Sequence[Ticket[str]], working: Sequence[Ticket[str]]
) -> Ticket[str] | None:
    return waiting[0] if waiting and not working else None


class LeftError(Exception):
    """The caller does not wait any more."""


def test_a_caller_that_leaves_the_queue_lets_the_next_one_begin() -> None:
    queue = SlotQueue(one_at_a_time, 0.01)
    order, let_go, gone = [], Event(), Event()

    def first() -> None:
        with queue.slot("first"):
            let_go.wait(PATIENCE)

    def leaving() -> None:
        def check() -> None:
            if gone.is_set():
                raise LeftError

        with pytest.raises(LeftError), queue.slot("leaving", check):
            order.append("leaving")

    def last() -> None:
        with queue.slot("last"):
            order.append("last")

    threads = []
    for known, caller in enumerate((first, leaving, last)):
        threads.append(Thread(target=caller))
        threads[-1].start()
        while len(queue.waiting) + len(queue.working) <= known:
            pass
    gone.set()
    threads[1].join(PATIENCE)
    assert order == []
    let_go.set()
    for thread in threads:
        thread.join(PATIENCE)
    assert order == ["last"]
    assert queue.waiting == queue.working == []


def test_a_block_that_fails_frees_its_slot() -> None:
    queue = SlotQueue(one_at_a_time, 0.01)
    with pytest.raises(LeftError), queue.slot("fails"):
        raise LeftError
    with queue.slot("next"):  # else never
        assert [ticket.claim for ticket in queue.working] == ["next"]
