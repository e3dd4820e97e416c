"""« geozones teams …» as a script calls it."""

import io
import re
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from geozones.cli import main
from helpers.fixture_types import Refused, Run

#: With as much time as a busy machine needs for the proof.
PROPOSE = ("teams", "propose")


@pytest.fixture(scope="module")
def posts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The posts proposed for a zone, searched once: these tests only read them."""
    path = tmp_path_factory.mktemp("teams") / "postes.json"
    with redirect_stdout(io.StringIO()):
        assert main([*PROPOSE, "--zone", "MAY-3", "--out", str(path)]) == 0
    return path


def test_propose_gives_posts_with_their_week_and_their_proof(answer: Run) -> None:
    found = answer(*PROPOSE, "--zone", "MAY-3")
    (zone,) = found["zones"]
    assert (zone["status"], zone["gap"], zone["why"]) == ("optimal", 0, "")
    assert zone["criteria"][0] == {"name": "Postes", "value": 5, "bound": 5}
    assert len(zone["posts"]) == 5
    first = zone["posts"][0]
    assert first["label"] == "T.I.P. 1 – zone Laval"
    assert set(first["half_days"]) >= {"lundi matin", "vendredi après-midi"}
    assert first["residence"] in first["half_days"].values()


def test_needs_say_what_they_go_by_and_what_a_file_would_change(
    answer: Run, refused: Refused, tmp_path: Path
) -> None:
    before = answer("teams", "needs", "--zone", "MAY-3")
    rows = {row["id"]: row for row in before["zones"]["MAY-3"]["lycees"]}
    assert (rows["0530012A"]["half_days"], rows["0530012A"]["source"]) == (12, "eleves")
    assert rows["0530081A"]["source"] == "type"
    assert answer("teams", "needs")["half_days"] == 909
    table = tmp_path / "postes.csv"
    table.write_text("UAI;postes\n0530012A;900\n0530010Y;0,5\n", encoding="cp1252")
    after = answer("teams", "needs", "--zone", "MAY-3", "--file", str(table))
    assert after["half_days"] == before["half_days"]
    (said,) = after["rejected"]
    assert said.startswith("Ligne 3, colonne « postes » : Le nombre de postes informatiques")
    assert said.endswith("un nombre entier, de 0 à 20\u202f000, pas « 0,5 ».")
    by_type = answer("teams", "needs", "--basis", "type")
    assert (by_type["half_days"], by_type["rule"]["basis"]) == (909, "type")
    assert "de 0 à 10" in refused("teams", "needs", "--site", "60")
    assert "n'existe pas" in refused("teams", "needs", "--file", "nul.csv")


def test_absence_says_who_comes_for_each_half_day(answer: Run, posts: Path) -> None:
    found = answer(
        "teams", "absence", "MAY-3:1", "--from", "2026-01-05", "--to", "2026-01-09",
        "--posts", str(posts),
    )  # fmt: skip
    assert found["post"] == "T.I.P. 1 – zone Laval"
    assert found["missed"] == len(found["reliefs"]) > 0
    given = found["given_free"] + found["given_by_tis"]
    assert found["missed"] == given + found["reduced"] + found["unattended"]
    assert found["empty"] == found["unattended"]
    came = [row for row in found["reliefs"] if row["by"]]
    assert came
    for row in found["reliefs"]:
        assert row["by"] != found["post"]
        assert "2026-01-05" <= row["date"] <= "2026-01-09"
    for row in came:
        assert row["low"] <= row["minutes"] <= row["high"]
        assert row["estimated"] is False or row["minutes"] > 0


@pytest.fixture
def full_posts(answer: Run, tmp_path: Path) -> Path:
    """Posts of MAY-1: three for 27 half-days, so that an absence leaves lycées empty."""
    path = tmp_path / "pleins.json"
    answer("teams", "propose", "--zone", "MAY-1", "--out", str(path))
    return path


def test_what_each_absence_leaves_is_told_of_each_post(answer: Run, full_posts: Path) -> None:
    found = answer("teams", "absence", "--sector", "mayenne", "--posts", str(full_posts))
    assert found["zones_without_posts"] == ["MAY-2", "MAY-3", "MAY-4"]
    assert [row["zone"] for row in found["posts"]] == ["MAY-1"] * 3
    assert sum(row["missed"] for row in found["posts"]) == 27
    row = found["posts"][0]
    assert 0 < row["empty"] == sum(row["lycees"].values()) <= row["missed"]
    # a week of class of this post alone, from the first day
    week = ("--from", "2026-01-05", "--to", "2026-01-09", "--posts", str(full_posts))
    assert answer("teams", "absence", row["id"], *week)["empty"] == row["empty"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("absence", "MAY-3:1", "--from", "2026-01-09", "--to", "2026-01-05"), "inversez"),
        (("absence", "MAY-3:1", "--from", "hier", "--to", "2026-01-05"), "AAAA-MM-JJ"),
        (("absence", "MAY-3:9", "--from", "2026-01-05", "--to", "2026-01-05"), "a 5"),
        (("absence", "MAY-3:1", "--from", "2026-01-05", "--to", "2027-02-08"), "400 jours"),
        (("absence", "nul", "--from", "2026-01-05", "--to", "2026-01-05"), "Aucun poste"),
        (("absence", "MAY-3:²", "--from", "2026-01-05", "--to", "2026-01-05"), "Aucun poste"),
        (("absence", "--zone", "nulle"), "Aucune zone"),
        (("absence", "--from", "2026-01-05", "--to", "2026-01-05"), "avec un poste"),
        (("absence", "--cap", "3"), "avec un poste"),
        (("absence", "MAY-3:1"), "avec --from et --to"),
        (("absence", "MAY-3:1", "--from", "2026-01-05"), "avec --from et --to"),
        (
            ("absence", "MAY-3:1", "--from", "2026-01-05", "--to", "2026-01-05", "--zone", "MAY-3"),
            "sans --zone",
        ),
        (("resilience", "--zone", "MAY-3"), "remplacée par « teams absence »"),
    ],
)
def test_bad_questions_are_refused_in_one_line(
    refused: Refused, posts: Path, words: tuple[str, ...], said: str
) -> None:
    assert said in refused("teams", *words, "--posts", str(posts))


def test_a_damaged_file_of_posts_is_refused(refused: Refused, tmp_path: Path) -> None:
    path = tmp_path / "postes.json"
    path.write_text('{"format": "geozones.posts", "posts": [', encoding="utf-8")
    assert "tronqué" in refused("teams", "absence", "--posts", str(path))


def test_propose_names_lycees_in_its_text(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["teams", "propose", "--zone", "MEL-4"]) == 0
    said = capsys.readouterr().out
    assert "résidence Duplessis-Mornay (Saumur) : lundi matin " in said
    assert "après-midi libre" in said
    assert not re.search(r"\b0\d{6}[A-Z]\b", said)


def test_the_texts_read_for_themselves(
    full_posts: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    posts = full_posts
    assert main(["teams", "absence", "--sector", "mayenne", "--posts", str(posts)]) == 0
    said = capsys.readouterr().out
    assert re.search(
        r"T\.I\.P\. \d – zone .+ : \d\N{NO-BREAK SPACE}demi-journées? par semaine sans", said
    )
    assert "aucun poste défini : " in said
    words = ["--from", "2026-01-05", "--to", "2026-01-05", "--posts", str(posts)]
    assert main(["teams", "absence", "MAY-1:2", *words]) == 0
    assert "demi-journée" in capsys.readouterr().out
