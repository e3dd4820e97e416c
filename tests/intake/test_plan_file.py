"""Plan files: what is taken, and every way of refusing one in a French sentence."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geozones.domain import DecisionStatus, Milestone, PlanFileError, Sector
from geozones.domain.decisions import decisions_of
from geozones.intake.plan_file import MAX_BYTES, plan_to_json, read_plan
from geozones.workspace.figures.study import Study

type Document = dict[str, Any]
lycees = st.sampled_from("ABCDEFGHI")
zones = st.sampled_from(["N1", "N2", "S1"])


@pytest.fixture
def document(toy: Study) -> Document:
    """The toy plan as a plan file, to be spoiled."""
    return plan_to_json(toy.plan)


@pytest.fixture
def refused(toy: Study) -> Callable[[Any], str]:
    """Read a plan that must be refused; return the message."""

    def read(content: Any) -> str:
        if not isinstance(content, str | bytes):
            content = json.dumps(content)
        with pytest.raises(PlanFileError) as caught:
            read_plan(content, toy.plan)
        said = str(caught.value)
        assert said.startswith(("Ce plan ", "Ce fichier "))
        assert said.endswith(".")
        assert said.isprintable() or set(said) & {"\u00a0"}
        assert "\n" not in said
        assert len(said) < 1500
        return said

    return read


def zone_of(document: Document, zone: str) -> Document:
    zones = [z for sector in document["sectors"] for z in sector["zones"] if z["id"] == zone]
    return dict_of(zones[0])


def dict_of(value: Any) -> Document:
    assert isinstance(value, dict)
    return value


@given(steps=st.lists(st.tuples(lycees, zones)))
def test_a_plan_written_and_read_again_is_the_same(
    toy: Study, steps: list[tuple[str, str]]
) -> None:
    plan = toy.plan
    for step in steps:
        plan = plan.move(*step)
    again = read_plan(json.dumps(plan_to_json(plan)), toy.plan).plan
    assert again == plan
    assert hash(again) == hash(plan)


def test_the_shipped_plan_survives_the_trip_as_text_and_as_bytes(study: Study) -> None:
    text = json.dumps(plan_to_json(study.plan), ensure_ascii=False)
    assert read_plan(text, study.plan).plan == study.plan
    assert read_plan(text.encode(), study.plan).plan == study.plan
    assert read_plan(b"\xef\xbb\xbf" + text.encode(), study.plan).plan == study.plan


def test_a_plan_without_format_nor_version_is_one_of_today(toy: Study, document: Document) -> None:
    del document["format"], document["version"]
    assert read_plan(json.dumps(document), toy.plan).plan == toy.plan


def test_a_zone_renamed_added_or_emptied_is_kept(toy: Study, document: Document) -> None:
    zone_of(document, "N1")["name"] = "  Les   Puits "
    document["sectors"][1]["zones"].append({"id": "S2", "name": "Neuve", "lycees": []})
    plan = read_plan(json.dumps(document), toy.plan).plan
    assert plan.zone("N1").name == "Les Puits"
    assert plan.members("S2") == ()


@given(cut=st.floats(0, 1, exclude_max=True))
def test_a_truncated_file_is_refused_wherever_it_is_cut(toy: Study, cut: float) -> None:
    text = json.dumps(plan_to_json(toy.plan))
    with pytest.raises(PlanFileError, match="tronqué"):
        read_plan(text[: int(len(text) * cut)], toy.plan)


@pytest.mark.parametrize(
    "content", ["", "bonjour", b"\x89PNG\r\n\x1a\n", b"\xff\xfe\x00", "{'sectors': []}"]
)
def test_what_is_not_json_is_refused(refused: Callable[[Any], str], content: str | bytes) -> None:
    assert "tronqué ou n'est pas du JSON" in refused(content)


@pytest.mark.parametrize("content", [[], 12, "plan", None, {}, {"zones": []}])
def test_json_that_is_not_a_plan_is_refused(refused: Callable[[Any], str], content: Any) -> None:
    assert "« sectors »" in refused(json.dumps(content))


@pytest.mark.parametrize("version", [0, 2, "1", None, "2\nx", {"a": [1] * 50}])
def test_a_plan_of_another_version_is_refused(
    refused: Callable[[Any], str], document: Document, version: Any
) -> None:
    document["version"] = version
    said = refused(document)
    assert "autre version" in said
    assert "lit la version 1" in said


#: What spoils a plan file, and what is then said.
SPOILS: list[tuple[Callable[[Document], object], str]] = [
    *(
        (lambda d, name=name: zone_of(d, "N1").update(name=name), "le nom d'une zone doit être un")
        for name in ("", "   ", None, 12, ["N1"], {"fr": "x"})
    ),
    (lambda d: zone_of(d, "N1").update(name="é" * 201), "un texte de 1 à 200 caractères"),
    (lambda d: zone_of(d, "N1").update(name="\ud800"), "caractère illisible"),
    (lambda d: d.update(format="autre.outil"), "autre version"),
    (lambda d: zone_of(d, "N2")["lycees"].append("A"), "lycées présents deux fois : A"),
    (lambda d: zone_of(d, "N1")["lycees"].append("A"), "lycées présents deux fois : A"),
    (lambda d: zone_of(d, "N1")["lycees"].remove("A"), "lycées absents : A"),
    (lambda d: zone_of(d, "N1")["lycees"].append("Z"), "lycées inconnus : Z"),
    (
        lambda d: d["sectors"][1]["zones"].append({"id": "N1", "name": "Bis", "lycees": []}),
        "zones en double : N1",
    ),
    (
        lambda d: d["sectors"].append({**d["sectors"][1], "zones": []}),
        "secteurs en double : sud",
    ),
    *(
        (lambda d, field=field: d["sectors"][0].pop(field), f"il y manque un champ « {field} »")
        for field in ("id", "name", "status", "zones")
    ),
    *(
        (
            lambda d, status=status: d["sectors"][0].update(status=status),
            "doit être « publie » ou « retenu » ou « propose » ou « brouillon »",
        )
        for status in ("secret", None, [], {"a": 1})
    ),
    *(
        (
            lambda d, centre=centre: d["sectors"][0].update(support_centre=centre),
            "le code d'un centre support doit être un texte",
        )
        for centre in (12, ["A"], {"id": "A"}, "")
    ),
    (
        lambda d: d["sectors"][0].update(support_centre="0490003M"),
        "centres support inconnus : 0490003M",
    ),
    *(
        (lambda d, value=value: zone_of(d, "N1").update(lycees=value), "")
        for value in (None, 12, [], {}, [12], [None], [["A"]])
    ),
]


@pytest.mark.parametrize(("spoil", "said"), SPOILS)
def test_a_plan_that_is_spoiled_is_refused_with_what_is_wrong(
    refused: Callable[[Any], str],
    document: Document,
    spoil: Callable[[Document], object],
    said: str,
) -> None:
    spoil(document)
    assert said in refused(document)


def test_every_fault_is_told_at_once(refused: Callable[[Any], str], document: Document) -> None:
    zone_of(document, "N1")["lycees"][:] = ["B", "C", "Z", "D"]
    said = refused(document)
    assert "inconnus : Z" in said
    assert "deux fois : D" in said
    assert "absents : A" in said


def test_a_plan_has_sectors_of_its_own(toy: Study, document: Document) -> None:
    moved = document["sectors"].pop()["zones"]
    document["sectors"][0] |= {
        "name": "Grand Nord",
        "rns": "Mary Jackson",
        "support_centre": "B",
        "technicians": 3,
        "experimental": False,
        "milestones": [{"date": "2026-09-01", "text": "Généralisation", "uncertain": True}],
        "note": "Réunit les deux.",
    }
    document["sectors"][0]["zones"] += moved
    document["sectors"].append(
        {"id": "est", "name": "Est", "status": "propose", "origin": "region", "zones": []}
    )
    north, east = read_plan(json.dumps(document), toy.plan).plan.sectors
    assert (north.name, north.rns, north.support_centre) == ("Grand Nord", "Mary Jackson", "B")
    assert (north.technicians, north.experimental) == (3, False)
    assert north.milestones == (Milestone("2026-09-01", "Généralisation", uncertain=True),)
    assert north.note == "Réunit les deux."
    assert east == Sector("est", "Est", DecisionStatus.PROPOSED)
    again = read_plan(json.dumps(document), toy.plan).plan
    assert read_plan(json.dumps(plan_to_json(again)), toy.plan).plan == again


def test_a_retained_sector_is_a_proposal_where_its_file_is_opened(
    toy: Study, document: Document
) -> None:
    document["sectors"][1]["status"] = "retenu"
    assert read_plan(json.dumps(document), toy.plan).plan.sectors[1].status == "propose"


def test_statuses_that_are_worked_out_are_written_and_read_back(toy: Study) -> None:
    plan = toy.plan.move("A", "N2")
    document = plan_to_json(plan, decisions=decisions_of(plan, toy.plan))
    assert [s["status"] for s in document["sectors"]] == ["publie", "brouillon"]
    assert [s["origin"] for s in document["sectors"]] == ["region", "outil"]
    assert [z["status"] for s in document["sectors"] for z in s["zones"]] == [
        "publie",
        "publie",
        "brouillon",
    ]
    assert read_plan(json.dumps(document), toy.plan).plan == plan


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("technicians", -1, "un entier de 0 à 50"),
        ("technicians", 51, "un entier de 0 à 50"),
        ("technicians", True, "un entier de 0 à 50"),
        ("technicians", "2", "un entier de 0 à 50"),
        ("experimental", "oui", "vrai ou faux"),
        ("note", "é" * 4001, "4000 caractères au plus"),
        ("note", None, "4000 caractères au plus"),
        ("note", "\ud800", "4000 caractères au plus"),
        ("milestones", {"date": "2026-09-01"}, "une liste de 50 dates"),
        ("milestones", [{"date": "2026-09-01", "text": "x"}] * 51, "une liste de 50 dates"),
        ("milestones", ["2026-09-01"], "n'est pas un objet"),
        ("milestones", [{"date": "1/9/2026", "text": "x"}], "année-mois-jour"),
        ("milestones", [{"date": "2026-02-30", "text": "x"}], "année-mois-jour"),
        ("milestones", [{"date": "20260901", "text": "x"}], "année-mois-jour"),
        ("milestones", [{"date": "2026-09-01", "text": " "}], "a un texte de 1 à"),
        ("milestones", [{"date": "2026-09-01", "text": "é" * 301}], "a un texte de 1 à"),
        ("milestones", [{"date": "2026-09-01", "text": "\ud800"}], "a un texte de 1 à"),
        ("milestones", [{"date": "2026-09-01", "text": "x", "uncertain": 1}], "a un texte"),
        ("origin", "moi", "« region » ou « outil »"),
        ("origin", None, "« region » ou « outil »"),
        ("rns", "é" * 201, "le nom d'un RNS doit être un texte de 1 à 200"),
    ],
)
def test_a_detail_of_a_sector_out_of_its_range_is_refused(
    refused: Callable[[Any], str], document: Document, field: str, value: Any, said: str
) -> None:
    document["sectors"][0][field] = value
    assert said in refused(document)


@pytest.mark.parametrize("sectors", [None, 12, [None], ["nord"], [[]], {"nord": {}}])
def test_sectors_of_the_wrong_shape_are_refused(
    refused: Callable[[Any], str], sectors: Any
) -> None:
    assert "n'a pas la forme d'un plan" in refused({"sectors": sectors})


def test_a_file_over_5_megabytes_is_refused_unread(refused: Callable[[Any], str]) -> None:
    assert "trop gros" in refused(b" " * (MAX_BYTES + 1))
    assert "trop gros" in refused("[" * (MAX_BYTES + 1))


@pytest.mark.parametrize(
    "bomb",
    [
        "[" * 100_000,
        '{"sectors":' * 50_000,
        "[" * 9_000 + "]" * 9_000,
        '{"sectors": ' + "[" * 20_000 + "]" * 20_000 + "}",
    ],
)
def test_a_nested_bomb_is_refused(refused: Callable[[Any], str], bomb: str) -> None:
    refused(bomb)
