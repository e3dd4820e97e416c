"""The first screen is calm: few words, few controls, few sizes of type, a map that has the room."""

import re

from .conftest import Visit

#: What is in sight of the page, the map's drawing left out: words, controls, sizes of type.
_SEEN = """
() => {
  const seen = (e) => {
    const { width, height, top, bottom, left, right } = e.getBoundingClientRect();
    const style = getComputedStyle(e);
    return e.checkVisibility({ opacityProperty: true, visibilityProperty: true })
      && width > 2 && height > 2 && top < innerHeight && bottom > 0
      && left < innerWidth && right > 0
      && style.clipPath === "none";
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const words = [], sizes = {};
  while (walker.nextNode()) {
    const { parentElement: parent, data } = walker.currentNode;
    if (!data.trim() || parent.closest("script, style, iframe, .gz-hidden, [hidden]")) continue;
    if (!seen(parent) || parent.dataset.testid === "stIconMaterial") continue;
    words.push(...data.trim().split(/\\s+/));
    const size = getComputedStyle(parent).fontSize;
    sizes[size] = (sizes[size] || []).concat(data.trim().slice(0, 20));
  }
  const controls = [...document.querySelectorAll("button, a[href], input, select, [role=slider]")];
  const shown = controls.filter((e) => seen(e) && !e.closest("[hidden], .gz-hidden"));
  const panels = [...document.querySelectorAll("[class*=gz-over-]")].filter(seen);
  const covered = panels.reduce((sum, e) => sum + e.clientWidth * e.clientHeight, 0);
  const rows = shown.filter((e) => e.closest(".gz-rows, #gz-foot"));
  return { words, sizes, controls: shown.map((e) => e.textContent.trim() || e.ariaLabel),
    rows: rows.length, covered: covered / (innerWidth * innerHeight) };
}
"""


def test_the_first_screen_says_little_and_leaves_the_room_to_the_map(visit: Visit) -> None:
    seen = visit.open().page.evaluate(_SEEN)
    assert len(seen["words"]) <= 130, seen["words"]
    # the names of sectors and the footer are links of a list
    assert len(seen["controls"]) - seen["rows"] <= 16, seen["controls"]
    assert len(seen["sizes"]) <= 6, seen["sizes"]
    assert seen["covered"] <= 0.30
    assert not [word for word in seen["words"] if re.fullmatch(r"[A-Z_]{6,}", word)]
