"""The national geocoder: its own engine, then documented behaviour that the engine has not."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from geozones.domain import GeocoderAnswerError, GeocoderQuotaError, GeocoderUnavailableError
from geozones.domain.places import Located, PlaceQuery, Precision
from geozones.geocode import AnswerCache, GeocoderWebSettings
from geozones.geocode.geoplateforme import Geoplateforme, build_batch, build_search, words
from geozones.workspace.figures.study import open_study
from helpers.addok_rig import Addok
from helpers.still_clock import Time
from helpers.web_service import Call, Reply, Service, batch, geojson

WORKSPACE = open_study()
PERRIERE = PlaceQuery("0441552Y", "", "Rue de la Perrière", "44200", "Nantes", "44109", 4)
GLINDE = PlaceQuery(
    "0440537V", "", "5 avenue de Glinde", "44230", "Saint-Sébastien-sur-Loire", "44190", 5
)
COLUMNS = (
    "result_citycode", "longitude", "result_score", "rang", "result_city", "latitude",
    "demande", "result_type", "result_name", "result_status", "citycode",
)  # fmt: skip


def ask(
    url: str,
    *queries: PlaceQuery,
    cache: Path | None = None,
    time: Time | None = None,
    **options: Any,
) -> dict[int, Located | str]:
    provider = Geoplateforme(
        GeocoderWebSettings(url, **options),
        AnswerCache(cache),
        clock=time.clock() if time else None,
    )
    return dict(provider.locate(queries))


def lycee_queries() -> Iterator[PlaceQuery]:
    for row, lycee in enumerate(WORKSPACE.territory.lycees.values()):
        yield PlaceQuery(
            lycee.id, lycee.name, lycee.address, lycee.postcode, lycee.commune, lycee.insee, row
        )


# -- the real engine ---------------------------------------------------------------------------


@pytest.mark.slow
def test_every_address_is_found_in_its_street_and_nowhere_else(addok: Addok) -> None:
    queries = list(lycee_queries())
    answers = ask(addok.url, *queries)
    lost = {queries[rank].id for rank, answer in answers.items() if isinstance(answer, str)}
    assert lost == {"0441552Y", "X44-saint-philbert"}
    for answer in answers.values():
        if isinstance(answer, Located):
            place = WORKSPACE.territory.lycees[answer.id]
            assert answer.lat == pytest.approx(place.lat, abs=0.001)
            numbered = place.address[0].isdigit()
            assert answer.precision is (Precision.ADDRESS if numbered else Precision.STREET)


@pytest.mark.slow
def test_a_street_that_only_looks_alike_is_refused_whatever_its_score(addok: Addok) -> None:
    reason = ask(addok.url, PERRIERE)[0]
    assert reason == "le service propose « Rue de la Perverie » au lieu de « Rue de la Perrière »"


@pytest.mark.slow
def test_a_street_of_another_commune_is_refused(addok: Addok) -> None:
    query = PlaceQuery("", "", "avenue de Glinde", "44000", "Nantes", "44109", 1)
    assert isinstance(ask(addok.url, query)[0], str)
    without_code = PlaceQuery("", "", "avenue de Glinde", "", "Rezé", "", 1)
    assert "pas à Rezé" in str(ask(addok.url, without_code)[0])


@pytest.mark.slow
def test_a_cedex_code_does_not_keep_an_address_from_being_found(addok: Addok) -> None:
    cedex = PlaceQuery("", "", "Rue du Fromenteau", "85603", "MONTAIGU CEDEX", "85146", 1)
    answer = ask(addok.url, cedex)[0]
    assert isinstance(answer, Located)
    assert answer.lat == pytest.approx(WORKSPACE.territory.lycees["0851390Z"].lat, abs=1e-4)


@pytest.mark.slow
def test_a_warm_cache_answers_without_a_single_request(addok: Addok, tmp_path: Path) -> None:
    queries = [query for query in lycee_queries() if query.address]
    first = ask(addok.url, *queries, cache=tmp_path)
    calls = addok.calls
    assert ask(addok.url, *queries, cache=tmp_path) == first
    assert addok.calls == calls


# -- documented behaviour that the engine does not have ------------------------------------------


def found_in(name: str = "Avenue de Glinde") -> Any:
    def answer(call: Call) -> Reply:
        return batch(
            call,
            COLUMNS,
            lambda sent: {
                "latitude": "47,21", "longitude": "-1.49", "result_score": "0.91",
                "result_type": "street", "result_name": name, "result_status": "ok",
                "result_citycode": sent["citycode"], "result_city": "Saint-Sébastien-sur-Loire",
            },
        )  # fmt: skip

    return answer


def test_a_batch_is_read_by_the_names_of_its_columns_after_a_bom(service: Service) -> None:
    service.answer = found_in()
    answer = ask(service.url, GLINDE)[0]
    assert answer == Located(
        "0440537V", 47.21, -1.49, "geoplateforme", 0.91, Precision.STREET, row=5
    )


def test_a_batch_is_sent_whole_with_its_length_and_the_communes(service: Service) -> None:
    service.answer = found_in()
    ask(service.url, GLINDE)
    (call,) = service.calls
    assert (call.method, call.path) == ("POST", "/search/csv")
    assert int(call.headers["Content-Length"]) > 100
    assert "Transfer-Encoding" not in call.headers
    assert call.form["citycode"] == "citycode"
    assert "postcode" not in call.form
    assert "44190" in call.form["data"]


def test_many_places_go_in_batches_of_the_size_set(service: Service) -> None:
    service.answer = found_in()
    answers = ask(service.url, *[GLINDE] * 7, batch_rows=3)
    assert len(answers) == 7
    assert [call.form["data"].count("Glinde") for call in service.calls] == [3, 3, 1]


def test_another_street_is_searched_again_among_more_answers(service: Service) -> None:
    wrong = {"type": "street", "score": 0.9, "citycode": "44190", "name": "Avenue de Glissade"}
    right = {"type": "housenumber", "score": 0.8, "citycode": "44190", "name": "5 Avenue de Glinde",
             "street": "Avenue de Glinde"}  # fmt: skip

    def answer(call: Call) -> Reply:
        if call.method == "POST":
            return found_in("Avenue de Glissade")(call)
        return geojson(("47.3", "-1.5", wrong), ("47.21", -1.49, right))

    service.answer = answer
    answer = ask(service.url, GLINDE)[0]
    assert isinstance(answer, Located)
    assert (answer.lat, answer.precision) == (47.21, Precision.ADDRESS)
    assert service.calls[1].query["autocomplete"] == "0"
    assert service.calls[1].query["citycode"] == "44190"


def test_no_more_than_the_calls_allowed_leave_in_a_second(service: Service) -> None:
    time = Time()
    service.answer = found_in()
    ask(service.url, *[GLINDE] * 5, time=time, batch_rows=1, per_second=2)
    assert sum(time.waits) == pytest.approx(2.0)


@pytest.mark.parametrize(
    "reply",
    [
        {"body": b"<html>Portail</html>"},
        {"body": b""},
        {"body": "rang,latitude\n0,é\n".encode("latin-1")},
        {"body": b"rang,latitude,longitude,result_score\n"},
    ],
)
def test_a_file_that_is_no_answer_is_refused_and_not_kept(
    service: Service, tmp_path: Path, reply: dict[str, Any]
) -> None:
    service.answer = lambda _: Reply(**reply)
    with pytest.raises(GeocoderAnswerError, match="pas la forme attendue"):
        ask(service.url, GLINDE, cache=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_batch_that_lost_a_row_is_refused(service: Service) -> None:
    def answer(call: Call) -> Reply:
        reply = found_in()(call)
        return Reply(body=b"\n".join(reply.body.split(b"\n")[:-2]))

    service.answer = answer
    with pytest.raises(GeocoderAnswerError):
        ask(service.url, GLINDE, PERRIERE)


@pytest.mark.parametrize(
    ("reply", "kind", "words"),
    [
        (
            Reply(429, headers={"Retry-After": "900"}),
            GeocoderQuotaError,
            r"attendre 900 s.*ce qui est reçu est gardé",
        ),
        (Reply(503), GeocoderUnavailableError, "en panne"),
        (Reply(hold=True), GeocoderUnavailableError, "pas répondu"),
    ],
)
def test_a_service_that_fails_is_told_as_what_it_is(
    service: Service, reply: Reply, kind: type[Exception], words: str
) -> None:
    service.answer = lambda _: reply
    with pytest.raises(kind, match=words):
        ask(service.url, GLINDE, time=Time(), timeout_s=0.2, retries=0)


def test_nobody_there_is_told(service: Service) -> None:
    service.stop()
    with pytest.raises(GeocoderUnavailableError, match="injoignable"):
        ask(service.url, GLINDE, time=Time(), retries=1)


def test_what_was_answered_before_a_failure_holds(service: Service, tmp_path: Path) -> None:
    replies = iter([found_in(), lambda _: Reply(400)])
    service.answer = lambda call: next(replies)(call)  # noqa: PLW0108 - one for each call
    provider = Geoplateforme(GeocoderWebSettings(service.url, batch_rows=1), AnswerCache(tmp_path))
    answers = provider.locate([GLINDE, PERRIERE])
    assert next(answers)[0] == 0
    with pytest.raises(GeocoderAnswerError, match="erreur 400"):
        next(answers)
    assert len(list(tmp_path.glob("*.json"))) == 1


# -- what is sent ------------------------------------------------------------------------------


def test_a_search_asks_without_completion_nor_postcode_in_the_commune() -> None:
    asked = build_search(PERRIERE)
    assert asked == {
        "q": "Rue de la Perrière Nantes", "limit": "10", "autocomplete": "0", "citycode": "44109",
    }  # fmt: skip


def test_a_query_leaves_the_box_out_and_a_file_quotes_what_would_break_it() -> None:
    box = PlaceQuery(address="2 rue des Arènes - BP 80322", commune="Nantes", insee="44109")
    assert words(box) == "2 rue des Arènes Nantes"
    assert len(words(PlaceQuery(address="rue " + "a" * 500))) <= 180
    sent = build_batch({3: PlaceQuery(address='rue "X", 2\nbis', commune="Nantes", insee="44109")})
    assert b'3,"rue ""X"", 2 bis Nantes",44109' in sent["files"]["data"][1]
