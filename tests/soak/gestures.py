"""What the monkey does: each gesture takes the page, the dice and the address of the app."""

import random
from collections.abc import Callable, Sequence

from playwright.sync_api import FilePayload, Frame, Locator, Page

#: How often, and how; each says what it did.
type Gesture = tuple[int, Callable[[Page, random.Random, str], str]]

_SHORT = 1_500
_PATHS = ("", "equipes", "scenarios", "partager", "donnees", "atelier", "temps", "nulle-part")
_JUNK = (
    "", " ", "é" * 300, "<script>alert(1)</script>", "=1+1", "'; DROP TABLE scenarios; --", "0",
    "-1", "1e308", "NaN", "\u202e\u0000", "Laval", "0440062D", "mayenne", "[]", "{}", "🏫" * 40,
    "99999999999999999999", "../../etc/passwd", "12/13/2026", "zone:N1",
)  # fmt: skip
_ASKS = ("secteur", "zone", "lycee", "mode", "couche", "date", "plan", "scenario", "version",
         "partie", "embed", "avis", "retour")  # fmt: skip
_KEYS = (
    "Escape", "Tab", "Shift+Tab", "Enter", "Space", "ArrowDown", "ArrowLeft", "Control+z",
    "Control+y", "Control+a", "Delete", "l", "f", "PageDown",
)  # fmt: skip
#: What a frame of the page may claim that its user did.
_GESTURES: Sequence[object] = (
    {"event": "lycee", "id": {"a": 1}}, {"event": "lycee"}, {"event": "drop"},
    {"event": "drop", "id": "0440062D", "lat": "x", "lon": None, "rank": -1},
    {"event": "drop", "id": "0440062D", "lat": 1e400, "lon": 0, "rank": 1},
    {"event": "zone", "id": []}, {"event": "lasso", "ids": "abc"}, {"event": {}},
    {"event": "move", "moves": {"0440062D": 3}}, [], "x", 12, None, {"event": "key", "key": 5},
    {"event": "zone", "id": "nulle-part", "rank": 99999999},
    {"event": "lasso", "ids": [["a"], {"b": 1}, None], "rank": "1"},
)  # fmt: skip
_FILES = (
    FilePayload(name="vide.csv", mimeType="text/csv", buffer=b""),
    FilePayload(name="bruit.xlsx", mimeType="application/zip", buffer=bytes(range(256)) * 400),
    FilePayload(name="zip.ods", mimeType="application/zip", buffer=b"PK\x03\x04" + b"\0" * 90),
    FilePayload(name="profond.json", mimeType="application/json", buffer=b"[" * 500_000),
    FilePayload(name="objet.json", mimeType="application/json", buffer=b'{"sectors": [{"id": 3}]}'),
    FilePayload(
        name="scenario.json",
        mimeType="application/json",
        buffer=b'{"format":"geozones.scenario","version":1,"scenario":{"id":[],"events":5}}',
    ),
    FilePayload(
        name="liste.csv",
        mimeType="text/csv",
        buffer="Secteur;Zone;UAI;Nom;Ville\nMayenne;Z;0530010W;A;Laval\n;;;;".encode("latin-1"),
    ),
    FilePayload(
        name="besoins.csv", mimeType="text/csv", buffer=b"UAI;besoin\n0530010W;4\n0440062D;-9\nx;y"
    ),
    FilePayload(name="durees.csv", mimeType="text/csv", buffer=b"de;a;minutes\nLaval;Nantes;1e9\n"),
)


def _one(dice: random.Random, found: Locator) -> Locator | None:
    """Return one of the visible elements, or none."""
    shown = [element for element in found.all() if element.is_visible()]
    return dice.choice(shown) if shown else None


def _named(element: Locator) -> str:
    return " ".join(element.inner_text(timeout=_SHORT).split())[:40]


def _press(selector: str) -> Callable[[Page, random.Random, str], str]:
    def press(page: Page, dice: random.Random, _: str) -> str:
        element = _one(dice, page.locator(selector))
        if element is None:
            return "rien"
        name = _named(element)
        element.click(timeout=_SHORT)
        return f"« {name} »"

    return press


def _choose(page: Page, dice: random.Random, _: str) -> str:
    box = _one(dice, page.get_by_role("combobox"))
    if box is None:
        return "rien"
    box.click(timeout=_SHORT)
    option = _one(dice, page.get_by_role("option"))
    if option is None:
        page.keyboard.press("Escape")
        return "rien"
    name = _named(option)
    option.click(timeout=_SHORT)
    return f"« {name} »"


def _type(page: Page, dice: random.Random, _: str) -> str:
    field = _one(dice, page.locator("input:not([type=file]):not([type=checkbox]), textarea"))
    text = dice.choice(_JUNK)
    if field is None:
        return "rien"
    field.fill(text, timeout=_SHORT)
    field.press(dice.choice(("Enter", "Tab", "Control+Enter")), timeout=_SHORT)
    return repr(text[:20])


def _key(page: Page, dice: random.Random, _: str) -> str:
    key = dice.choice(_KEYS)
    for _rank in range(dice.randint(1, 4)):
        page.keyboard.press(key)
    return key


def _send(page: Page, dice: random.Random, url: str) -> str:
    inputs = page.locator('input[type="file"]').all()
    file = dice.choice(_FILES)
    if not inputs:
        page.goto(f"{url}/{dice.choice(('donnees', 'scenarios', 'partager'))}")
        return "va où l'on en envoie"
    dice.choice(inputs).set_input_files([file], timeout=_SHORT)
    return file["name"]


def _go(page: Page, dice: random.Random, url: str) -> str:
    path = dice.choice(_PATHS)
    asks = [f"{name}={dice.choice((*_JUNK, 'true', '1'))}" for name in dice.sample(_ASKS, 2)]
    page.goto(f"{url}/{path}" + (f"?{'&'.join(asks)}" if dice.random() < 0.6 else ""))
    return page.url[len(url) :][:80]


def _back(page: Page, dice: random.Random, url: str) -> str:
    how = dice.choice(("en arrière", "en avant", "recharge"))
    {"en arrière": page.go_back, "en avant": page.go_forward, "recharge": page.reload}[how]()
    if not page.url.startswith(url):
        page.goto(url)
    return how


def _map(page: Page) -> Frame | None:
    place = page.locator(".st-key-gz-map iframe")
    handle = place.element_handle(timeout=_SHORT) if place.count() else None
    return None if handle is None else handle.content_frame()


def _drag(page: Page, dice: random.Random, _: str) -> str:
    frame = _map(page)
    if frame is None:
        return "rien"
    place = _one(dice, frame.locator("[data-uai]"))
    box = None if place is None else place.bounding_box()
    if box is None:
        return "rien"
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    for _step in range(3):
        page.mouse.move(box["x"] + dice.randint(-300, 300), box["y"] + dice.randint(-300, 300))
    page.mouse.up()
    return "un lycée"


def _click_map(page: Page, dice: random.Random, _: str) -> str:
    frame = _map(page)
    if frame is None:
        return "rien"
    element = _one(dice, frame.locator("[data-uai], path[data-zone]"))
    if element is None:
        return "rien"
    element.dispatch_event(dice.choice(("click", "dblclick", "contextmenu")), timeout=_SHORT)
    return "carte"


def _claim(page: Page, dice: random.Random, _: str) -> str:
    frame = _map(page)
    claimed = dice.choice(_GESTURES)
    if frame is None:
        return "rien"
    frame.evaluate(
        "said => parent.postMessage({isStreamlitMessage: true, "
        "type: 'streamlit:setComponentValue', value: said, dataType: 'json'}, '*')",
        claimed,
    )
    return str(claimed)[:60]


GESTURES: dict[str, Gesture] = {
    "page": (7, _press("#gz-nav a")),
    "bouton": (10, _press('[data-testid="stMainBlockContainer"] button:not([disabled])')),
    "case": (3, _press('[data-testid="stCheckbox"] label, [data-testid="stRadio"] label')),
    "volet": (2, _press('details > summary, [data-testid="stPopover"] button')),
    "choix": (5, _choose),
    "texte": (4, _type),
    "touche": (4, _key),
    "fichier": (3, _send),
    "adresse": (2, _go),
    "navigateur": (1, _back),
    "glisser": (3, _drag),
    "clic sur la carte": (4, _click_map),
    "geste inventé": (3, _claim),
}
