"""Commands that cannot be read, and help pages: in French, whatever the library says."""

import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest
from cyclopts import App

from geozones import cli
from geozones.cli.command_line import REPLACED
from helpers.fixture_types import Refused
from helpers.shown_words import faults

HELP = "--help"
#: What is typed as it is written: options, commands.
TYPED = re.compile(r"--?[a-z][\w-]*|\bgeozones [a-z -]+|^│ [a-z-]+ ", re.MULTILINE)


@pytest.mark.parametrize(
    ("typed", "reason", "page"),
    [
        ("voyage", "« voyage » n'est pas une commande", ""),
        ("teams voyage", "« voyage » n'est pas une commande", " teams"),
        ("move 0490003M", "il manque ZONE", " move"),
        ("times", "il manque DE", " times"),
        ("times a b c", "« c » en trop", " times"),
        ("export --format csv", "il manque l'option --out", " export"),
        ("plan --couleur", "l'option --couleur n'existe pas", " plan"),
        ("plan --no-json", "l'option --no-json n'existe pas", " plan"),
        ("plan --json=peut-être", "l'option --json ne prend pas de valeur", " plan"),
        ("plan --plan", "l'option --plan attend une valeur", " plan"),
        ("times build --engine", "l'option --engine attend une valeur", " times build"),
        (
            "vigilance --max-minutes beaucoup",
            "--max-minutes attend un nombre, pas « beaucoup »",
            " vigilance",
        ),
        (
            "propose --max-moves deux",
            "--max-moves attend un nombre entier, pas « deux »",
            " propose",
        ),
        # conditions that only the page sets
        ("propose --apart a", "l'option --apart n'existe pas", " propose"),
        ("propose --objective hours", "l'option --objective n'existe pas", " propose"),
        ("propose --robust mean", "l'option --robust n'existe pas", " propose"),
        ("propose --max-minutes x", "--max-minutes attend un nombre, pas « x »", " propose"),
        ("serve --port 80", "--port : entre 1024 et 65535", " serve"),
        ("serve --port x", "--port attend un nombre entier, pas « x »", " serve"),
        ("teams propose --share 55", "--share : parmi 100, 80, 50", " teams propose"),
    ],
)
def test_a_malformed_command_says_in_french_what_is_wrong_and_where_to_read(
    refused: Refused, typed: str, reason: str, page: str
) -> None:
    where = f"« geozones{page} --help » en donne la forme."
    assert refused(*typed.split()) == f"geozones : commande mal formée ({reason}) : {where}\n"


@pytest.mark.parametrize("former", REPLACED)
def test_a_former_command_names_the_one_that_replaces_it(refused: Refused, former: str) -> None:
    today = REPLACED[former]
    said = f"geozones : La commande « {former} » est remplacée par « {today} ».\n"
    assert refused(*former.split(), "--json") == said
    app = cli.commands()
    for word in today.partition(" -")[0].split():
        if word.islower():
            app = app[word]


def pages(app: App, *words: str) -> Iterator[tuple[str, ...]]:
    """Yield every command and group of commands that has a help page."""
    yield words
    for name in app:
        if name not in {*app.help_flags, *app.version_flags}:
            yield from pages(app[name], *words, name)


@pytest.mark.parametrize("words", [(), ("teams",), ("scenarios",)], ids=" ".join)
def test_a_bare_call_shows_the_help(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main([*words, HELP]) == 0
    page = capsys.readouterr()
    assert cli.main([*words]) == 0
    assert capsys.readouterr() == page


def test_nine_commands_are_in_front_of_the_first_help_and_every_command_is_there(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert cli.main([]) == 0
    front, _, rest = capsys.readouterr().out.partition("Autres commandes")
    shown = [re.findall(r"^│ ([\w-]+)  ", part, re.MULTILINE) for part in (front, rest)]
    nine = "new serve plan metrics propose move times export doctor"
    assert shown[0] == nine.split()
    assert {*shown[0], *shown[1]} >= {name for name in cli.commands() if name[0] != "-"}


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out == f"geozones {version('geozones')}\n"


def test_completion_is_installed_for_the_shell_of_the_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.setattr("cyclopts.completion.detect.detect_shell", lambda: "bash")
    monkeypatch.setattr("cyclopts.core.detect_shell", lambda: "bash", raising=False)
    assert cli.main(["--install-completion"]) == 0
    (script,) = (path for path in tmp_path.rglob("geozones") if path.is_file())
    assert str(script) in capsys.readouterr().out
    subprocess.run(["bash", "-n", script], check=True)
    text = script.read_text(encoding="utf-8")
    assert "--install-completion" in text
    assert "--max-moves" in text


def test_the_help_waits_for_no_library_of_maps_or_pages() -> None:
    told = (
        "import sys; from geozones import cli; cli.main(['--help']); "
        "print({'geopandas', 'numpy', 'streamlit', 'sqlalchemy'} & {*sys.modules}, file=sys.stderr)"
    )
    run = subprocess.run([sys.executable, "-c", told], check=True, capture_output=True, text=True)
    assert run.stderr == "set()\n"


@pytest.mark.parametrize("words", [*pages(cli.commands())], ids=" ".join)
def test_every_help_page_is_french(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main([*words, HELP]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert out.startswith(f"Usage : {' '.join(['geozones', *words])}")
    assert not re.search(
        r"(?i)usage:|\bcommands?\b|parameters|display|required|default|choices", out
    )
    assert faults(TYPED.sub("…", out), typed=True) == ()
    assert not re.search(r"\bARGS\b|\bFACON\b|\bREGLE\b|\(\d\.\d", out)


@pytest.mark.parametrize("words", [*pages(cli.commands())], ids=" ".join)
def test_a_word_that_is_not_utf_8_is_refused_by_every_command(
    words: tuple[str, ...], refused: Refused
) -> None:
    for word in ("\udcff", "caf\udce9", "--plan=\udcff"):
        said = refused(*words, word)
        assert "n'est pas écrit en UTF-8" in said
        said.encode()
    assert "« caf\\xe9 »" in refused(*words, "caf\udce9")
