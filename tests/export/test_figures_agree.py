"""One scenario, every format: the same figures of the very view asked for, before and after."""

import csv
import io
import json
from html import unescape

import openpyxl
import pytest

from geozones.common.french import typeset
from geozones.export import Dossier
from geozones.export.attributes import figure
from geozones.metrics import metric
from geozones.metrics.metric_changes import scope_of
from geozones.workspace.figures.study import Study
from helpers.file_texts import READERS, deck_and_notes

from .conftest import LOOKS, Drawn

#: Figures that change when D leaves « Le Bocage » for « La Côte ».
KEYS = ("max_minutes", "mean_minutes", "worst_releve_minutes")


def _plain(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").split())


def _close(text: str) -> str:
    """A text without spaces: the text of a PDF has none between a digit and its unit."""
    return _plain(text).replace(" ", "")


@pytest.mark.parametrize("view", LOOKS)
@pytest.mark.parametrize("key", ["pptx", "pdf", "html"])
def test_a_document_writes_each_figure_of_its_view_before_and_after(
    toy_views: dict[str, Dossier], drawn: Drawn, key: str, view: str
) -> None:
    shown = toy_views[view]
    read = deck_and_notes if key == "pptx" else READERS[key]
    text = _plain(read(drawn(shown, key)))
    changes = {change.metric.key: change for change in shown.comparison.changes}
    for change in shown.comparison.headline:
        named = f"{change.metric.short}{scope_of(change)}"
        assert _plain(named) in text, named
        shown_as = change.arrow(change.told_digits)  # as on screen
        assert _close(shown_as) in _close(text), change.metric.key
    told = [change for change in changes.values() if change.difference_text not in {"=", "—"}]
    assert told
    for change in told:
        for value in (change.before_text, change.after_text, change.difference_text):
            assert _close(value) in _close(text), (change.metric.key, value)
    points = shown.comparison.points
    for point in (*points.new, *points.worse, *points.lifted):
        assert _plain(point) in text


@pytest.mark.parametrize("view", LOOKS)
def test_data_files_hold_the_figures_of_both_states(
    toy_views: dict[str, Dossier], drawn: Drawn, toy: Study, view: str
) -> None:
    shown = toy_views[view]
    features = json.loads(drawn(shown, "geojson"))["features"]
    zones = {f["properties"]["id"]: f["properties"] for f in features if f["id"].startswith("zon")}
    text = drawn(shown, "csv").decode("utf-8-sig")
    rows = {row["zone_id"]: row for row in csv.DictReader(io.StringIO(text), delimiter=";")}
    assert zones.keys() == {zone.id for zone in shown.zones} == rows.keys()
    for zone in shown.zones:
        for key in KEYS:
            column, now = metric(key).column, figure(zone.values[key])
            assert zones[zone.id][column] == now
            beside = rows[zone.id].get(f"zone_{column}", str(now)).replace(",", ".")
            assert float(beside) == now
            assert zones[zone.id][f"avant_{column}"] == figure(toy.area(zone_id=zone.id)[key])


@pytest.mark.parametrize("view", LOOKS)
def test_the_workbook_sums_up_its_view_and_what_changes(
    toy_views: dict[str, Dossier], drawn: Drawn, view: str
) -> None:
    shown = toy_views[view]
    book = openpyxl.load_workbook(io.BytesIO(drawn(shown, "xlsx")))
    heads, *lines = [list(row) for row in book["Synthèse"].values]
    column = next(rank for rank, head in enumerate(heads) if "Trajet le plus long" in str(head))
    assert [line[column] for line in lines][-1] == shown.values["max_minutes"]
    assert lines[0][2] == (shown.sectors[0].rns or "non publié")
    watched = sum(point.is_alert for point in shown.points)
    assert lines[-1][-1] == watched
    told = {row[1]: row[2:4] for row in book["Ce qui change"].values if row[1]}
    for change in shown.comparison.changes:
        assert told[typeset(f"{change.metric.file_label}{scope_of(change)}")] == (
            change.before_text,
            change.after_text,
        )


def test_the_exported_page_has_a_list_for_each_state(
    toy_views: dict[str, Dossier], drawn: Drawn
) -> None:
    text = unescape(drawn(toy_views["region"], "html").decode())
    before = text[text.index('data-when="before"') : text.index("Ce qui change par rapport")]
    assert "Avant : Plan de départ" in before.replace("\u00a0", " ")
    # D is with E and F in the list before
    bocage = before[before.index('data-zone="N2"') : before.index('data-sector="sud"')]
    assert 'data-lycee="D"' in bocage
