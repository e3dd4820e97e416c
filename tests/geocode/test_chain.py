"""Providers in order: what each is asked for, what stays, what is told."""

from pathlib import Path
from typing import Any

import pytest

from geozones.common.errors import InputError
from geozones.domain import GeocoderUnavailableError
from geozones.domain.places import Located, PlaceQuery, Precision
from geozones.geocode import GeocoderWebSettings, GeocodeSettings
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
