"""Zones coloured by any metric: classes, legend, and what has no value. See the toy region."""

import pytest

from geozones.common.errors import InputError
from geozones.domain import Zone
from geozones.domain.plan import plan_of
from geozones.domain.teams import Teams
from geozones.render.palette import NO_VALUE
from geozones.workspace.maps.reach import Colouring, colour_zones, colourings
from geozones.workspace.study import Study, study_of
from geozones.workspace.teams.staff import Staff

NBSP = "\u00a0"


def said(colouring: Colouring, zone: str) -> str:
    """Return what the legend says of the colour of a zone."""
    (words,) = [words for colour, words in colouring.legend if colour == colouring.colours[zone]]
    return words


def test_without_posts_zones_are_coloured_by_minutes_sizes_and_alerts(toy: Study) -> None:
    assert colourings(toy) == {
        "mean_minutes": "Trajet moyen entre collègues (min)",
        "max_minutes": "Trajet le plus long (min)",
        "lycees": "Lycées",
        "pivot_minutes": "Trajet moyen depuis le pivot (min)",
        "worst_releve_minutes": "Relève la plus lente (min)",
        "support_mean_minutes": "Trajet moyen depuis le centre support (min)",
        "support_max_minutes": "Lycée le plus loin du centre support (min)",
        "total_hours": "Coût annuel (h)",
        "road_hours": "Heures de route par an",
        "rupture_hours": "Heures de rupture par an",
        "unattended_hours": "Heures sans technicien par an",
        "workload": "Besoin de présence (demi-journées)",
        "workload_balance": "Besoin le plus fort, rapporté à la moyenne",
        "gathered_posts": "T.I.P. réunis pour une intervention lourde",
        "vigilance": "Points de vigilance",
    }


def test_those_of_posts_come_last_where_there_are_posts(toy: Study) -> None:
    staff = Staff(toy.with_teams(Teams()))
    posts = [post for each in staff.propose(["N1"], staff.options()) for post in each.posts]
    study = toy.with_teams(Teams().with_posts(["N1"], posts))
    added = list(colourings(study))[len(colourings(toy)) :]
    assert added[0] == "unmet"
    assert {"unmet", "cover_median_minutes", "cover_near_share"} <= set(added)
    assert list(colourings())[-len(added) :] == added
    share = colour_zones(study, "cover_near_share")
    assert share.legend[0][1] == f"plus de 80{NBSP}%"
    assert share.colours["N1"] == share.legend[0][0]
    assert said(share, "N2") == "non renseigné"


def test_the_threshold_of_the_rules_is_a_bound_and_the_legend_says_it(toy: Study) -> None:
    """Longest drives: 22 min in N1, 20 in N2 and S1."""
    usual = colour_zones(toy, "max_minutes")
    assert [words for _, words in usual.legend] == [
        f"20{NBSP}min au plus",
        "20 à 45",
        f"plus de 45{NBSP}min",
    ]
    assert (said(usual, "N1"), said(usual, "S1")) == ("20 à 45", f"20{NBSP}min au plus")
    assert usual.title == "Trajet le plus long (min)"
    assert usual.note == f"le plus clair est le meilleur · alerte au-delà de 45{NBSP}min"
    strict = colour_zones(study_of(toy.analysis.with_max_minutes(21), toy.state), "max_minutes")
    assert (said(strict, "N2"), said(strict, "N1")) == (
        f"21{NBSP}min au plus",
        f"plus de 21{NBSP}min",
    )
    assert f"au-delà de 21{NBSP}min" in strict.note


def test_each_usual_size_is_a_class_and_those_around_are_alerts(toy: Study) -> None:
    moved = colour_zones(toy.with_plan(toy.plan.move("D", "N1")), "lycees")
    assert [words for _, words in moved.legend] == ["2 au plus", "3", "4", "5", "plus de 5"]
    assert [said(moved, zone) for zone in ("N1", "N2", "S1")] == ["4", "2 au plus", "3"]
    assert (
        moved.note == "du plus petit, clair, au plus grand · alerte sous 3 ; au-delà de 5, à savoir"
    )


def test_zones_are_coloured_by_their_alerts(toy: Study) -> None:
    study = toy.with_plan(toy.plan.move("D", "N1"))
    alerts = colour_zones(study, "vigilance")
    assert [words for _, words in alerts.legend] == ["0", "1", "2", "plus de 2"]
    assert said(alerts, "S1") == "0"
    assert said(alerts, "N2") == "1"
    assert {breach.zone for breach in study.check()} >= {"N2"}


def test_a_zone_without_a_value_is_grey_and_the_legend_says_so(toy: Study) -> None:
    """S1 has no support centre; alone in a zone, a lycée has no colleague."""
    support = colour_zones(toy, "support_max_minutes")
    assert support.colours["S1"] == NO_VALUE
    assert support.legend[-1] == (NO_VALUE, "sans valeur")
    assert NO_VALUE not in dict(colour_zones(toy, "max_minutes").legend)
    plan = toy.plan
    zones = (*plan.zones, Zone("X", "Seul", "sud"), Zone("V", "Vide", "sud"))
    alone = toy.with_plan(plan_of(plan.sectors, zones, dict(plan.zone_by_lycee) | {"I": "X"}))
    longest = colour_zones(alone, "max_minutes")
    assert said(longest, "X") == "sans valeur"
    assert "V" not in longest.colours


def test_a_zone_that_no_road_joins_is_of_the_worst_class(cut_toy: Study) -> None:
    longest = colour_zones(cut_toy, "max_minutes")
    assert said(longest, "N1") == f"plus de 45{NBSP}min, ou sans accès"
    assert longest.colours["N1"] == longest.legend[-1][0]


def test_a_move_changes_no_class_so_that_only_two_zones_change_colour(study: Study) -> None:
    for key in colourings(study):
        before = colour_zones(study, key)
        lycee = study.plan.members("MAY-2")[0]
        after = colour_zones(study.with_plan(study.plan.move(lycee, "MAY-1")), key)
        assert before.legend == after.legend
        changed = {zone for zone in before.colours if before.colours[zone] != after.colours[zone]}
        assert changed <= {"MAY-1", "MAY-2"}


def test_classes_share_the_zones_of_the_region_out_between_round_figures(study: Study) -> None:
    """A class holds an equal part of the zones, within half of it; counts take whole figures."""
    zones = len(study.plan.zones)
    for key in (
        "mean_minutes",
        "max_minutes",
        "pivot_minutes",
        "worst_releve_minutes",
        "road_hours",
        "rupture_hours",
        "pupils",
        "workload",
        "workload_balance",
    ):
        colouring = colour_zones(study, key)
        used = [list(colouring.colours.values()).count(colour) for colour, _ in colouring.legend]
        assert len(used) >= 4, key
        assert min(used) >= 1, key
        assert max(used) <= 1.6 * zones / len(used), (key, used)
    assert colour_zones(study, "max_minutes").legend[-1][1] == f"plus de 45{NBSP}min"


def test_minutes_say_how_many_are_estimated(study: Study) -> None:
    assert "estimation partielle dans" in colour_zones(study, "mean_minutes").note
    assert "estimé" not in colour_zones(study, "lycees").note


def test_a_figure_that_colours_no_zone_is_refused(toy: Study) -> None:
    for key in ("objective", "worst_pair", "zones", "</style>", ""):
        with pytest.raises(InputError, match="choisissez-en un de la liste"):
            colour_zones(toy, key)


def test_colourings_are_told_apart_at_their_first_words() -> None:
    # in a narrow list, the end of a long name is cut
    firsts = [name[:24] for name in colourings().values()]
    assert len(set(firsts)) == len(firsts)
