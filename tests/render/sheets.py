"""What the tests of sheets draw, and what they read off a drawing."""

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import typst

from geozones.domain import Plan
from geozones.export.change_scenes import near_changes
from geozones.export.pictures import laid_out
from geozones.render import Scene
from geozones.render.figure import Figure
from geozones.render.sheet import Sheet
from geozones.render.typeface import MONO_NAME, typeface
from geozones.workspace.figures.study import Study
from geozones.workspace.maps import SceneOptions, build_scene
from helpers.drawn_view import page_words

WORDS = {
    "title": "Secteurs et zones de continuité",
    "subtitle": "Plan livré, trois secteurs publiés et quatre brouillons",
    "date": "2026-01-15",
    "scenario": "Plan livré",
    "version": "3",
    "status": "à l'étude",
    "engine": "Temps de trajet : modèle routier, voiture hors trafic",
    "sources": ("Région Pays de la Loire", "Annuaire de l'éducation"),
}
SECTORS = (
    "maine-et-loire",
    "mayenne",
    "sud-loire-cholet",
    "nantes",
    "nord-loire",
    "sarthe",
    "vendee",
)
ZONES = ("zone:MAY-3", "zone:NAN-5")
VIEWS = ("region", *SECTORS, *ZONES, "pair", "bare")


def sheet(size: str = "hd", **words: object) -> Sheet:
    return Sheet.named(size, **{**WORDS, **words})


def moved(study: Study) -> Plan:
    return study.plan.move("0720012X", "SAR-4").move("0720055U", "MAY-3")


def scene(study: Study, view: str = "region", plan: Plan | None = None) -> Scene:
    """Return what a view shows; ``zone:ID`` has every other zone aside."""
    shown = plan or study.plan
    if view.startswith("zone:"):
        code = view.removeprefix("zone:")
        whole = build_scene(study.with_plan(shown), SceneOptions(sector=shown.zone(code).sector))
        zones = tuple(replace(zone, aside=zone.id != code) for zone in whole.zones)
        bounds = study.territory.shape(shown.members(code)).bounds
        return replace(whole, zones=zones, view=replace(whole.view, bounds=bounds))
    return build_scene(
        study.with_plan(shown), SceneOptions(sector=view if view in SECTORS else None)
    )


SVG = "{http://www.w3.org/2000/svg}"

#: Left, lower, right and upper edge, in pixels, y downwards.
type Extent = tuple[float, float, float, float]


@dataclass(frozen=True)
class Line:
    """Line of text of a drawing, its size and place in pixels."""

    gid: str
    text: str
    at: tuple[float, float]
    size: float
    anchor: str
    face: str
    colour: str


def paths_of(root: ET.Element) -> list[dict[str, str]]:
    """Return the attributes of every path that is drawn, with its commands as ``d``."""
    paths = list(root.iter(f"{SVG}path"))
    named = {f"#{path.get('id')}": path.attrib["d"] for path in paths}
    uses = root.iter(f"{SVG}use")
    return [dict(path.attrib) for path in paths if "fill" in path.attrib] + [
        {**use.attrib, "d": named[use.attrib["href"]]} for use in uses
    ]


@dataclass(frozen=True)
class Drawn:
    """A picture with its maps drawn."""

    figure: Figure

    @property
    def sheet(self) -> Sheet:
        return self.figure.sheet

    @cached_property
    def page(self) -> dict[str, Any]:
        return laid_out(self.figure)

    @cached_property
    def words(self) -> str:
        return page_words(self.figure)

    @cached_property
    def roots(self) -> list[ET.Element]:
        """Each map."""
        return [ET.fromstring(each["svg"]) for each in self.page["maps"]]  # noqa: S314 - just drawn

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of a map, in pixels."""
        root = self.roots[0]
        pixel = 10 / self.sheet.unit
        return float(root.attrib["width"]) / pixel, float(root.attrib["height"]) / pixel

    @cached_property
    def paths(self) -> list[dict[str, str]]:
        """Paths of all its maps: see `paths_of`."""
        return [path for root in self.roots for path in paths_of(root)]

    @cached_property
    def lines(self) -> list[Line]:
        """Every line of text of the first map."""
        pixel = 10 / self.sheet.unit
        return [
            Line(
                node.get("id", ""),
                "".join(node.itertext()),
                (float(node.attrib["x"]) / pixel, float(node.attrib["y"]) / pixel),
                float(node.attrib["font-size"]) / pixel,
                node.get("text-anchor", "start"),
                "bold" if node.get("font-weight") else node.get("font-style", "regular"),
                node.attrib["fill"],
            )
            for node in self.roots[0].iter(f"{SVG}text")
        ]

    def texts(self, start: str = "label-") -> dict[str, str]:
        """Return the lines of text by their name."""
        return {line.gid: line.text for line in self.lines if line.gid.startswith(start)}

    def boxes(self) -> dict[str, Extent]:
        """Return what typst says each name covers, its lines together."""
        named = [line for line in self.lines if line.gid]
        boxes: dict[str, Extent] = {}
        for line, (wide, above, below) in zip(named, measured(named), strict=True):
            part = {"start": 0.0, "middle": 0.5, "end": 1.0}[line.anchor]
            left, base = line.at[0] - part * wide, line.at[1]
            name = line.gid.rpartition("-")[0]
            old = boxes.get(name, (left, base - above, left + wide, base + below))
            boxes[name] = (
                min(old[0], left),
                min(old[1], base - above),
                max(old[2], left + wide),
                max(old[3], base + below),
            )
        return boxes


_MEASURE = """
#let lines = json(bytes(sys.inputs.lines))
#set text(font: json(bytes(sys.inputs.fonts)), top-edge: "bounds")
#let line(it, below) = measure(text(
  size: it.size * 1pt,
  weight: if it.face == "bold" { "bold" } else { "regular" },
  style: if it.face == "italic" { "italic" } else { "normal" },
  bottom-edge: below,
  it.text,
))
#context [#metadata(lines.map(it => {
  let (whole, above) = (line(it, "bounds"), line(it, "baseline"))
  (whole.width.pt(), above.height.pt(), (whole.height - above.height).pt())
})) <sizes>]
"""


def measured(lines: Sequence[Line]) -> list[tuple[float, float, float]]:
    """Return the width of lines, and their height above and below the base line, as typeset."""
    told = [{"text": line.text, "size": line.size, "face": line.face} for line in lines]
    with tempfile.TemporaryDirectory() as folder:
        for path in {path for paths in typeface().files.values() for path in paths}:
            (Path(folder) / path.name).symlink_to(path)
        source = Path(folder) / "measure.typ"
        source.write_text(_MEASURE)
        answer = typst.query(
            source,
            "<sizes>",
            field="value",
            one=True,
            font_paths=[folder],
            ignore_system_fonts=True,
            sys_inputs={
                "lines": json.dumps(told),
                "fonts": json.dumps((*typeface().names, MONO_NAME)),
            },
        )
    return [(wide, above, below) for wide, above, below in json.loads(answer)]


def draw_view(study: Study, view: str) -> Drawn:
    """Return a view of the shipped plan on its sheet."""
    ground = study.atlas.ground
    if view == "pair":
        page = sheet(title="Avant et après")
        after = scene(study, plan=moved(study))
        scenes = near_changes(scene(study), after)
        return Drawn(Figure(scenes, ground, page, ("Avant", "Après"), (False, False)))
    if view == "bare":
        return Drawn(Figure((scene(study, "vendee"),), ground, Sheet(2000, 1300, 288, bare=True)))
    return Drawn(Figure((scene(study, view),), ground, sheet()))
