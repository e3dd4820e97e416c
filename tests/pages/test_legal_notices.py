"""The legal notices: criteria of accessibility, personal data, and a name erased."""

import re
from collections import Counter
from dataclasses import dataclass
from itertools import chain, repeat
from pathlib import Path

import pytest

from geozones.common.errors import InputError
from geozones.common.settings_file import contacts
from geozones.store import Store
from geozones.ui.notices import VERDICT, sections
from geozones.workspace.roles import LOCAL, Actor, NotAllowedError, Role
from geozones.workspace.upkeep import KEPT_MONTHS, erase_person
from helpers.holders import read_holders, write_holders
from helpers.page_texts import opened, read

ROOT = Path(__file__).parents[2]
#: How many criteria each of the 13 themes of RGAA 4.1 has.
_COUNTS = (9, 2, 3, 13, 8, 2, 5, 10, 4, 14, 13, 11, 12)


@dataclass(frozen=True, slots=True)
class Criterion:
    """A row of docs/rgaa.md; ``proof`` is a link to a test, or a day of examination by hand."""

    number: str
    subject: str
    status: str
    why: str
    proof: str


PAGE = (ROOT / "docs" / "rgaa.md").read_text(encoding="utf-8")
GRID = [
    Criterion(*(cell.strip() for cell in line.strip("|").split(" |")))
    for line in PAGE.splitlines()
    if re.match(r"\| \d", line)
]
STATUSES = Counter(one.status for one in GRID)


def test_the_grid_has_the_106_criteria_in_order_each_with_a_reason() -> None:
    themes = chain.from_iterable(repeat(theme, count) for theme, count in enumerate(_COUNTS, 1))
    ranks = chain.from_iterable(range(1, count + 1) for count in _COUNTS)
    wanted = [f"{theme}.{rank}" for theme, rank in zip(themes, ranks, strict=True)]
    assert [one.number for one in GRID] == wanted
    assert all(one.subject and one.why for one in GRID)
    assert STATUSES.keys() == {"conforme", "non conforme", "non applicable"}


@pytest.mark.parametrize(
    "one", [one for one in GRID if one.status == "conforme"], ids=lambda one: one.number
)
def test_a_criterion_that_is_met_names_its_test_or_the_day_it_was_looked_at(
    one: Criterion,
) -> None:
    link = re.fullmatch(r"\[(\w+)\]\(\.\./(\S+)\)", one.proof)
    if link:
        assert f"def {link[1]}(" in (ROOT / link[2]).read_text(encoding="utf-8")
    else:
        assert re.fullmatch(r"examen manuel du \d+ [a-zéû]+ 20\d\d", one.proof)


def test_what_is_met_is_at_least_88_percent_of_what_applies_and_both_pages_say_it() -> None:
    share = STATUSES["conforme"] / (STATUSES["conforme"] + STATUSES["non conforme"])
    assert 0.88 <= share < 1
    assert VERDICT == "partiellement conforme"
    for page in (PAGE, sections()["Accessibilité"]):
        assert f"**{VERDICT}**" in page
        assert f"{share:.0%}".replace("%", " %") in page
    assert all(f"{count} {status}" in PAGE for status, count in STATUSES.items())


def test_the_statement_says_what_is_not_met_and_whom_to_write_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tmp_path / "settings.toml"
    monkeypatch.setenv("GEOZONES_SETTINGS", str(settings))
    assert "Écrivez à l'administrateur de l'outil" in sections()["Accessibilité"]
    settings.write_text(
        '[service]\norganisation = "Région <b>"\naccessibility = "rgaa@region.example"\n'
        'personal_data = "https://dpo.region.example"\n',
        encoding="utf-8",
    )
    said = sections()
    assert "Écrivez à rgaa@region.example." in said["Accessibilité"]
    assert "Région <b> s'engage" in said["Accessibilité"]
    assert "écrivez à https://dpo.region.example." in said["Données personnelles"]
    assert f"{KEPT_MONTHS} mois après" in said["Données personnelles"]
    assert "des techniciens" in said["Données personnelles"]
    missed = [one for one in GRID if one.status == "non conforme"]
    named = re.findall(r"^- ([\d.]+) ([^:]+) :", said["Accessibilité"], re.MULTILINE)
    assert named == [(one.number, one.subject) for one in missed]
    settings.write_text('[service]\nphone = "02"\n', encoding="utf-8")
    with pytest.raises(InputError, match=r"réglage inconnu dans \[service\] : phone"):
        contacts({"GEOZONES_SETTINGS": str(settings)})


def test_a_technician_s_name_is_erased_at_request_by_an_administrator(
    store: Store, tmp_path: Path
) -> None:
    write_holders({"p1": "Grace Hopper", "p2": "grace hopper", "p3": "Alan Turing"}, tmp_path)
    with pytest.raises(NotAllowedError):
        erase_person(lambda: store, Actor("Max", Role.PLANNER), "Grace Hopper", tmp_path)
    said = erase_person(lambda: store, LOCAL, " Grace Hopper ", tmp_path)
    assert said.sentence.startswith("Nom effacé : 2\u00a0postes.")
    assert read_holders(tmp_path) == {"p3": "Alan Turing"}
    for nobody in ("Grace Hopper", " "):
        with pytest.raises(InputError):
            erase_person(lambda: store, LOCAL, nobody, tmp_path)


@pytest.mark.usefixtures("service")
def test_each_page_leads_to_the_notices_and_a_name_unknown_is_told() -> None:
    app = opened("donnees")
    assert 'href="donnees?partie=mentions#donnees-personnelles"' in read(app)
    app.query_params["partie"] = "mentions"
    app.run()
    assert not app.segmented_control
    (field,) = (field for field in app.text_input if field.label.startswith("Nom, comme"))
    field.set_value("Personne").run()
    (asks,) = app.get("popover")  # one more step: nothing brings a name back
    assert [button.key for button in asks.button] == ["mentions.effacer"]
    app.button(key="mentions.effacer").click().run()
    assert "Rien n'est signé « Personne »" in read(app)
    write_holders({"p1": "Grace Hopper"})
    (field,) = (field for field in app.text_input if field.label.startswith("Nom, comme"))
    field.set_value("Grace Hopper").run()
    app.button(key="mentions.effacer").click().run()
    assert "Nom effacé : 1\u00a0poste." in read(app)
    assert read_holders() == {}
    assert any("Défenseur des droits" in element.value for element in app.markdown)
