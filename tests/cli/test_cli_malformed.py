"""Commands that cannot be read, and help pages: in French, whatever the library says."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest
from cyclopts import App

from geozones import cli
from geozones.cli import main
from geozones.cli.command_line import REPLACED
from geozones.cli.options import CommonOptions
from geozones.domain import Scenario
from geozones.store import open_store
from helpers.fixture_types import Refused
from helpers.shown_words import faults
from helpers.stored import StoredScenarios
from helpers.waiting import PATIENCE

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


ANGERS, LAVAL = "0490003M", "0530012A"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["times", "0490003A", LAVAL], "« 0490003A »"),
        (["times", "47.2", LAVAL], "« 47.2 »"),
        (["move", "0490003A", "MAY-1"], "« 0490003A »"),
        (["move", ANGERS, "MAY-9"], "« MAY-9 »"),
        (["destinations", "inconnu\nsur deux lignes"], "« inconnu sur deux lignes »"),
        (["vigilance", "--max-minutes", "5"], "entre 10 et 180"),
        (["vigilance", "--max-minutes", "nan"], "entre 10 et 180"),
        (["plan", "--plan", "nulle-part.json"], "il n'existe pas"),
        (["plan", "--plan", "."], "c'est un dossier"),
    ],
)
def test_bad_input_is_one_line_on_stderr(refused: Refused, arguments: list[str], said: str) -> None:
    assert said in refused(*arguments, "--json")
    assert said in refused(*arguments)


@pytest.mark.parametrize(
    ("arguments", "listing"),
    [
        (["move", ANGERS, "XYZ-99"], "plan"),
        (["vigilance", "--sector", "nulle-part"], "plan"),
        (["plan", "--scenario", "nulle-part"], "scenarios list"),
        (["scenarios", "comments", "list", "nulle-part"], "scenarios list"),
        (["scenarios", "publications", "nulle-part"], "scenarios publications"),
        (
            ["scenarios", "comments", "hide", "nulle-part", "--reason", "vide"],
            "scenarios comments list SCENARIO",
        ),
    ],
)
def test_a_code_that_nothing_has_names_the_command_that_lists_them(
    refused: Refused, arguments: list[str], listing: str
) -> None:
    said = refused(*arguments)
    assert said.endswith(f" : « geozones {listing} » donne les codes.\n")
    assert "lien" not in said
    assert "page" not in said


def test_a_command_that_is_interrupted_says_so_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may ignore it
    monkeypatch.setattr(CommonOptions, "study", lambda _: signal.raise_signal(signal.SIGINT))
    assert cli.main(["plan"]) == 130
    signal.signal(signal.SIGINT, before)
    out, err = capsys.readouterr()
    assert out == ""
    assert err == "geozones : commande interrompue : aucun fichier n'est écrit à moitié.\n"


def test_a_data_folder_that_is_not_whole_is_one_line(
    refused: Refused, data_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (data_copy / "travel_times.parquet").unlink()
    monkeypatch.setenv("GEOZONES_DATA_DIR", str(data_copy))
    assert "Il manque le fichier travel_times.parquet" in refused("plan", "--json")


DAY = "2025-06-11T09:00:00.000+00:00"
#: More bytes than a file's name may have.
LONG = "a" * 300
#: Clears a terminal and names its window; in one character, the same; writes from right to left.
ORDERS = "\x1b[2J\x1b]0;pris\x07\x9b2J\u202e"


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A store of its own, that the commands open."""
    address = f"sqlite:///{tmp_path}/scenarios.db"
    monkeypatch.setenv("GEOZONES_DATABASE_URL", address)
    return address


@pytest.mark.usefixtures("url")
@pytest.mark.parametrize(
    "words",
    ["admin backup PATH", "export --format csv --out PATH", "times build --out PATH"],
)
def test_a_name_too_long_is_refused_in_a_sentence(
    words: str, tmp_path: Path, refused: Refused
) -> None:
    command = words.replace("PATH", str(tmp_path / LONG)).split()
    assert "son nom est trop long" in refused(*command)
    assert {path.name for path in tmp_path.iterdir()} <= {"scenarios.db"}


@pytest.mark.parametrize("variable", ["GEOZONES_DATA_DIR", "GEOZONES_SETTINGS"])
def test_a_setting_too_long_for_a_path_is_refused_in_a_sentence(
    variable: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refused: Refused
) -> None:
    monkeypatch.setenv(variable, str(tmp_path / LONG))
    assert LONG in refused("plan")


@pytest.mark.parametrize("engine", ["roadgraph", "valhalla", "openrouteservice"])
def test_an_engine_that_is_not_set_up_is_bad_input(
    engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refused: Refused
) -> None:
    monkeypatch.setenv("GEOZONES_HOME", str(tmp_path))
    for name in ("GEOZONES_ROADS_DIR", "GEOZONES_ORS_KEY", "GEOZONES_ORS_URL"):
        monkeypatch.delenv(name, raising=False)
    assert f"{engine} : " in refused("times", "build", "--engine", engine)


def test_a_name_gives_a_terminal_no_order(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    with_orders = Scenario("code", f"Variante {ORDERS}", {}, "le plan", "Ada", DAY, DAY)
    store = open_store(url)
    StoredScenarios(store).create(with_orders)
    store.close()
    assert main(["scenarios", "list"]) == 0
    said = capsys.readouterr().out
    assert "Variante \\u001b[2J" in said
    assert not set(said) & {"\x1b", "\x07", "\x9b", "\u202e"}
    assert main(["scenarios", "list", "--json"]) == 0
    text = capsys.readouterr().out
    assert not set(text) & {"\x1b", "\x07", "\x9b", "\u202e"}
    (row,) = json.loads(text)["scenarios"]
    assert row["name"] == with_orders.name
    assert main(["plan", "--scenario", f"absent{ORDERS}"]) == 2
    assert not set(capsys.readouterr().err) & {"\x1b", "\x07", "\x9b", "\u202e"}


def test_a_backup_is_its_owners_only(url: str, tmp_path: Path) -> None:
    file = tmp_path / "sauvegarde.json"
    file.write_text("une autre, que tous lisent", encoding="utf-8")
    file.chmod(0o644)
    open_store(url).close()
    assert main(["admin", "backup", str(file)]) == 0
    assert file.stat().st_mode & 0o777 == 0o600


#: One command for each door through which a file named by the user is read.
COMMANDS = (
    "metrics --plan PATH",
    "times accuracy --reference PATH",
    "roads build PATH",
    "export --format pptx --out plan.pptx --template PATH",
)
_RUN = """
import json, sys
from geozones import cli
print(json.dumps([cli.main(words) for words in json.loads(sys.argv[1])]))
"""


def _run(tmp_path: Path, commands: list[list[str]], **environment: str) -> tuple[list[int], str]:
    """Run commands in a process, which is ended (and the test fails) if one waits for ever."""
    done = subprocess.run(
        [sys.executable, "-c", _RUN, json.dumps(commands)],
        env={**os.environ, "GEOZONES_HOME": str(tmp_path), **environment},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1]), done.stderr


@pytest.mark.slow
def test_a_pipe_is_refused_at_once(tmp_path: Path) -> None:
    pipe = tmp_path / "tube"
    os.mkfifo(pipe)
    commands = [line.replace("PATH", str(pipe)).split() for line in COMMANDS]
    statuses, said = _run(tmp_path, commands)
    assert statuses == [2] * len(commands), said
    lines = said.splitlines()
    told = [line for line in lines if "ce n'est pas un fichier ordinaire" in line]
    assert told == lines


def test_a_pipe_named_by_a_setting_is_refused_at_once(tmp_path: Path) -> None:
    pipe = tmp_path / "tube"
    os.mkfifo(pipe)
    statuses, said = _run(tmp_path, [["times", "a", "b"]], GEOZONES_SETTINGS=str(pipe))
    assert statuses == [2]
    assert "ce n'est pas un fichier ordinaire" in said
