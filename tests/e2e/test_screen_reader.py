"""What Chromium's accessibility tree holds of Carte: what a screen reader is given to say."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import CDPSession, expect

from .conftest import Visit, still

RACAN = "0720012X"  # Montval-sur-Loir, zone MAY-2
SAINT_CALAIS = (47.92, 0.745)  # in zone SAR-4
CHEVROLLIER = "0490003M"  # support centre of Maine-et-Loire, which cannot leave it
#: Roles of what one acts on: each has a name.
ACTED_ON = {
    "button", "checkbox", "combobox", "link", "menuitem", "option", "radio", "slider", "spinbutton",
    "switch", "tab", "textbox",
}  # fmt: skip


@dataclass(frozen=True)
class Node:
    role: str
    name: str
    pressed: bool


def tree(visit: Visit) -> list[Node]:
    """Return all that is told, of the page and of the map in it."""
    session = visit.page.context.new_cdp_session(visit.page)
    found = list(nodes(session))
    session.detach()
    return found


def nodes(session: CDPSession) -> Iterator[Node]:
    frames = session.send("Page.getFrameTree")["frameTree"]
    for frame in (frames, *frames.get("childFrames", ())):
        answer = session.send("Accessibility.getFullAXTree", {"frameId": frame["frame"]["id"]})
        for node in answer["nodes"]:
            if not node["ignored"]:
                yield told(node)


def told(node: dict[str, Any]) -> Node:
    states = {each["name"]: each["value"].get("value") for each in node.get("properties", ())}
    name = node.get("name", {}).get("value", "").replace("\xa0", " ").replace("\u202f", " ")
    return Node(node["role"]["value"], name, states.get("pressed") == "true")


def named(found: list[Node], role: str, pattern: str) -> list[Node]:
    return [node for node in found if node.role == role and re.search(pattern, node.name)]


def test_all_has_a_name_and_what_is_chosen_moved_or_refused_is_told(atelier: Visit) -> None:
    found = tree(atelier)
    assert [node for node in found if node.role in ACTED_ON and not node.name] == []
    assert named(found, "application", "^Carte des secteurs et des zones de continuité$")
    assert named(found, "heading", "^Carte")
    assert len(named(found, "button", ", zone [0-9]+, secteur ")) == 119
    zones = named(found, "button", "^Zone .*, secteur .*, [0-9]+ lycées?, (publié|brouillon)")
    assert len(zones) == 32
    # signs and shapes of the map are said once, by those buttons
    images = {"image", "img", "graphics-symbol"}
    assert [node for node in found if node.role in images and node.name] == []
    # what is chosen, moved or refused is in the tree
    assert not any(node.pressed for node in named(found, "button", "^Lycée "))
    atelier.pick(RACAN)
    expect(atelier.page.locator(".gz-lycee-card h3")).to_have_text("Racan")
    still(atelier.page)
    found = tree(atelier)
    chosen = [node.name for node in found if node.pressed and node.name.startswith("Lycée")]
    assert [name[:31] for name in chosen] == ["Lycée Racan, Montval-sur-Loir, "]
    assert named(found, "heading", "^Racan$")
    assert named(found, "table", "^De la plus favorable à la moins favorable")
    assert named(found, "button", "^Mamers – La Ferté-Bernard")
    atelier.drag(RACAN, *SAINT_CALAIS)
    expect(atelier.tables().get_by_text("1 changement fait")).to_be_visible()
    still(atelier.page)
    found = tree(atelier)
    assert spoken(found, r"Racan \(Montval-sur-Loir\) rejoint Mamers")
    assert named(found, "button", "^Lycée Racan, Montval-sur-Loir, zone [0-9]+, secteur Sarthe")
    atelier.drag(CHEVROLLIER, *SAINT_CALAIS)
    read = atelier.page.locator("[role=status], [role=alert]")
    expect(read.filter(has_text="Déplacement refusé")).to_have_count(1)
    still(atelier.page)
    assert spoken(tree(atelier), "Déplacement refusé. .*Chevrollier")


def spoken(found: list[Node], pattern: str) -> bool:
    """Tell whether a text stands in the tree after what is read by itself."""
    roles = [node.role for node in found]
    assert {"status", "alert"} & set(roles)
    return any(re.search(pattern, node.name) for node in found if node.role == "StaticText")
