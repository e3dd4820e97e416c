"""Every message of a page reaches the browser, after the block it lies in."""

from collections.abc import Iterable

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_cache import create_reference_msg, populate_hash_if_needed
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

from geozones.ui.server.run_patches import LosslessQueue

PAGE, INSIDE = "page", "search running"


def block(*path: int, fragment: str = PAGE) -> ForwardMsg:
    message = ForwardMsg()
    message.metadata.delta_path.extend(path)
    message.delta.fragment_id = fragment
    message.delta.add_block.allow_empty = True
    return message


def text(*path: int, fragment: str = PAGE, body: str = "") -> ForwardMsg:
    message = ForwardMsg()
    message.metadata.delta_path.extend(path)
    message.delta.fragment_id = fragment
    message.delta.new_element.text.body = body
    return message


def kept_by_browser(*path: int) -> ForwardMsg:
    """Return the name of a large element, that Streamlit sends where the browser has it."""
    message = text(*path, body="x" * 20_000)
    populate_hash_if_needed(message)
    return create_reference_msg(message)


def life(**field: object) -> ForwardMsg:
    return ForwardMsg(**field)


def paths(messages: Iterable[ForwardMsg]) -> list[tuple[int, ...]]:
    return [tuple(m.metadata.delta_path) for m in messages if m.metadata.delta_path]


def orphans(messages: Iterable[ForwardMsg]) -> list[tuple[int, ...]]:
    """Return the elements that a browser with an empty page has no place for."""
    children: dict[tuple[int, ...], int] = {(0,): 0}
    lost = []
    for path in paths(messages):
        *inside, rank = path
        if rank > children.get(tuple(inside), -1):
            lost.append(path)
        else:
            children[tuple(inside)] = max(children[tuple(inside)], rank + 1)
            children.setdefault(path, 0)
    return lost


def first_run() -> list[ForwardMsg]:
    """Return a page: a fragment that has a list, a large map, and a fragment inside."""
    return [
        block(0, 0),
        text(0, 0, 0, body="list"),
        block(0, 0, 1),
        kept_by_browser(0, 0, 1, 0),
        block(0, 0, 2, fragment=INSIDE),
        text(0, 0, 2, 0, fragment=INSIDE),
    ]


def session(queue: ForwardMsgQueue) -> list[ForwardMsg]:
    """Draw a page, then its fragment anew before anything is sent; return what is sent."""
    for message in [life(new_session={"name": "whole"}), *first_run()]:
        queue.enqueue(message)
    queue.enqueue(life(script_finished=ForwardMsg.FINISHED_SUCCESSFULLY))
    queue.clear(retain_lifecycle_msgs=True, fragment_ids_this_run=[PAGE])
    queue.enqueue(life(new_session={"name": "fragment"}))
    queue.enqueue(block(0, 0))
    queue.enqueue(text(0, 0, 0, body="list after the click"))
    return queue.flush()


def test_a_fragment_drawn_anew_before_its_page_is_sent_leaves_no_element_without_a_place() -> None:
    assert orphans(session(LosslessQueue())) == []


def test_what_a_run_writes_comes_after_the_message_that_it_began() -> None:
    sent = session(LosslessQueue())
    began = next(i for i, message in enumerate(sent) if message.new_session.name == "fragment")
    assert paths(sent[:began]) == paths(first_run())
    assert paths(sent[began:]) == [(0, 0), (0, 0, 0)]
    assert sent[-1].delta.new_element.text.body == "list after the click"


def test_a_page_drawn_anew_still_takes_the_place_of_what_waits() -> None:
    queue = LosslessQueue()
    for message in first_run():
        queue.enqueue(message)
    queue.clear(retain_lifecycle_msgs=True)
    assert queue.is_empty()


def test_streamlit_s_own_queue_still_needs_it() -> None:
    """Fails the day that Streamlit mends it: `patch_message_queue` can go then."""
    assert orphans(session(ForwardMsgQueue())) == [(0, 0, 1, 0), (0, 0, 2), (0, 0, 2, 0)]
