"""What a gesture makes of the plan is shown before it is saved, and taken back if it is not."""

import re
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import WebSocketRoute, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from .conftest import NewVisit, Visit
from .test_live import RACAN, SAINT_CALAIS


@dataclass
class Line:
    """The line between the page and the app, which holds back what the page sends when asked to."""

    holds: bool = False
    socket: WebSocketRoute | None = None
    waiting: list[str | bytes] = field(default_factory=list)
    #: What the app answers, once it is asked to be given in one go.
    answers: list[str | bytes] | None = None

    def __call__(self, socket: WebSocketRoute) -> None:
        self.socket, server = socket, socket.connect_to_server()
        self._send = server.send

        def sent(message: str | bytes) -> None:
            (self.waiting.append if self.holds else server.send)(message)

        def answered(message: str | bytes) -> None:
            (socket.send if self.answers is None else self.answers.append)(message)

        socket.on_message(sent)
        server.on_message(answered)

    def release(self) -> None:
        """Send what was held back, and hold nothing any more."""
        self.holds = False
        for message in self.waiting:
            self._send(message)
        self.waiting.clear()

    def give(self) -> None:
        """Give all that was answered at once."""
        assert self.socket is not None
        assert self.answers is not None
        for message in self.answers:
            self.socket.send(message)
        self.answers = None

    def cut(self) -> None:
        """Lose what was held back, and the line."""
        self.holds = False
        self.waiting.clear()
        assert self.socket is not None
        self.socket.close()


#: Keeps the page from reading anything for a moment: it then reads all that came at once.
BUSY = "() => setTimeout(() => { for (const end = Date.now() + 1500; Date.now() < end;); })"


@pytest.fixture
def line() -> Line:
    return Line()


@pytest.fixture
def dropped(new_visit: NewVisit, line: Line) -> Visit:
    """Racan dropped in the zone of Saint-Calais, with its message held back."""
    visit = new_visit()
    visit.page.route_web_socket("**/_stcore/stream", line)
    visit.open()
    visit.tables()
    line.holds = True
    visit.drag(RACAN, *SAINT_CALAIS)
    return visit


def ended(message: str | bytes) -> bool:
    """Whether a message of the app says that a run is over."""
    assert isinstance(message, bytes)
    return ForwardMsg.FromString(message).WhichOneof("type") == "script_finished"


def figures(visit: Visit) -> list[list[str]]:
    """The region's figures and their details, without their differences."""
    return visit.page.locator(".gz-figures[data-whole] .gz-figure").evaluate_all(
        """all => all.map((card) => ["value", "detail"].map((part) =>
            card.querySelector(`.gz-figure-${part}`).firstChild.textContent.trim()))"""
    )


def test_a_move_is_told_before_it_is_saved_as_it_is_after(dropped: Visit, line: Line) -> None:
    pending = dropped.panel.locator("#gz-pending")
    expect(pending).to_contain_text("Racan")
    expect(pending).to_contain_text("En cours d’enregistrement…")
    expect(pending.locator(".gz-warning")).to_be_visible()  # as the answer, not plain until then
    expect(dropped.map.locator('[data-dropped="SAR-4"]').first).to_be_attached()
    expect(dropped.panel.get_by_role("button", name=re.compile("Annuler"))).to_have_count(0)
    told, said = figures(dropped), pending.locator("strong").inner_text()
    assert line.waiting
    line.release()
    answer = dropped.panel.locator(".st-key-gz-answer")
    expect(answer).to_contain_text(said)
    expect(answer.locator(".gz-warning")).to_be_visible()
    expect(answer.get_by_role("button", name=re.compile("Annuler"))).to_be_visible()
    expect(pending).to_be_empty()
    expect(dropped.page.locator(".gz-figures[aria-busy]")).to_have_count(0)
    assert figures(dropped) == told
    assert dropped.errors == []


def test_an_answer_that_comes_all_at_once_takes_the_place_of_what_was_told(
    dropped: Visit, line: Line
) -> None:
    pending = dropped.panel.locator("#gz-pending")
    expect(pending).to_contain_text("Racan")
    line.answers = []
    line.release()
    while not any(ended(each) for each in line.answers):
        dropped.page.evaluate("() => new Promise(requestAnimationFrame)")
    dropped.page.evaluate(BUSY)
    line.give()
    expect(dropped.panel.locator(".st-key-gz-answer")).to_contain_text("Racan")
    expect(pending).to_be_empty()


def test_a_move_that_the_line_loses_is_taken_back_and_sent_again(
    dropped: Visit, line: Line
) -> None:
    pending = dropped.panel.locator("#gz-pending")
    expect(pending).to_contain_text("Racan")
    told = figures(dropped)
    line.cut()
    expect(pending).to_contain_text("Connexion perdue")
    assert figures(dropped) != told
    expect(dropped.map.locator("[data-dropped]")).to_have_count(0)
    expect(dropped.lycee(RACAN)).to_have_attribute("data-zone", "SAR-4")  # the map sends it again
    expect(dropped.panel.locator(".st-key-gz-answer")).to_contain_text("Racan")
    expect(pending).to_be_empty()
    assert figures(dropped) == told
