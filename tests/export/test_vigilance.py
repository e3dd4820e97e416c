"""Points to watch in files: the same list, the same number."""

import re
from dataclasses import replace

import pytest

from geozones.common.french import typeset
from geozones.export import Dossier, attributes
from geozones.export.dossier import NOT_COUNTED
from geozones.export.html import page
from geozones.export.registry import format_of
from geozones.metrics.metric_registry import watch_list
from geozones.workspace.figures.study import Study
from geozones.workspace.figures.vigilance import vigilance
from geozones.workspace.sharing.dossier import dossier
from geozones.workspace.sharing.exported_plan import ExportView, of_plan
from helpers.file_texts import slides_of


@pytest.fixture(scope="module")
def watched(toy_trial: Dossier) -> Dossier:
    """The plan of the trial as a plan without a before: its file lists all its points."""
    return replace(toy_trial, comparison=None)


def test_a_slide_lists_the_points_that_its_title_counts(watched: Dossier) -> None:
    known = watch_list(watched.points)
    assert (known.count, len(known.information)) == (2, 1)
    rows, texts = {}, {}
    for slide in slides_of(format_of("pptx").make(watched)):
        title = slide.shapes[0].text_frame.text
        texts[title] = "\n".join(s.text_frame.text for s in slide.shapes if s.has_text_frame)
        for shape in slide.shapes:
            if shape.has_table:
                rows[title] = len(shape.table.rows) - 1
    title = "2\u00a0points de vigilance"
    assert rows[title] == 2
    (information,) = (point.sentence for point in known.information)
    assert texts[title].index(NOT_COUNTED) < texts[title].index(typeset(information))


def test_the_number_is_that_of_the_page_information_left_out(study: Study) -> None:
    view = dossier(of_plan(study, "plan.json"), ExportView())
    known = watch_list(vigilance(study))
    count = known.count
    assert watch_list(view.points).text == known.text
    assert len(view.points) == count + 1
    zones = [attributes.of_zone(view, s, zone) for s in view.sectors for zone in s.zones]
    assert sum(zone["points_de_vigilance"] for zone in zones) == count
    opened = re.search(r"<summary><strong>([^<]*)</strong>", page(view).decode())
    assert opened is not None
    assert opened.group(1) == known.text
