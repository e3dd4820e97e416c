"""Drawings one after the other, and none that waits for another that lasts."""

from threading import Event, Thread

import pytest

from geozones.ui.server.auth import Caller, CallerKind
from geozones.ui.server.session_limit import RenderQueue

USER = Caller(CallerKind.USER)


def test_drawings_come_in_order_so_many_at_a_time() -> None:
    queue, order, let_go = RenderQueue(together=1, lasting_s=60), [], Event()
    entered = Event()

    def first() -> None:
        with queue.slot():
            entered.set()
            let_go.wait(10)
            order.append("first")

    def later(name: str) -> None:
        with queue.slot():
            order.append(name)

    threads = [Thread(target=first)]
    threads[0].start()
    entered.wait(10)
    for name in ("second", "third"):
        threads.append(Thread(target=later, args=(name,)))
        threads[-1].start()
        while len(queue.slots.waiting) < len(threads) - 1:
            pass
    let_go.set()
    for thread in threads:
        thread.join(10)
    assert order == ["first", "second", "third"]


def test_a_drawing_that_lasts_keeps_nobody_waiting() -> None:
    queue, over = RenderQueue(together=1, lasting_s=0.02), Event()

    def lasting() -> None:
        with queue.slot():
            over.wait(10)

    thread = Thread(target=lasting)
    thread.start()
    while not queue.slots.working:
        pass
    with queue.slot():  # else never: the other one ends after this
        over.set()
    thread.join(10)


def visitor(link: str) -> Caller:
    return Caller(CallerKind.VISITOR, link)


class Drawings:
    """Drawings that last until they are let go, begun in the order that they are asked for."""

    def __init__(self, queue: RenderQueue) -> None:
        self.queue, self.began = queue, list[str]()
        self.threads: list[Thread] = []
        self.let_go: dict[str, Event] = {}

    def ask(self, name: str, caller: Caller) -> None:
        """Ask for a drawing; return once it is at work or waits."""
        self.let_go[name] = Event()
        self.threads.append(Thread(target=self._draw, args=(name, caller)))
        known = self._known() + 1
        self.threads[-1].start()
        while self._known() < known:
            pass

    def _known(self) -> int:
        return len(self.queue.slots.waiting) + len(self.began)

    def _draw(self, name: str, caller: Caller) -> None:
        with self.queue.slot(caller):
            self.began.append(name)
            self.let_go[name].wait(10)

    def end(self) -> None:
        for event in self.let_go.values():
            event.set()
        for thread in self.threads:
            thread.join(10)


def test_users_are_drawn_before_the_visitors_that_came_first() -> None:
    drawings = Drawings(RenderQueue(together=1, lasting_s=60))
    drawings.ask("at work", USER)
    drawings.ask("visitor", visitor("a"))
    drawings.ask("without a login", visitor(""))
    drawings.ask("user", USER)
    assert drawings.began == ["at work"]
    drawings.end()
    assert drawings.began == ["at work", "user", "visitor", "without a login"]


def test_a_visitor_at_work_takes_no_turn_of_users_and_leaves_none_to_other_visitors() -> None:
    drawings = Drawings(RenderQueue(together=1, lasting_s=60))
    drawings.ask("visitor", visitor("a"))
    drawings.ask("next visitor", visitor("b"))
    drawings.ask("user", USER)
    assert drawings.began == ["visitor", "user"]
    drawings.end()
    assert drawings.began == ["visitor", "user", "next visitor"]


def test_a_link_whose_drawings_last_leaves_room_for_another_link(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("geozones.ui.server.session_limit._VISITOR_LASTING_S", 0.0)
    drawings = Drawings(RenderQueue(lasting_s=60))
    for name in ("first", "second", "third"):
        drawings.ask(name, visitor("a"))
    drawings.ask("of another", visitor("b"))
    assert drawings.began == ["first", "second", "of another"]
    drawings.end()
    assert drawings.began == ["first", "second", "of another", "third"]
