"""The directory, in the documented format of Explore v2.1."""

import json
from pathlib import Path
from typing import Any

import pytest

from geozones.common.pacing import Clock
from geozones.domain import GeocoderAnswerError, GeocoderQuotaError, uai_key
from geozones.domain.places import Located, PlaceQuery, Precision
from geozones.geocode import AnswerCache, GeocoderWebSettings
from geozones.geocode.lookups import Annuaire, build, parse
from helpers.web_service import Reply, Service

NERUDA = PlaceQuery("0441656L", row=2)
PERRIN = PlaceQuery("0440062D", row=3)


def record(uai: str, lat: Any, lon: Any, precision: str | None = "Numéro de rue") -> dict[str, Any]:
    return {
        "identifiant_de_l_etablissement": uai,
        "latitude": lat,
        "longitude": lon,
        "precision_localisation": precision,
    }


def body(*records: dict[str, Any]) -> bytes:
    return json.dumps({"total_count": len(records), "results": records}).encode()


def ask(url: str, *queries: PlaceQuery, cache: Path | None = None) -> dict[int, Located | str]:
    return dict(Annuaire(GeocoderWebSettings(url), AnswerCache(cache)).locate(queries))


def test_a_coordinate_is_read_whether_number_or_text(service: Service) -> None:
    service.answer = lambda _: Reply(
        body=body(record("0441656L", 47.169756, "-1.62364"), record("0440062D", "47,19", -1.5))
    )
    answers = ask(service.url, NERUDA, PERRIN)
    assert answers[0] == Located(
        "0441656L", 47.169756, -1.62364, "annuaire", 1, Precision.ADDRESS, 2
    )
    assert answers[1] == Located("0440062D", 47.19, -1.5, "annuaire", 1, Precision.ADDRESS, 3)


def test_one_call_asks_for_a_hundred_codes(service: Service) -> None:
    service.answer = lambda _: Reply(body=body())
    codes = [f"{number:07}" for number in range(440001, 440151)]
    ask(service.url, *[PlaceQuery(code + uai_key(code)) for code in codes])
    assert [call.query["where"].count('"') // 2 for call in service.calls] == [100, 50]
    assert all(call.query["limit"] == "100" for call in service.calls)


def test_what_is_no_uai_is_never_sent(service: Service) -> None:
    wrong = ('0441656L" or 1=1 --', "0441656M", "X44-saint-philbert", "")
    answers = ask(service.url, *[PlaceQuery(code) for code in wrong])
    assert set(answers.values()) == {"l'annuaire ne connaît que les codes UAI"}
    assert service.calls == []


def test_only_the_fields_needed_are_asked_for() -> None:
    asked = build(["0441656L"])
    assert asked["where"] == 'identifiant_de_l_etablissement in ("0441656L")'
    assert asked["select"].split(",") == [
        "identifiant_de_l_etablissement", "latitude", "longitude", "precision_localisation",
    ]  # fmt: skip


def test_a_warm_cache_answers_without_a_single_request(service: Service, tmp_path: Path) -> None:
    service.answer = lambda _: Reply(body=body(record("0441656L", 47.1, -1.6)))
    first = ask(service.url, NERUDA, cache=tmp_path)
    assert ask(service.url, NERUDA, cache=tmp_path) == first
    assert len(service.calls) == 1


def test_a_lycee_without_a_position_is_told_and_asked_for_again(
    service: Service, tmp_path: Path
) -> None:
    service.answer = lambda _: Reply(body=body(record("0441656L", None, None)))
    for _ in range(2):
        assert ask(service.url, NERUDA, cache=tmp_path)[0] == (
            "l'annuaire n'a pas de position pour 0441656L"
        )
    assert len(service.calls) == 2


@pytest.mark.parametrize(
    ("wording", "precision"),
    [
        ("Numéro de rue", Precision.ADDRESS),
        ("Centre du bâtiment", Precision.ADDRESS),
        (None, Precision.ADDRESS),
        ("Rue", Precision.STREET),
        ("Lieu-dit", Precision.STREET),
        ("COMMUNE", Precision.COMMUNE),
        ("Ville", Precision.COMMUNE),
    ],
)
def test_the_directory_s_own_words_for_precision_are_kept(
    wording: str | None, precision: Precision
) -> None:
    entries = parse(body(record("0441656L", 47, -1, wording)))
    assert entries["0441656L"]["precision"] == precision.value


@pytest.mark.parametrize("answer", [b"", b"[]", b'{"results": 3}', b'{"results": [{}]}', b"<p>"])
def test_another_shape_is_refused(answer: bytes) -> None:
    with pytest.raises(GeocoderAnswerError, match="pas la forme attendue"):
        parse(answer)


def test_a_spent_quota_is_told(service: Service) -> None:
    service.answer = lambda _: Reply(429, body=b'{"error_code": "10005"}')
    settings = GeocoderWebSettings(service.url, retries=0)
    with pytest.raises(GeocoderQuotaError, match="annuaire de l'éducation"):
        list(Annuaire(settings, AnswerCache(None), Clock()).locate([NERUDA]))
