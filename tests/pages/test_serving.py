"""Where the app is served: what is refused before anything starts, and whom nginx sends where."""

import re
import socket
from pathlib import Path

import pytest

from geozones.common.errors import InputError
from geozones.ui.server.serve import ServedAddress, configuration, served_address

ROOT = Path(__file__).parents[2]


def test_what_is_no_address_or_no_path_is_refused_in_a_sentence() -> None:
    assert served_address("localhost", 8501, "geozones/") == ServedAddress(
        "127.0.0.1", 8501, "/geozones"
    )
    assert served_address("::1", 8501, "").url == "http://[::1]:8501"
    with pytest.raises(InputError, match="n'est pas une adresse IP"):
        served_address("0.0.0.0; include /etc/passwd", 8501, "")
    with pytest.raises(InputError, match="écrivez /geozones"):
        served_address("127.0.0.1", 8501, "/a b")


def test_a_port_that_is_taken_and_an_address_of_another_machine_are_refused() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        place = ServedAddress(port=taken.getsockname()[1])
        with pytest.raises(InputError, match="est déjà pris"):
            place.require_free()
    with pytest.raises(InputError, match="n'est pas de cette machine"):
        ServedAddress("192.0.2.1", 8501).require_free()


def test_nginx_sends_whoever_has_the_cookie_of_a_process_to_it(tmp_path: Path) -> None:
    told = configuration(ServedAddress("0.0.0.0", 8501, "/geozones"), [8502, 8503], tmp_path)  # noqa: S104
    assert 'default any; "0" worker0; "1" worker1;' in told
    assert "upstream worker1 { server 127.0.0.1:8503; }" in told
    assert "listen 0.0.0.0:8501;" in told


def test_nginx_passes_requests_on_as_the_proxy_of_deploy_does(tmp_path: Path) -> None:
    deployed = (ROOT / "deploy" / "nginx" / "geozones.conf").read_text(encoding="utf-8")
    told = configuration(ServedAddress(), [8502], tmp_path)
    passed_on = re.compile(r"^ *(?:proxy_\w+|client_max_body_size) .*;$", re.MULTILINE)
    assert len(passed_on.findall(deployed)) == 11
    assert set(passed_on.findall(deployed)) <= set(told.splitlines())
    assert len(re.findall(r"^ *listen ", told, re.MULTILINE)) == 1
    assert "ssl" not in told
