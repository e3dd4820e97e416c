"""Drawings one after the other, and none that waits for another that lasts."""

from threading import Event, Thread

from geozones.ui.turns import Turns


def test_drawings_come_in_order_so_many_at_a_time() -> None:
    turns, order, let_go = Turns(together=1, lasting_s=60), [], Event()
    entered = Event()

    def first() -> None:
        with turns.turn():
            entered.set()
            let_go.wait(10)
            order.append("first")

    def later(name: str) -> None:
        with turns.turn():
            order.append(name)

    threads = [Thread(target=first)]
    threads[0].start()
    entered.wait(10)
    for name in ("second", "third"):
        threads.append(Thread(target=later, args=(name,)))
        threads[-1].start()
        while len(turns._waiting) < len(threads) - 1:
            pass
    let_go.set()
    for thread in threads:
        thread.join(10)
    assert order == ["first", "second", "third"]


def test_a_drawing_that_lasts_keeps_nobody_waiting() -> None:
    turns, over = Turns(together=1, lasting_s=0.02), Event()

    def lasting() -> None:
        with turns.turn():
            over.wait(10)

    thread = Thread(target=lasting)
    thread.start()
    while not turns._began:
        pass
    with turns.turn():  # else never: the other one ends after this
        over.set()
    thread.join(10)
