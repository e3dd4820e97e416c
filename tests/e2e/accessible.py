"""What axe-core finds in a page or a frame, without looking into the frames that it holds."""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Frame, Page

#: A frame that holds axe-core too would be read again with its page, at six times the cost; one
#: that does not is waited for. A test looks at the frame itself.
_VIOLATIONS = """axe.run({ resultTypes: ["violations"], iframes: false })
  .then(({ violations }) => violations)"""


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
