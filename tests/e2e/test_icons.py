"""Icons are drawn as pictures with the font that was cut down to them."""

import pytest

from .conftest import Visit

#: Icons wider than they are tall are written out: the font has no such icon.
_WRITTEN_OUT = """
() => document.fonts.ready.then(() =>
  [...document.querySelectorAll("[data-testid=stIconMaterial]")]
    .filter((icon) => icon.checkVisibility())
    .filter((icon) => {
      const range = document.createRange();
      range.selectNodeContents(icon);
      const { width } = range.getBoundingClientRect();
      return width > 1.2 * parseFloat(getComputedStyle(icon).fontSize);
    })
    .map((icon) => icon.textContent))
"""
#: The server cuts the font once it has started.
_CUT = """
async () => {
  const rules = [...document.styleSheets].filter(({ href }) => href && href.includes("/css/"))
    .flatMap(({ href, cssRules }) => [...cssRules].map(({ cssText }) => [href, cssText]));
  const [href, rule] = rules.find(([, text]) => /MaterialSymbols-Rounded/.test(text));
  const [, url] = /url\\("?([^")]+MaterialSymbols-Rounded[^")]+)/.exec(rule);
  const answer = await fetch(new URL(url, href), { cache: "reload" });
  return (await answer.arrayBuffer()).byteLength < 60000;
}
"""


PAGES = (
    "carte", "?mode=modifier&lycee=0490040C", "?mode=proposer",
    "equipes", "scenarios", "partager", "donnees",
)  # fmt: skip


@pytest.mark.slow
def test_every_icon_is_a_picture(visit: Visit) -> None:
    visit.open("equipes")
    visit.page.wait_for_function(_CUT)
    for page in PAGES:
        visit.open(page)
        assert visit.page.locator("[data-testid=stIconMaterial]").count()
        assert visit.page.evaluate(_WRITTEN_OUT) == [], page
