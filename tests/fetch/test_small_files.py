"""Lists and outlines: what is kept of the documented answers, and each way that a service fails."""

import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from geozones.common import web
from geozones.common.errors import InputError
from geozones.common.web_service import WebSettings
from geozones.domain import FetchError
from geozones.domain.identifiers import FrenchArea, french_area
from geozones.fetch.places import fetch_communes, fetch_lycees
from helpers.public_services import CORSE, answer_all, directory, outlines
from helpers.still_clock import Time
from helpers.web_service import Reply, Service

BRETAGNE = FrenchArea("Bretagne", ("22", "29", "35", "56"))


@pytest.fixture
def service() -> Iterator[Service]:
    running = Service()
    running.answer = answer_all
    yield running
    running.stop()


type Fetch = Callable[..., Any]


@pytest.fixture(params=["lycees", "communes"])
def fetch(request: pytest.FixtureRequest, service: Service) -> Fetch:
    """Fetch what is of Corse from one of the services; ``time`` is the clock."""

    def run(time: Time | None = None, **options: Any) -> Any:
        asked = fetch_lycees if request.param == "lycees" else fetch_communes
        return asked(CORSE, WebSettings(service.url, **options), clock=(time or Time()).clock())

    return run


def test_a_quota_is_waited_for_as_long_as_the_service_says(service: Service, fetch: Fetch) -> None:
    time = Time()
    service.replies.append(Reply(429, headers={"Retry-After": "7"}))
    fetch(time)
    assert time.waits == [7.0]


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (Reply(429, headers={"Retry-After": "900"}), "il demande d'attendre 900 s"),
        (Reply(500, b"<html>"), "est en panne \\(erreur 500\\)"),
        (Reply(404), "refuse la demande \\(erreur 404\\) : vérifiez son adresse"),
        (Reply(body=b"[{", length=900), "a coupé sa réponse en route"),
        (Reply(body=b"[{"), "n'a pas la forme attendue"),
        (Reply(body=b"<html><title>Portail</title></html>"), "qu'aucun portail ne s'interpose"),
        (Reply(body=b"[" * 100_000), "n'a pas la forme attendue"),
        (Reply(body=b"null"), "n'a pas la forme attendue"),
        (Reply(body=b"3"), "n'a pas la forme attendue"),
        (Reply(body=b'{"error_code": "ODSQLError"}'), "n'a pas la forme attendue"),
        (Reply(body=b'[{"type": "Feature"}]'), "n'a pas la forme attendue"),
        (Reply(302, headers={"Location": "http://ailleurs.example/"}), "renvoie vers ailleurs"),
        (Reply(302, headers={"Location": "file:///etc/passwd"}), "renvoie vers"),
    ],
)
def test_a_failure_is_told_in_french(
    service: Service, fetch: Fetch, reply: Reply, said: str
) -> None:
    service.answer = lambda _: reply
    with pytest.raises(FetchError, match=said) as caught:
        fetch(retries=1)
    assert str(caught.value)[0].isupper()


def test_a_failure_that_passes_is_not_told(service: Service, fetch: Fetch) -> None:
    service.replies.extend([Reply(503), Reply(body=b"[{", length=900), Reply(500)])
    assert fetch() == fetch()


def test_an_answer_without_end_is_left(
    service: Service, fetch: Fetch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "MAX_ANSWER_BYTES", 1000)
    with pytest.raises(FetchError, match="a répondu par plus de"):
        fetch()
    assert len(service.calls) == 1


def test_a_service_that_is_off_is_named_by_its_host(service: Service, fetch: Fetch) -> None:
    service.stop()
    with pytest.raises(FetchError, match=rf"injoignable \({service.url.removeprefix('http://')}\)"):
        fetch(retries=0)


def test_one_call_asks_for_the_lycees_of_an_area(service: Service) -> None:
    service.answer = lambda _: Reply(body=json.dumps(directory()[:1]).encode())
    answer = fetch_lycees(BRETAGNE, WebSettings(service.url))
    (call,) = service.calls
    assert call.path == "/catalog/datasets/fr-en-annuaire-education/exports/json"
    assert call.query["where"] == (
        'type_etablissement="Lycée" and code_departement in ("022", "029", "035", "056")'
    )
    # a service that ignores the filter
    assert (answer.lycees, answer.left_out) == ((), {"hors du territoire demandé": 1})


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"statut_public_prive": "Privé"}, "privé"),
        ({"statut_public_prive": None}, "ni public ni privé selon l'annuaire"),
        ({"etat": "A FERMER"}, "fermé ou à fermer"),
        ({"identifiant_de_l_etablissement": "6200001A"}, "code UAI invalide"),
        ({"code_departement": "002"}, "hors du territoire demandé"),
        ({"libelle_nature": "SECTION ENSEIGNT GEN. ET TECHNO. LYCEE"}, "section d'un autre lycée"),
    ],
)
def test_who_is_left_out_is_counted_by_reason(
    service: Service, change: dict[str, Any], reason: str
) -> None:
    first, second = directory()[:2]
    body = [first, second | change, first]
    service.answer = lambda _: Reply(body=json.dumps(body).encode())
    answer = fetch_lycees(CORSE, WebSettings(service.url))
    assert [each.uai for each in answer.lycees] == [first["identifiant_de_l_etablissement"]]
    assert answer.left_out == {reason: 1, "en double": 1}


def test_a_position_is_kept_whether_number_or_text_and_never_half() -> None:
    service = Service()
    one = directory()[0]
    codes = [each["identifiant_de_l_etablissement"] for each in directory()[:5]]
    positions = [("41.9", 8.7), (41.9, None), (0, 8.7), (None, None), ("x", 8)]
    records = [
        one | {"identifiant_de_l_etablissement": uai, "latitude": lat, "longitude": lon}
        for uai, (lat, lon) in zip(codes, positions, strict=True)
    ]
    service.answer = lambda _: Reply(body=json.dumps(records).encode())
    lycees = fetch_lycees(CORSE, WebSettings(service.url)).lycees
    service.stop()
    assert sorted((each.lat, each.lon) for each in lycees if each.lat) == [(41.9, 8.7)]
    assert [each.lon for each in lycees if each.lat is None] == [None] * 4


def test_communes_have_the_columns_that_a_territory_reads(service: Service) -> None:
    answer = fetch_communes(CORSE, WebSettings(service.url))
    assert [call.path for call in service.calls] == [
        "/departements/2A/communes", "/departements/2B/communes",
    ]  # fmt: skip
    first = answer.features[0]["properties"]
    assert first == {
        "code": "2A001", "nom": "Afa", "departement": "2A",
        "epci": "Communauté d'agglomération du Pays Ajaccien", "population": 3133,
    }  # fmt: skip
    assert len(answer.features) == 360


def changed(**change: Any) -> bytes:
    content = json.loads(outlines("2A"))
    content["features"][3] |= change
    return json.dumps(content).encode()


def test_a_commune_without_outline_is_named(service: Service) -> None:
    service.replies.append(Reply(body=changed(geometry=None)))
    answer = fetch_communes(CORSE, WebSettings(service.url))
    assert len(answer.features) == 359
    assert len(answer.without) == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"properties": {"nom": "Nantes", "code": "44109"}}, "d'un autre \\(44109\\)"),
        ({"properties": {"nom": "Afa"}}, "forme attendue"),
        ({"geometry": {"type": "Polygon", "coordinates": []}}, "forme attendue"),
        ({"geometry": {"type": "Polygon", "coordinates": [[[1e6, 6e6]]]}}, "forme attendue"),
        ({"geometry": {"type": "Polygon", "coordinates": [[["a", "b"]]]}}, "forme attendue"),
        ({"geometry": 3}, "forme attendue"),
    ],
)
def test_outlines_that_are_none_are_refused(
    service: Service, change: dict[str, Any], said: str
) -> None:
    service.answer = lambda _: Reply(body=changed(**change))
    with pytest.raises(FetchError, match=said):
        fetch_communes(CORSE, WebSettings(service.url))


@pytest.mark.parametrize(
    ("asked", "body", "said"),
    [
        (partial(fetch_lycees, CORSE), b"[]", "aucun lycée pour Corse"),
        (partial(fetch_communes, CORSE), b'{"features": []}', "aucun contour pour 2A"),
    ],
)
def test_an_empty_answer_is_told(service: Service, asked: Fetch, body: bytes, said: str) -> None:
    service.answer = lambda _: Reply(body=body)
    with pytest.raises(InputError, match=said):
        asked(WebSettings(service.url))


@pytest.mark.parametrize(
    ("text", "name", "departements"),
    [
        ("bretagne", "Bretagne", BRETAGNE.departements),
        ("Ile de France", "Île-de-France", ("75", "77", "78", "91", "92", "93", "94", "95")),
        ("r53", "Bretagne", BRETAGNE.departements),
        ("53", "Mayenne", ("53",)),
        ("2a", "Corse-du-Sud", ("2A",)),
        ("Corse", "Corse", ("2A", "2B")),
        ("974", "La Réunion", ("974",)),
        ("loire atlantique", "Loire-Atlantique", ("44",)),
    ],
)
def test_an_area_is_known_by_its_name_or_number(
    text: str, name: str, departements: tuple[str, ...]
) -> None:
    assert french_area(text) == FrenchArea(name, departements)


def test_each_departement_is_in_one_region() -> None:
    every = [str(code).zfill(2) for code in range(1, 96) if code != 20]
    every += ["2A", "2B", "971", "972", "973", "974", "976"]
    regions = {french_area(f"r{code}") for code in REGION_CODES}
    assert sorted(code for area in regions for code in area.departements) == sorted(every)


#: INSEE codes of the régions since 2016 (Code officiel géographique).
REGION_CODES = (
    "01", "02", "03", "04", "06", "11", "24", "27", "28", "32", "44", "52", "53", "75", "76", "84",
    "93", "94",
)  # fmt: skip


@pytest.mark.parametrize("text", ["", "r99", "20", "france", "r", "44109"])
def test_what_is_no_area_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="ni une région ni un département"):
        french_area(text)
