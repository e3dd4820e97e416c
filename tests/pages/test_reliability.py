"""The part « Fiabilité » where its references are missing or damaged."""

import html
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from geozones.workspace.reachability.roads import RECIPE

APP = Path(__file__).parents[2] / "app.py"
FILE = "temps_de_reference.csv"


def reliability(part: str = "fiabilite") -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=60).run()
    app.switch_page("pages/donnees.py").run()
    app.segmented_control(key="DataView.part").set_value(part).run()
    assert not app.exception
    return app


def shown(app: AppTest) -> str:
    """What the page writes, with its tags."""
    return html.unescape("\n".join(element.proto.body for element in app.get("html")))


def test_the_errors_are_those_of_the_half_that_did_not_fit_the_model() -> None:
    text = shown(reliability())
    assert "les 135 autres, gardées pour le contrôle" in text
    assert "Sur 135\u00a0trajets, l'outil s'écarte en moyenne de" in text
    author = "l'équipe du projet, de mémoire, en novembre 2026"
    share = "85 % des trajets (80 % visés)"
    assert f"Sa fourchette contient, pour {share}, la durée donnée par {author}." in text
    assert "durée connue" not in text.casefold()


def test_each_kind_of_drive_has_its_bias_and_how_many_intervals_hold() -> None:
    text = re.sub(r"<[^>]+>", "|", shown(reliability()))
    rows = {
        kind: re.search(rf"{kind} \([^|]*\)\|+(\d+)\|+([\d,]+) %\|+([+−][\d,]+|0) %", text)
        for kind in ("Courts", "Moyens", "Longs")
    }
    assert {kind: row and row[1] for kind, row in rows.items()} == {
        "Courts": "28", "Moyens": "42", "Longs": "65",
    }  # fmt: skip
    assert "88 %" in text


def test_engines_say_what_their_intervals_hold_and_how_to_have_other_minutes() -> None:
    text = shown(reliability("moteurs"))
    assert "y tombent 85 % des 135 trajets de contrôle" in text
    for step in RECIPE:
        assert f"<code>{step.command}</code>" in text


@pytest.mark.slow
def test_a_region_without_references_is_told_what_to_do(opened_copy: Path) -> None:
    (opened_copy / FILE).unlink()
    text = shown(reliability())
    assert "Aucune durée de référence n'accompagne ces données" in text
    assert "Vos trajets mesurés" in text


@pytest.mark.slow
def test_damaged_references_are_told_and_one_s_own_may_still_be_compared(opened_copy: Path) -> None:
    (opened_copy / FILE).write_text("de,a,minutes\nNulle-Part,Angers,12\n", encoding="utf-8")
    text = shown(reliability())
    assert f"Le fichier de données {FILE} est altéré. Ligne 2, de" in text
    assert "Vos trajets mesurés" in text
