"""Providers in order, their cache and their settings."""

import os
from pathlib import Path
from typing import Any

import pytest

from geozones.common.errors import InputError
from geozones.domain import GeocoderUnavailableError
from geozones.domain.places import Located, PlaceQuery, Precision
from geozones.geocode import (
    AnswerCache,
    GeocoderWebSettings,
    GeocodeSettings,
    read_geocode_settings,
)
from geozones.geocode.provider_chain import Geocoded, geocode
from geozones.workspace.figures.study import open_study
from geozones.workspace.folder.places import gazetteer_of
from helpers.web_service import Service, batch

GAZETTEER = gazetteer_of(open_study().territory)
NEW = PlaceQuery("", "Lycée neuf", "rue du Fresche", "44000", "Nantes", "", 12)
KNOWN = PlaceQuery("0440537V", row=3)


def ask(tmp_path: Path, names: tuple[str, ...], *queries: PlaceQuery, **options: Any) -> Geocoded:
    gate = options.pop("gate", lambda _query, _found: None)
    settings = GeocodeSettings(
        tmp_path,
        geoplateforme=GeocoderWebSettings(options.pop("url", "http://127.0.0.1:9"), retries=0),
    )
    return geocode(queries, names, settings, GAZETTEER, gate, **options)


def nantes(kind: str = "street") -> Any:
    return lambda call: batch(
        call,
        ("rang", "latitude", "longitude", "result_score", "result_type", "result_name",
         "result_citycode", "result_city"),
        lambda _: {
            "latitude": 47.25, "longitude": -1.6, "result_score": 0.9, "result_type": kind,
            "result_name": "Rue du Fresche", "result_citycode": "44109", "result_city": "Nantes",
        },
    )  # fmt: skip


def test_a_known_lycee_asks_nobody_else_and_a_commune_s_centre_is_bettered(
    tmp_path: Path, service: Service
) -> None:
    outcome = ask(tmp_path, ("local", "geoplateforme"), KNOWN, url=service.url)
    assert [place.provider for place in outcome.located] == ["local"]
    assert service.calls == []
    service.answer = nantes()
    outcome = ask(tmp_path, ("local", "geoplateforme"), NEW, url=service.url)
    assert outcome.located == (
        Located("", 47.25, -1.6, "geoplateforme", 0.9, Precision.STREET, row=12),
    )


def test_communes_are_known_by_name_and_told_apart_by_the_departement(
    tmp_path: Path, service: Service
) -> None:
    service.answer = nantes()
    ask(tmp_path, ("geoplateforme",), NEW, url=service.url)
    assert ",44109" in service.calls[0].form["data"]
    both = [PlaceQuery(commune="Saint-Aubin-des-Châteaux", postcode="44110 CEDEX", row=1),
            PlaceQuery(commune="ST AUBIN DES CHATEAUX", postcode="85000", row=2)]  # fmt: skip
    outcome = ask(tmp_path, ("local",), *both)
    assert [place.row for place in outcome.located] == [1]
    assert "n'est pas connue" in outcome.unlocated[0].why


def test_a_provider_that_is_down_is_told_and_an_error_when_all_are(tmp_path: Path) -> None:
    outcome = ask(tmp_path, ("geoplateforme", "local"), NEW)
    assert [place.precision for place in outcome.located] == [Precision.COMMUNE]
    assert [fault.provider for fault in outcome.faults] == ["geoplateforme"]
    assert "injoignable" in outcome.faults[0].message
    with pytest.raises(GeocoderUnavailableError, match="injoignable"):
        ask(tmp_path, ("geoplateforme",), NEW)


def test_a_place_that_the_gate_refuses_is_not_placed_and_says_why(tmp_path: Path) -> None:
    outcome = ask(tmp_path, ("local",), KNOWN, gate=lambda _query, _found: "trop loin")
    assert outcome.located == ()
    assert [(lost.row, lost.why) for lost in outcome.unlocated] == [(3, "local : trop loin")]


def test_after_a_refusal_the_next_provider_is_asked(tmp_path: Path, service: Service) -> None:
    service.answer = nantes()
    outcome = ask(
        tmp_path,
        ("geoplateforme", "local"),
        NEW,
        url=service.url,
        gate=lambda _query, place: "loin" if place.provider == "geoplateforme" else None,
    )
    assert [(place.provider, place.precision) for place in outcome.located] == [
        ("local", Precision.COMMUNE)
    ]


def test_progress_counts_the_places_placed(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    ask(tmp_path, ("local",), KNOWN, KNOWN, progress=lambda done, total: seen.append((done, total)))
    assert seen[0] == (0, 2)
    assert seen[-1] == (2, 2)


@pytest.mark.parametrize(
    ("names", "message"), [((), "Aucun service"), (("google",), "local, geoplateforme")]
)
def test_an_order_that_names_no_provider_is_refused(
    tmp_path: Path, names: tuple[str, ...], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        ask(tmp_path, names, KNOWN)


DAY_S = 86_400


class Now:
    at = 1_000_000.0

    def __call__(self) -> float:
        return self.at


def test_what_was_kept_is_given_again_and_nothing_else(tmp_path: Path) -> None:
    cache = AnswerCache(tmp_path)
    cache.put(["a", "rue"], [{"lat": 47.0}])
    assert AnswerCache(tmp_path).get(["a", "rue"]) == [{"lat": 47.0}]
    assert cache.get(["b", "rue"]) is None


def test_an_old_answer_is_asked_for_again(tmp_path: Path) -> None:
    now = Now()
    cache = AnswerCache(tmp_path, max_days=10, now=now)
    cache.put("a", 1)
    now.at += 10 * DAY_S
    assert cache.get("a") == 1
    now.at += 2
    assert cache.get("a") is None
    now.at -= 20 * DAY_S  # a clock that was set back since: the day of the answer is unknown
    assert cache.get("a") is None


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format": 1}', '{"format": 9, "at": 1e12}'])
def test_a_damaged_file_is_no_answer(tmp_path: Path, content: str) -> None:
    cache = AnswerCache(tmp_path)
    cache.put("a", 1)
    (kept,) = tmp_path.glob("*.json")
    kept.write_text(content)
    assert cache.get("a") is None
    cache.put("a", 2)
    assert cache.get("a") == 2


def test_beyond_its_bound_the_oldest_answers_go(tmp_path: Path) -> None:
    cache = AnswerCache(tmp_path, max_entries=10)
    for rank in range(11):
        cache.put(rank, rank)
        newest = max(tmp_path.glob("*.json"), key=lambda path: path.stat().st_mtime_ns)
        os.utime(newest, (rank, rank))
    assert len(list(tmp_path.glob("*.json"))) == 9
    assert cache.get(0) is None
    assert cache.get(9) == 9


def test_without_a_folder_nothing_is_kept_and_a_disk_that_refuses_is_no_error(
    tmp_path: Path,
) -> None:
    cache = AnswerCache(None)
    cache.put("a", 1)
    assert cache.get("a") is None
    (tmp_path / "file").write_text("")
    cache = AnswerCache(tmp_path / "file" / "cache")
    cache.put("a", 1)
    assert cache.get("a") is None


WHOLE = """
[geocode]
providers = ["local", "annuaire"]
cache_days = 30
min_score = 0.6

[geocode.geoplateforme]
url = "http://adresses.example:7878/"
per_second = 10
batch_rows = 200
timeout_s = 5
"""


def read(tmp_path: Path, text: str | None = None, **environment: str) -> GeocodeSettings:
    if text is not None:
        (tmp_path / "settings.toml").write_text(text, encoding="utf-8")
    return read_geocode_settings({"GEOZONES_HOME": str(tmp_path), **environment})


def test_without_settings_no_service_is_asked(tmp_path: Path) -> None:
    settings = read(tmp_path)
    assert settings.providers == ("local",)
    assert settings.geoplateforme.per_second == 50
    assert settings.cache == tmp_path / "geocode"


def test_the_file_is_read_and_the_environment_wins(tmp_path: Path) -> None:
    settings = read(tmp_path, WHOLE, GEOZONES_GEOCODERS="geoplateforme, local")
    assert settings.providers == ("geoplateforme", "local")
    assert settings.geoplateforme.url == "http://adresses.example:7878"
    assert (settings.geoplateforme.per_second, settings.geoplateforme.batch_rows) == (10, 200)
    assert (settings.cache_days, settings.min_score) == (30, 0.6)
    other = read(tmp_path, WHOLE, GEOZONES_GEOPLATEFORME_URL="http://127.0.0.1:1/geocodage")
    assert other.geoplateforme.url == "http://127.0.0.1:1/geocodage"
    assert other.providers == ("local",)  # the directory of earlier versions is left aside


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[geocode]\nservices = []", "réglage inconnu dans \\[geocode\\] : services"),
        ("[geocode]\nproviders = 3", "liste de noms"),
        ("[geocode]\nmin_score = 3", "min_score"),
        ("[geocode.geoplateforme]\nurl = 3", "doit être un texte"),
        ('[geocode.geoplateforme]\nurl = "ftp://x"', "url doit être une adresse"),
        ("[geocode.geoplateforme]\nper_second = true", "doit être un nombre entier"),
        ("[geocode.geoplateforme]\nper_second = 0", "per_second doit être entre 1"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read(tmp_path, text)
