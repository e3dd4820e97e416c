"""``make check`` runs the tests of what changed, and each of them."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts.changed_tests import WIDELY, changed_files, relevant_tests, slow_tests

FILES = {
    "CONTRIBUTING.md": "Add a line:\n\n`src/geozones/ui/quoted.py`\n\n```diff\n+\n```\n",
    "src/geozones/__init__.py": "",
    "src/geozones/domain/__init__.py": "from geozones.domain.plan import Plan\n",
    "src/geozones/domain/plan.py": "class Plan: ...\n",
    "src/geozones/rules/__init__.py": "",
    "src/geozones/rules/size.py": "from geozones.domain import Plan\n",
    "src/geozones/rules/pair.py": "from geozones.rules.inner import own\n",
    "src/geozones/rules/inner.py": "",
    "src/geozones/ui/__init__.py": "",
    "src/geozones/ui/look.py": "",
    "src/geozones/ui/quoted.py": "",
    "tests/conftest.py": "from geozones.rules.size import Plan\n",
    "tests/helpers/__init__.py": "",
    "tests/helpers/plans.py": "import geozones.rules.size\n",
    "tests/domain/test_plan.py": "from geozones.domain.plan import Plan\n",
    "tests/rules/conftest.py": "",
    "tests/rules/judge.py": "",
    "tests/rules/test_judged.py": "from .judge import verdict\n",
    "tests/rules/test_pair.py": "from geozones.rules.pair import Pair\n",
    "tests/rules/test_size.py": "from geozones.rules.size import Plan\n",
    "tests/render/test_map.py": "def test() -> None:\n    from geozones.domain import Plan\n",
    "tests/store/test_kept.py": "from helpers.plans import some\n",
    "tests/pages/test_page.py": "",
    "tests/test_recipes.py": "",
    "tests/e2e/test_browser.py": "from geozones.domain.plan import Plan\n",
}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A small checkout: two modules, of which ``domain`` hands one out, and their tests."""
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def git_in(checkout: Path) -> Callable[..., None]:
    """Return git, as run in a checkout."""

    def git(*arguments: str) -> None:
        author = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
        subprocess.run(["git", "-C", str(checkout), *author, *arguments], check=True)

    return git


@pytest.mark.parametrize(
    ("changed", "tests"),
    [
        # its room, and who imports it through its package
        ("src/geozones/domain/plan.py", ["domain/test_plan.py", "render/test_map.py"]),
        # who imports it in its room or no module of it, and who imports it through a helper
        (
            "src/geozones/rules/size.py",
            ["rules/test_judged.py", "rules/test_size.py", "store/test_kept.py"],
        ),
        # who imports what imports it
        ("src/geozones/rules/inner.py", ["rules/test_judged.py", "rules/test_pair.py"]),
        # deleted
        (
            "src/geozones/rules/gone.py",
            ["rules/test_judged.py", "rules/test_pair.py", "rules/test_size.py"],
        ),
        ("src/geozones/ui/look.py", ["pages/test_page.py"]),
        # its room, and the recipes, one of which quotes it
        ("src/geozones/ui/quoted.py", ["pages/test_page.py", "test_recipes.py"]),
        ("pages/1_Atelier.py", ["pages/test_page.py"]),
        ("tests/rules/test_size.py", ["rules/test_size.py"]),
        ("tests/rules/judge.py", ["rules/test_judged.py"]),
        (
            "tests/rules/conftest.py",
            ["rules/test_judged.py", "rules/test_pair.py", "rules/test_size.py"],
        ),
        ("tests/helpers/plans.py", ["store/test_kept.py"]),
        ("tests/e2e/test_browser.py", []),
        ("LICENSE", []),
    ],
)
def test_a_file_is_told_from_the_tests_of_its_room_and_from_those_that_import_it(
    checkout: Path, changed: str, tests: list[str]
) -> None:
    assert relevant_tests([Path(changed)], checkout) == [Path("tests", name) for name in tests]


def test_a_module_that_many_tests_import_is_told_from_its_room_alone(checkout: Path) -> None:
    for rank in range(WIDELY):
        path = checkout / f"tests/store/test_{rank}.py"
        path.write_text("from geozones.domain import Plan\n", encoding="utf-8")
    plan = Path("src/geozones/domain/plan.py")
    assert relevant_tests([plan], checkout) == [Path("tests/domain/test_plan.py")]


def test_what_changed_is_all_that_main_has_not(checkout: Path) -> None:
    git = git_in(checkout)
    git("init", "--quiet", "--initial-branch=main")
    git("add", ".")
    git("commit", "--quiet", "--message=before")
    git("switch", "--quiet", "--create", "work")
    (checkout / "committed.py").write_text("", encoding="utf-8")
    git("add", ".")
    git("commit", "--quiet", "--message=after")
    git("rm", "--quiet", "tests/rules/judge.py")
    (checkout / "tests/conftest.py").write_text("# altered\n", encoding="utf-8")
    (checkout / "é new.py").write_text("", encoding="utf-8")
    names = ["committed.py", "tests/conftest.py", "tests/rules/judge.py", "é new.py"]
    assert changed_files(checkout) == [Path(name) for name in names]


@pytest.mark.parametrize("mark", ["slow", 'parametrize("a", slow_but([1]))'])
def test_slow_tests_are_told_from_the_others(checkout: Path, mark: str) -> None:
    slow = f"import pytest\n\n\n@pytest.mark.{mark}\ndef test() -> None: ...\n"
    (checkout / "tests/rules/test_size.py").write_text(slow, encoding="utf-8")
    quoted = f"SLOW = {slow!r}\n"
    (checkout / "tests/rules/test_judged.py").write_text(quoted, encoding="utf-8")
    assert slow_tests([Path("src/geozones/rules/size.py")], checkout) == [
        Path("tests/rules/test_size.py")
    ]


def test_a_slow_test_is_of_the_modules_of_its_room_that_it_imports(checkout: Path) -> None:
    size = Path("tests/rules/test_size.py")
    slow = "import pytest\n\n\n@pytest.mark.slow\ndef test() -> None: ...\n"
    (checkout / size).write_text(f"import geozones.rules.size\n{slow}", encoding="utf-8")
    for changed in ("src/geozones/rules/size.py", "tests/rules/conftest.py", "tests/conftest.py"):
        assert slow_tests([Path(changed)], checkout) == [size]
    assert slow_tests([Path("src/geozones/rules/pair.py")], checkout) == []
    for rank in range(WIDELY):
        (checkout / f"tests/store/test_{rank}.py").write_text("", encoding="utf-8")
    assert slow_tests([Path("tests/conftest.py")], checkout) == []


def test_slow_tests_in_a_browser_are_those_of_pages(checkout: Path) -> None:
    slow = "import pytest\n\n\n@pytest.mark.slow\ndef test() -> None: ...\n"
    browser = Path("tests/e2e/test_browser.py")
    (checkout / browser).write_text(slow, encoding="utf-8")
    for changed in ("src/geozones/ui/look.py", "tests/e2e/conftest.py", "app.py"):
        assert slow_tests([Path(changed)], checkout) == [browser]
    assert slow_tests([Path("src/geozones/rules/size.py")], checkout) == []


def test_what_changed_may_be_asked_since_any_commit(checkout: Path) -> None:
    git = git_in(checkout)
    git("init", "--quiet", "--initial-branch=main")
    for name in ("first.py", "second.py", "third.py"):
        (checkout / name).write_text("", encoding="utf-8")
        git("add", ".")
        git("commit", "--quiet", f"--message={name}")
    assert changed_files(checkout) == []
    assert changed_files(checkout, "HEAD~1") == [Path("third.py")]
    assert changed_files(checkout, "HEAD~2") == [Path("second.py"), Path("third.py")]
