"""The app as `deploy/` sets it up: behind nginx with that very configuration, under a path, by TLS.

What differs is where nginx listens, where the app is, and the folder of nginx's files.
"""

import shutil
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPMessage
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from geozones.render.standalone_map import app_folder

from .browser import new_context
from .conftest import ROOT, Visit, free_port, served, still

RACAN = "0720012X"  # Montval-sur-Loir
SAINT_CALAIS = (47.92, 0.745)
SITE = "https://www.region.example"
MAIN = """
daemon off; pid nginx.pid; error_log stderr; {user}
events {{ }}
http {{
    client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi; scgi_temp_path scgi; access_log off;
    include geozones.conf;
}}
"""


@dataclass(frozen=True)
class Site:
    """Where the app is reached by the proxy, in plain HTTP, and beside the proxy."""

    url: str
    plain: str
    direct: str
    port: int
    log: Path
    home: Path


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """nginx on 127.0.0.1 in front of the app."""
    folder, home = tmp_path_factory.mktemp("nginx"), tmp_path_factory.mktemp("home")
    port, plain, app = free_port(), free_port(), free_port()
    configure(folder, port, plain, geozones=app)
    url = f"https://127.0.0.1:{port}/geozones"
    settings = {"GEOZONES_PUBLIC_URL": url, "GEOZONES_EMBED_SITES": SITE}
    proxy, log = start_nginx(folder), folder / "nginx.log"
    direct = f"http://127.0.0.1:{app}/geozones"
    try:
        # until the app answers, people are told that it will
        deadline = time.monotonic() + 20
        while (said := asked(f"{url}/"))[0] != 502 and time.monotonic() < deadline:
            assert proxy.poll() is None, log.read_text()
        assert said[0] == 502
        assert "en cours de redémarrage" in said[2]
        with served(home, app, base_path="/geozones", **settings):
            yield Site(url, f"http://127.0.0.1:{plain}", direct, port, log, home)
    finally:
        proxy.terminate()
        proxy.wait(timeout=20)


def start_nginx(folder: Path) -> subprocess.Popen[bytes]:
    """Start nginx on what `configure` wrote."""
    binary = shutil.which("nginx") or "/usr/sbin/nginx"
    with (folder / "nginx.log").open("wb") as said:
        return subprocess.Popen(
            [binary, "-p", folder, "-c", folder / "nginx.conf"], stdout=said, stderr=said
        )


def configure(folder: Path, port: int, plain: int, **apps: int) -> None:
    """Write nginx's own file, a certificate, and the configuration of `deploy/`.

    ``apps`` are the ports of the territories, by name; the first is that of the site's root.
    """
    shutil.copy(ROOT / "deploy" / "nginx" / "indisponible.html", folder)
    (folder / "tls").mkdir()
    subprocess.run(
        ["openssl", "req", "-x509", "-nodes", "-newkey", "ec", "-pkeyopt",
         "ec_paramgen_curve:P-256", "-subj", "/CN=127.0.0.1",
         "-keyout", "privkey.pem", "-out", "fullchain.pem"],
        cwd=folder / "tls", check=True, capture_output=True,
    )  # fmt: skip
    text = (ROOT / "deploy" / "nginx" / "geozones.conf").read_text(encoding="utf-8")
    first, *others = apps
    upstreams = "".join(
        f"upstream {name} {{ server 127.0.0.1:{apps[name]} max_fails=0; }}\n" for name in others
    )
    for ours, here in (
        ("upstream geozones {", f"{upstreams}upstream {first} {{"),
        ("(?<geozones_name>geozones)", f"(?<geozones_name>{'|'.join(apps)})"),
        ("    / geozones;", f"    / {first};"),
        ('    "" geozones;', f'    "" {first};'),
        ("listen [::]:443 ssl;", ""),
        ("listen [::]:80;", ""),
        ("listen 443 ssl;", f"listen 127.0.0.1:{port} ssl;"),
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("server 127.0.0.1:8501 ", f"server 127.0.0.1:{apps[first]} "),
        ("/etc/nginx/", f"{folder}/"),
        ("/dev/stdout", str(folder / "access.log")),
    ):
        assert ours in text
        text = text.replace(ours, here)
    (folder / "geozones.conf").write_text(text, encoding="utf-8")
    root = "user root;" if folder.owner() == "root" else ""
    (folder / "nginx.conf").write_text(MAIN.format(user=root), encoding="utf-8")


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """Follow nothing."""


def asked(
    url: str, data: bytes | None = None, **headers: str
) -> tuple[int, HTTPMessage | None, str]:
    """Ask an address; return the status of the answer, its headers and text."""
    trusting = urllib.request.HTTPSHandler(context=ssl._create_unverified_context())  # noqa: S323
    opener = urllib.request.build_opener(trusting, _Stay)
    request = urllib.request.Request(url, data, headers, method="PUT" if data else "GET")  # noqa: S310
    try:
        with opener.open(request, timeout=20) as answer:
            return answer.status, answer.headers, answer.read().decode(errors="replace")
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read().decode(errors="replace")
    except urllib.error.URLError:
        return 0, None, ""


@pytest.mark.slow
def test_what_the_proxy_passes_adds_and_keeps_back(site: Site) -> None:
    status, page, _ = asked(f"{site.url}/")
    assert status == 200
    policy = page["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in policy
    assert SITE not in policy
    assert f"wss://127.0.0.1:{site.port}" in policy
    assert page["X-Frame-Options"] == "SAMEORIGIN"
    assert page["X-Content-Type-Options"] == "nosniff"
    assert page["Strict-Transport-Security"] == "max-age=31536000"
    _, health, _ = asked(f"{site.url}/_stcore/health")
    assert [cookie for cookie in health.get_all("Set-Cookie") if "; Secure" not in cookie] == []
    _, alone, _ = asked(f"{site.url}/?embed=true")
    assert f"frame-ancestors 'self' {SITE}" in alone["Content-Security-Policy"]
    assert alone["X-Frame-Options"] is None
    for kept_back in ("-/ready", "-/metrics", "_stcore/metrics"):
        assert asked(f"{site.url}/{kept_back}", **{"X-Forwarded-For": "127.0.0.1"})[0] == 404
    assert asked(f"{site.direct}/-/ready")[0] == 200
    moved, there, _ = asked(f"{site.plain}/carte?version=secret")
    assert (moved, there["Location"]) == (301, "https://127.0.0.1/geozones/")
    # a file of 2 GB is refused by what it says of itself, before it comes
    big = {"Content-Length": str(2 * 1024**3), "Content-Type": "multipart/form-data; boundary=x"}
    assert asked(f"{site.url}/_stcore/upload_file/s/f", b"--x", **big)[0] == 413
    access = (site.log.parent / "access.log").read_text()
    assert "GET /geozones/ 200" in access
    assert "embed" not in access


@pytest.mark.slow
def test_a_planner_works_through_the_proxy_and_nothing_is_written_where_it_is_installed(
    site: Site, chromium: Browser
) -> None:
    own = [app_folder() / name for name in ("static", "pages", "data", ".streamlit")]
    before = {file: file.stat().st_mtime_ns for folder in own for file in folder.rglob("*.*")}
    context = new_context(chromium, ignore_https_errors=True)
    visit = Visit(site.url, context.new_page())
    visit.open("atelier")
    visit.drag(RACAN, *SAINT_CALAIS)
    expect(visit.tables().get_by_text("1 changement fait")).to_be_visible()
    still(visit.page)
    assert visit.page.url.startswith(f"{site.url}/")
    assert visit.lycee(RACAN).get_attribute("data-zone") == "SAR-4"
    # 2 GB are told at once, by what the file says of itself
    big = site.home / "gros.csv"
    with big.open("wb") as file:
        file.truncate(2 * 1024**3)
    visit.page.goto(f"{site.url}/donnees")
    visit.page.locator("input[type=file]").first.set_input_files(big)
    chip = visit.page.get_by_test_id("stFileChip")
    expect(chip.get_by_role("alert")).to_have_text(
        "À corriger : Ce fichier dépasse 30 Mo : il n’a pas été envoyé."
    )
    expect(chip.get_by_role("alert")).to_be_visible()
    context.close()
    after = {file: file.stat().st_mtime_ns for folder in own for file in folder.rglob("*.*")}
    assert {k: v for k, v in after.items() if "__pycache__" not in str(k)} == {
        k: v for k, v in before.items() if "__pycache__" not in str(k)
    }
