"""The signs of zones on sheets: one for each status, marks over them, and what the legend says."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from geozones.domain import DecisionStatus
from geozones.domain.terms import worded
from geozones.render import Scene
from geozones.render.figure import Figure
from geozones.render.palette import contrast
from geozones.render.signs import (
    CHANGED,
    HALO,
    MEANINGS,
    OUTLINES,
    PILLS,
    hatching,
    lines_around,
    pill_css,
    signs_of,
    swatch_css,
)
from geozones.workspace.figures.study import Study

from .conftest import Draw
from .sheets import Drawn, scene, sheet

PUBLISHED, RETAINED, PROPOSED, DRAFT = DecisionStatus


def sheet_of(study: Study, shown: Scene) -> Drawn:
    return Drawn(Figure((shown,), study.atlas.ground, sheet()))


def with_zone(shown: Scene, code: str, **changes: object) -> Scene:
    zones = [replace(z, **changes) if z.id == code else z for z in shown.zones]  # type: ignore[arg-type]
    return replace(shown, zones=tuple(zones))


def outlines(drawn: Drawn) -> list[tuple[str, bool]]:
    """Return the lines around areas of a drawing: colour, and whether dashed."""
    return [
        (path["stroke"], "stroke-dasharray" in path)
        for path in drawn.paths
        if "stroke" in path and path["d"].endswith("z")
    ]


def hatched(paths: Sequence[Mapping[str, str]], least: int = 20) -> set[str]:
    """Return the colours of the parallel lines of a drawing, of two points each."""
    straight = re.compile(rf"(M\d+ \d+l-?\d+[ -]\d+){{{least},}}")
    return {path["stroke"] for path in paths if straight.fullmatch(path["d"])}


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"status": RETAINED}, OUTLINES[RETAINED][-1]),
        ({"status": PROPOSED}, OUTLINES[PROPOSED][-1]),
        ({"changed": True}, CHANGED[-1]),
    ],
    ids=["retained", "proposed", "changed"],
)
def test_a_sheet_outlines_a_zone_by_its_status_and_where_it_changed(
    study: Study, drawn: Draw, changes: dict[str, object], line: object
) -> None:
    shown = scene(study, "mayenne")
    sign = (line.colour, bool(line.dash))  # type: ignore[attr-defined]
    plain = drawn("mayenne")
    assert sign not in outlines(plain)
    marked = sheet_of(study, with_zone(shown, "MAY-2", **changes))
    assert sign in outlines(marked)
    assert hatched(marked.paths) == hatched(plain.paths)


def test_a_chosen_zone_has_a_halo_and_only_drafts_are_hatched(study: Study, drawn: Draw) -> None:
    shown = replace(scene(study, "mayenne"), selected_zones=frozenset({"MAY-2"}))
    assert (HALO[-1].colour, False) in outlines(sheet_of(study, shown))
    shown = scene(study, "sarthe")
    zone = next(z for z in shown.zones if z.id == "SAR-1")
    assert hatching(zone.colour, zone.ink) in hatched(drawn("sarthe").paths)
    published = with_zone(shown, "SAR-1", status=PUBLISHED, changed=True)
    assert hatching(zone.colour, zone.ink) not in hatched(sheet_of(study, published).paths)


def test_a_legend_says_the_signs_that_zones_need_and_no_other() -> None:
    assert signs_of([]) == []
    said = signs_of([(DRAFT, False), (PUBLISHED, True)])
    assert [sign for sign, _ in said] == ["publie", "brouillon", "changed"]
    assert set(MEANINGS) == {*DecisionStatus, "changed"}


def test_the_signs_of_a_sheet_are_in_its_legend(study: Study) -> None:
    shown = with_zone(scene(study, "mayenne"), "MAY-1", status=RETAINED)
    shown = with_zone(shown, "MAY-2", changed=True)
    told = sheet_of(study, shown).words
    for sign in ("publie", "retenu", "changed"):
        assert worded(MEANINGS[sign]) in told, sign
    assert "brouillon de l" not in told


def test_no_two_swatches_are_alike_and_hatching_is_seen_on_pale_and_dark() -> None:
    looks = {
        swatch_css("#aabbcc", status, changed=c) for status in DecisionStatus for c in (False, True)
    }
    assert len(looks) == 2 * len(DecisionStatus)
    assert len({pill_css(status) for status in DecisionStatus}) == len(DecisionStatus)
    for colour in ("#ffffff", "#e0f8e3", "#204060", "#000000"):
        assert contrast(colour, hatching(colour, "#14507a")) > 1.15


@pytest.mark.parametrize("status", DecisionStatus)
def test_a_changed_zone_has_one_dashed_line_in_the_colour_of_its_status(
    study: Study, status: DecisionStatus
) -> None:
    shown = with_zone(scene(study, "mayenne"), "MAY-2", status=status, changed=True)
    (line,) = OUTLINES[status][-1:] or CHANGED[-1:]
    assert (line.colour, True) in outlines(sheet_of(study, shown))
    edge, mark = lines_around(status, changed=True)
    assert (mark.colour, mark.dash) == (line.colour, CHANGED[-1].dash)
    assert (edge.colour, edge.dash) == ("#ffffff", ())  # no second colour winds round it


@pytest.mark.parametrize("status", DecisionStatus)
def test_the_word_of_a_status_is_read_on_its_badge_and_begins_its_meaning(
    status: DecisionStatus,
) -> None:
    assert contrast(PILLS[status].text, PILLS[status].fill) >= 4.5
    assert MEANINGS[status].startswith(status.label)


def test_lines_are_told_from_every_tint_without_their_colour(study: Study) -> None:
    tints = study.atlas.palette.zone.values()
    for line in (OUTLINES[RETAINED][-1], OUTLINES[PROPOSED][-1], HALO[0]):
        assert min(contrast(line.colour, tint) for tint in tints) >= 3
    assert min(contrast(CHANGED[-1].colour, tint) for tint in (*tints, CHANGED[0].colour)) >= 2
