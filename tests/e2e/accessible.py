"""Faults of a page for those who read it: those of axe-core, words that are not French."""

import re
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Frame, Locator, Page, expect

from helpers.shown_words import faults

#: A frame that holds axe-core too would be read again with its page, at six times the cost; one
#: that does not is waited for. A test looks at the frame itself.
_VIOLATIONS = """axe.run({ resultTypes: ["violations"], iframes: false })
  .then(({ violations }) => violations)"""
#: Words of Streamlit's own widgets that a French reader should not meet.
ENGLISH = (
    "Browse files",
    "Drag and drop",
    "Choose an option",
    "Deploy",
    "Traceback",
    "Running",
    "Link to",
)
#: Names that a screen reader says and no eye reads.
_NAMED = """() => [...document.querySelectorAll("[aria-label]")].filter((e) => e.checkVisibility())
  .map((e) => e.getAttribute("aria-label")).join(" ")"""
#: What a page says: commands to type and names of icons are no sentences.
_SAID = """() => {
  const icon = (node) => getComputedStyle(node).fontFamily.includes("Material");
  const hidden = [...document.querySelectorAll("code, kbd, span")].filter(
    (node) => node.tagName !== "SPAN" || icon(node));
  hidden.forEach((node) => node.style.setProperty("display", "none"));
  const text = document.body.innerText;
  hidden.forEach((node) => node.style.removeProperty("display"));
  return text;
}"""
#: Icons wider than they are tall are written out: the font has no such icon.
_WRITTEN_OUT = """() => document.fonts.ready.then(() =>
  [...document.querySelectorAll("[data-testid=stIconMaterial]")]
    .filter((icon) => icon.checkVisibility())
    .filter((icon) => {
      const range = document.createRange();
      range.selectNodeContents(icon);
      const { width } = range.getBoundingClientRect();
      return width > 1.2 * parseFloat(getComputedStyle(icon).fontSize);
    })
    .map((icon) => icon.textContent))"""


def violations(seen: Page | Frame) -> list[dict[str, Any]]:
    """Return what axe-core finds in a page or a frame, whatever its gravity."""
    if not seen.evaluate("'axe' in window"):
        seen.evaluate(AXE_SCRIPT)
    found: list[dict[str, Any]] = seen.evaluate(_VIOLATIONS)
    return found


def serious(seen: Page | Frame) -> dict[str, list[str]]:
    """Return the elements of each fault that stops someone, by rule."""
    return {
        fault["id"]: [node["html"][:200] for node in fault["nodes"]]
        for fault in violations(seen)
        if fault["impact"] in {"serious", "critical"}
    }


def check_french(page: Page) -> None:
    """Check that a page is French, typeset as French is, and has pictures for icons."""
    text = page.evaluate(_SAID)
    named = page.evaluate(_NAMED)
    assert not [word for word in ENGLISH if word in text or word in named]
    found = faults(text.replace("names.json", "…"))  # a file that the notice of names names
    assert found == (), found
    assert re.findall(r"« .{9}|.{9} »", text) == []  # a quote may not end its line
    assert re.findall(r".{0,9}[^\W\d_]'[\w«].{0,9}", text + named) == []  # apostrophes are curly
    assert page.evaluate("document.documentElement.lang") == "fr"
    assert page.evaluate(_WRITTEN_OUT) == []


def is_refused(field: Locator, why: str) -> None:
    """Wait until a field is said to be wrong, and is described by the message that refuses it."""
    expect(field).to_have_accessible_description(re.compile(re.escape(why)))
    expect(field).to_have_attribute("aria-invalid", "true")
