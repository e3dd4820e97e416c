"""What the tests of sheets draw, and what they read off a figure."""

from dataclasses import dataclass, replace

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from geozones.domain import Plan
from geozones.export.change_scenes import near_changes
from geozones.render import Scene
from geozones.render.figure import draw, draw_before_after
from geozones.render.sheet import Sheet
from geozones.workspace.maps.plan_scene import SceneOptions, build_scene
from geozones.workspace.study import Study

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
VIEWS = ("region", *SECTORS, *ZONES, "pair", "portrait", "bare")


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


@dataclass(frozen=True)
class Drawn:
    """A figure and its sheet."""

    figure: Figure
    sheet: Sheet

    def texts(self, start: str = "label-") -> dict[str, Text]:
        """Return the lines of text by their name."""
        texts = self.figure.findobj(Text)
        return {t.get_gid(): t for t in texts if (t.get_gid() or "").startswith(start)}

    def boxes(self) -> dict[str, tuple[float, float, float, float]]:
        """Return what matplotlib says each name covers, its lines together, in pixels."""
        renderer = FigureCanvasAgg(self.figure).get_renderer()
        boxes: dict[str, tuple[float, float, float, float]] = {}
        for gid, text in self.texts().items():
            with mpl.rc_context({"text.hinting": "no_hinting"}):  # as in a file
                extent = text.get_window_extent(renderer)
            name = gid.rpartition("-")[0]
            old = boxes.get(name, tuple(extent.extents))
            boxes[name] = (
                min(old[0], extent.x0),
                min(old[1], extent.y0),
                max(old[2], extent.x1),
                max(old[3], extent.y1),
            )
        return boxes


def draw_view(study: Study, view: str) -> Drawn:
    """Return a view of the shipped plan on its sheet."""
    if view == "pair":
        page = sheet(title="Avant et après")
        after = scene(study, plan=moved(study))
        scenes = near_changes(scene(study), after)
        figure = draw_before_after(*scenes, study.atlas.ground, page, ("Avant", "Après"))
        return Drawn(figure, page)
    if view == "portrait":
        page = sheet("a4", portrait=True)
        return Drawn(draw(scene(study, "mayenne"), study.atlas.ground, page), page)
    if view == "bare":
        page = Sheet(2000, 1300, 288, bare=True)
        return Drawn(draw(scene(study, "vendee"), study.atlas.ground, page), page)
    page = sheet()
    return Drawn(draw(scene(study, view), study.atlas.ground, page), page)
