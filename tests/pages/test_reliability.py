"""The part « Minutes » of the page « Données »: references, a matrix of another process."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from geozones.workspace.figures.study import open_study
from geozones.workspace.reachability.matrix import build_matrix
from geozones.workspace.roles import LOCAL
from helpers.page_texts import opened, read

FILE = "temps_de_reference.csv"


def reliability() -> AppTest:
    return opened("donnees", partie="minutes")


def test_the_accuracy_is_that_of_the_half_that_did_not_fit_the_model() -> None:
    text = read(reliability())
    author = "l'équipe du projet, de mémoire, en novembre 2026"
    assert (
        "Sur 135\u00a0trajets, la fourchette de l'outil contient, pour 85 % d'entre eux "
        f"(80 % visés), la durée donnée par {author}. L'écart moyen est de 9,7 %."
    ) in text
    assert "14\u202f042\u00a0trajets : modèle routier du 25 novembre 2026" in text
    assert "sont livrées avec les données" in text
    assert "geozones " not in text


@pytest.mark.parametrize("former", ["fiabilite", "pointe", "moteurs"])
def test_addresses_of_former_parts_lead_to_the_minutes(former: str) -> None:
    app = opened("donnees", partie=former)
    assert app.segmented_control(key="DataView.part").value == "minutes"
    assert "D'où viennent les durées" in read(app)


@pytest.mark.slow
def test_a_region_without_references_is_told_what_to_do(opened_copy: Path) -> None:
    (opened_copy / FILE).unlink()
    text = read(reliability())
    assert "Aucune durée de référence n'accompagne ces données" in text
    assert "Vos trajets mesurés" in text


@pytest.mark.slow
def test_damaged_references_are_told_and_one_s_own_may_still_be_compared(opened_copy: Path) -> None:
    (opened_copy / FILE).write_text("de,a,minutes\nNulle-Part,Angers,12\n", encoding="utf-8")
    text = read(reliability())
    assert f"Le fichier de données {FILE} est altéré. Ligne 2, de" in text
    assert "Vos trajets mesurés" in text


def page() -> None:
    import streamlit as st  # noqa: PLC0415

    from geozones.ui.opened_data import current_analysis, read_publications  # noqa: PLC0415

    read_publications()
    st.text(str(current_analysis().territory.drives.times.estimated_pairs > 1000))


@pytest.mark.usefixtures("service")
def test_a_matrix_written_by_another_process_is_seen_at_the_next_drawing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEOZONES_HOME", str(tmp_path))
    app = AppTest.from_function(page, default_timeout=60).run()
    assert app.text[0].value == "False"
    # what another process does: its file is all that this one can see of it
    drives = open_study().territory.drives
    build_matrix(drives, LOCAL, ["estimate"], communes=False)
    assert app.run().text[0].value == "True"
    drives.settings.matrix.unlink()
    assert app.run().text[0].value == "False"
    assert not app.exception
