"""« geozones teams …» as a script calls it."""

import io
import json
import re
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from geozones.cli import main
from geozones.common.french import number

type Run = Callable[..., Any]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*words: str, status: int = 0) -> Any:
        assert main([*words, "--json"] if status == 0 else list(words)) == status
        out, err = capsys.readouterr()
        if status:
            assert out == ""
            assert err.count("\n") == 1
            return err
        return json.loads(out)

    return call


@pytest.fixture(scope="module")
def posts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The posts proposed for a zone, searched once: these tests only read them."""
    path = tmp_path_factory.mktemp("teams") / "postes.json"
    with redirect_stdout(io.StringIO()):
        assert main(["teams", "propose", "--zone", "MAY-3", "--out", str(path)]) == 0
    return path


def test_propose_gives_posts_with_their_week_and_their_proof(run: Run) -> None:
    answer = run("teams", "propose", "--zone", "MAY-3")
    (zone,) = answer["zones"]
    assert (zone["status"], zone["gap"], zone["why"]) == ("optimal", 0, "")
    assert zone["criteria"][0] == {"name": "Postes", "value": 5, "bound": 5}
    assert len(zone["posts"]) == 5
    first = zone["posts"][0]
    assert first["label"] == "T.I.P. 1 – zone Laval"
    assert set(first["half_days"]) >= {"lundi matin", "vendredi après-midi"}
    assert first["residence"] in first["half_days"].values()


def test_propose_names_lycees_in_its_text(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["teams", "propose", "--zone", "MEL-4"]) == 0
    said = capsys.readouterr().out
    assert "résidence Edgard Pisani (Montreuil-Bellay) : lundi matin " in said
    assert "mercredi après-midi libre" in said
    assert not re.search(r"\b0\d{6}[A-Z]\b", said)


def test_needs_say_what_they_go_by_and_what_a_file_would_change(run: Run, tmp_path: Path) -> None:
    before = run("teams", "needs", "--zone", "MAY-3")
    rows = {row["id"]: row for row in before["zones"]["MAY-3"]["lycees"]}
    assert (rows["0530012A"]["half_days"], rows["0530012A"]["source"]) == (12, "eleves")
    assert rows["0530081A"]["source"] == "type"
    assert run("teams", "needs")["half_days"] == 909
    table = tmp_path / "postes.csv"
    table.write_text("UAI;postes\n0530012A;900\n0530010Y;0,5\n", encoding="cp1252")
    after = run("teams", "needs", "--zone", "MAY-3", "--file", str(table))
    assert after["half_days"] == before["half_days"]
    (said,) = after["rejected"]
    assert said.startswith("Ligne 3, colonne « postes » : Le nombre de postes informatiques")
    assert said.endswith("un nombre entier, de 0 à 20\u202f000, pas « 0,5 ».")
    by_type = run("teams", "needs", "--basis", "type")
    assert (by_type["half_days"], by_type["rule"]["basis"]) == (909, "type")
    assert "de 0 à 10" in run("teams", "needs", "--site", "60", status=2)
    assert "n'existe pas" in run("teams", "needs", "--file", "nul.csv", status=2)


def test_absence_says_who_comes_for_each_half_day(run: Run, posts: Path) -> None:
    answer = run(
        "teams", "absence", "MAY-3:1", "--from", "2026-01-05", "--to", "2026-01-09",
        "--posts", str(posts),
    )  # fmt: skip
    assert answer["post"] == "T.I.P. 1 – zone Laval"
    assert answer["missed"] == len(answer["reliefs"]) > 0
    given = answer["given_free"] + answer["given_by_tis"]
    assert answer["missed"] == given + answer["reduced"] + answer["unattended"]
    assert answer["empty"] == answer["unattended"]
    came = [row for row in answer["reliefs"] if row["by"]]
    assert came
    for row in answer["reliefs"]:
        assert row["by"] != answer["post"]
        assert "2026-01-05" <= row["date"] <= "2026-01-09"
    for row in came:
        assert row["low"] <= row["minutes"] <= row["high"]
        assert row["estimated"] is False or row["minutes"] > 0


def test_resilience_gives_figures_by_zone_and_null_where_no_post_is(run: Run, posts: Path) -> None:
    words = ("teams", "resilience", "--sector", "mayenne", "--posts", str(posts))
    answer = run(*words, "--years", "50")
    assert answer["zones"]["MAY-3"]["single"]["missed"] == 42
    assert answer["zones"]["MAY-3"]["years"]["years"] == 50
    assert answer["zones"]["MAY-1"]["single"] is None
    assert answer["zones"]["MAY-1"]["posts"] is None
    assert answer["area"]["zones_without_posts"] == ["MAY-1", "MAY-2", "MAY-4"]
    assert answer["sectors"]["mayenne"]["posts"] == 5


def test_the_texts_read_for_themselves(posts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["teams", "resilience", "--zone", "MAY-1", "--posts", str(posts)]) == 0
    assert "non renseigné" in capsys.readouterr().out
    words = ["--from", "2026-01-05", "--to", "2026-01-05", "--posts", str(posts)]
    assert main(["teams", "absence", "MAY-3:2", *words]) == 0
    assert "demi-journée" in capsys.readouterr().out


@pytest.mark.slow
def test_simulated_years_are_told_in_the_text_too(
    run: Run, posts: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["teams", "resilience", "--sector", "mayenne", "--posts", str(posts)]
    year = run(*words, "--years", "50")["zones"]["MAY-3"]["years"]
    assert main([*words, "--years", "50"]) == 0
    (line,) = (row for row in capsys.readouterr().out.splitlines() if "tirées au sort" in row)
    assert "50\N{NO-BREAK SPACE}années tirées au sort (graine 2025)" in line
    assert f"{number(year['missed'], 1)} manquées" in line
    assert "T.I.S." not in line
    assert year["uncovered"] == year["unattended"]
    assert f"{number(year['unattended']['mean'], 1)} sans technicien" in line
    mean, error = year["rupture"]["mean"], year["rupture"]["standard_error"]
    (margin,) = re.findall(rf"{number(mean, 2)} ± ([\d,]+) de rupture", line)
    # the JSON rounds the error to two decimals
    assert float(margin.replace(",", ".")) == pytest.approx(2 * error, abs=0.02)
    assert main([*words, "--years", "1"]) == 0  # one year has no error
    assert " ± " not in capsys.readouterr().out
    assert main(words) == 0
    assert "au sort" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("absence", "MAY-3:1", "--from", "2026-01-09", "--to", "2026-01-05"), "inversez"),
        (("absence", "MAY-3:1", "--from", "hier", "--to", "2026-01-05"), "AAAA-MM-JJ"),
        (("absence", "MAY-3:9", "--from", "2026-01-05", "--to", "2026-01-05"), "a 5"),
        (("absence", "MAY-3:1", "--from", "2026-01-05", "--to", "2027-02-08"), "400 jours"),
        (("absence", "nul", "--from", "2026-01-05", "--to", "2026-01-05"), "Aucun poste"),
        (("absence", "MAY-3:²", "--from", "2026-01-05", "--to", "2026-01-05"), "Aucun poste"),
        (("propose", "--zone", "MAY-3", "--time-limit", "-5"), "durée de recherche"),
        (("resilience", "--zone", "nulle"), "Aucune zone"),
        (("resilience", "--zone", "MAY-3", "--years", "10", "--seed", "-1"), "graine"),
        (("resilience", "--zone", "MAY-3", "--years", "10", "--rate", "3"), "taux d'absence"),
    ],
)
def test_bad_questions_are_refused_in_one_line(
    run: Run, posts: Path, words: tuple[str, ...], said: str
) -> None:
    assert said in run("teams", *words, "--posts", str(posts), status=2)


@pytest.mark.slow
def test_the_tis_replace_nobody_unless_it_is_supposed(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "un.json"
    run("teams", "propose", "--zone", "MAY-1", "--out", str(path))
    document = json.loads(path.read_text(encoding="utf-8"))
    document["posts"] = document["posts"][:1]
    path.write_text(json.dumps(document), encoding="utf-8")
    words = ["teams", "absence", "MAY-1:1", "--from", "2026-01-05", "--to", "2026-01-09"]
    words += ["--posts", str(path)]
    plain, supposed = run(*words), run(*words, "--tis-replaces")
    assert (plain["tis_replaces"], supposed["tis_replaces"]) == (False, True)
    assert {row["by"] for row in plain["reliefs"]} == {None}
    assert {row["by"] for row in supposed["reliefs"]} == {"T.I.S."}
    assert main(words) == 0
    assert "ne remplacent personne : le document ne le dit pas" in capsys.readouterr().out
    standing = ["teams", "resilience", "--zone", "MAY-1", "--posts", str(path), "--years", "50"]
    assert run(*standing)["zones"]["MAY-1"]["single"]["empty"] > 0
    answer = run(*standing, "--tis-replaces")
    assert answer["zones"]["MAY-1"]["single"]["empty"] == 0
    assert main([*standing, "--tis-replaces"]) == 0
    said = capsys.readouterr().out
    assert "Hypothèse : un T.I.S. remplace un T.I.P. absent" in said
    assert "données par un T.I.S." in said


def test_a_damaged_file_of_posts_is_refused(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "postes.json"
    path.write_text('{"format": "geozones.posts", "posts": [', encoding="utf-8")
    assert "tronqué" in run("teams", "resilience", "--posts", str(path), status=2)


def test_needs_that_cannot_be_met_are_explained(run: Run) -> None:
    answer = run("teams", "propose", "--zone", "MAY-3", "--max-posts", "2")
    (zone,) = answer["zones"]
    assert zone["status"] == "infeasible"
    assert "42 demi-journées" in zone["why"]
    assert "que 20" in zone["why"]
