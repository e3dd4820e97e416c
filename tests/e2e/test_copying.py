"""What the buttons that copy put in the clipboard, read there."""

import base64
import io

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from .conftest import NewVisit

_READ = """async () => {
  const [item] = await navigator.clipboard.read();
  const picture = await item.getType("image/png");
  const address = await new Promise((done) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result);
    reader.readAsDataURL(picture);
  });
  return address.split(",")[1];
}"""


def pressed(page: Page, name: str) -> None:
    button = page.get_by_role("button", name=name).first
    button.click()
    expect(page.get_by_role("button", name="Copié").first).to_be_visible()


@pytest.mark.slow
def test_a_view_is_copied_as_its_picture_and_as_its_whole_address(new_visit: NewVisit) -> None:
    visit = new_visit().open("?zone=MAY-1")
    page = visit.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visit.chip("Réglages")
    pressed(page, "Copier le lien de cette vue")
    assert page.evaluate("navigator.clipboard.readText()") == f"{visit.url}/?zone=MAY-1"
    page.keyboard.press("Escape")
    visit.follow("Partager", "partager")
    shown = page.locator("figure.gz-preview img")
    expect(shown).to_be_visible()
    pressed(page, "Copier l'image")
    with Image.open(io.BytesIO(base64.b64decode(page.evaluate(_READ)))) as copied:
        assert copied.format == "PNG"
        size = shown.evaluate("(img) => [img.naturalWidth, img.naturalHeight]")
        assert [copied.width, copied.height] == size
        assert copied.width >= 1600  # sharp on a slide
        assert len(copied.convert("RGB").getcolors(1 << 24) or []) > 500  # a map, not a blank
    page.context.clear_permissions()
    assert visit.errors == []
