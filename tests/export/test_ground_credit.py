"""Whose data a map is drawn on is said wherever it is drawn; without a ground nothing is."""

import io
import json
import re
import zipfile

import pytest

from geozones.export.deck import pptx
from geozones.export.geo import geojson
from geozones.export.html import page
from geozones.export.pictures import laid_out, sheet_of
from geozones.features.webinar.document import webinar_page
from geozones.features.webinar.use_cases import make_webinar
from geozones.render import MapGround
from geozones.render.figure import Figure
from geozones.render.figure.basemap import OUTSIDE
from geozones.render.scene_json import ground_json
from geozones.render.sheet import Sheet
from geozones.workspace.figures.study import Study
from geozones.workspace.sharing.dossier import dossier
from geozones.workspace.sharing.exported_plan import ExportView, of_baseline
from helpers.drawn_view import drawn_view, page_words
from helpers.slow_params import slow_but

CREDIT = "© les contributeurs d’OpenStreetMap"
PLACES = ("Morbihan", "Saumur")
BARE = Sheet(1200, 800, 144, bare=True)


def test_the_credit_of_a_map_has_curly_apostrophes() -> None:
    sent = json.loads(ground_json(MapGround(credit="terres tracées par l'outil")))
    assert sent["credit"] == "terres tracées par l’outil"


def test_without_a_ground_a_picture_has_neither_credit_nor_sea(study: Study) -> None:
    view = dossier(of_baseline(study.analysis), ExportView())
    figure = Figure((view.scene,), MapGround(departements=view.ground.departements), BARE)
    told = page_words(figure)
    assert CREDIT not in told
    assert not any(name in told for name in PLACES)
    (shown,) = laid_out(figure)["maps"]
    rects = re.findall(r"<rect[^>]*>", shown["svg"])
    panels = [panel for panel in rects if f'fill="{OUTSIDE}"' in panel]
    assert panels
    sent = json.loads(ground_json(MapGround()))
    assert (sent["land"], sent["rivers"], sent["credit"]) == (None, [], "")


@pytest.mark.parametrize(
    "kind", slow_but(["picture", "html", "webinar", "geojson"], "html", "webinar", "geojson")
)
def test_each_file_says_the_credit(study: Study, kind: str) -> None:
    subject = of_baseline(study.analysis)
    view = dossier(subject, ExportView())
    made = {
        "picture": lambda: drawn_view(view),
        "html": lambda: page(view),
        "webinar": lambda: webinar_page(make_webinar(subject).webinar),
        "geojson": lambda: geojson(view),
    }
    text = made[kind]().decode()
    assert CREDIT in text.replace("\\u00a9", "©").replace("\\u2019", "’")
    assert sheet_of(view, "hd").sources[-1].startswith("Fond de carte : ©")


def test_a_deck_says_the_credit_among_its_sources(study: Study) -> None:
    view = dossier(of_baseline(study.analysis), ExportView("sector", "mayenne"))
    files = zipfile.ZipFile(io.BytesIO(pptx(view)))
    slides = [name for name in files.namelist() if name.startswith("ppt/slides/slide")]
    assert any(CREDIT in files.read(name).decode() for name in slides)
