"""Shades of very many zones: found without nesting calls."""

from geozones.render.palette import Shade, shades


def grid(count: int, width: int) -> dict[str, set[str]]:
    """Zones in rows: each touches those left, right, above and below."""
    return {
        str(rank): {
            str(other)
            for other in (rank - 1, rank + 1, rank - width, rank + width)
            if 0 <= other < count
        }
        for rank in range(count)
    }


def test_three_thousand_zones_have_a_shade_and_neighbours_two_levels() -> None:
    near = grid(3000, 55)
    found = shades([*near], near, {}, {})
    assert list(found) == [*near]
    assert all(found[zone].level != found[other].level for zone in near for other in near[zone])


def test_a_search_that_must_go_back_finds_the_only_levels_left() -> None:
    """The last zone touches three that took all levels but the darkest: some must change."""
    near = {"a": {"d"}, "b": {"d"}, "c": {"d"}, "e": {"d"}, "d": {"a", "b", "c", "e"}}
    own = {zone: Shade(level, 0) for level, zone in enumerate("abce")}
    found = shades(["a", "b", "c", "e", "d"], near, {}, own)
    assert all(found["d"].level != found[zone].level for zone in "abce")
