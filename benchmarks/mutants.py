"""Count the small faults that the unit tests notice, by room: a judge of cuts in code and tests.

A mutant is the package with one expression changed inside a function: a comparison, an operator, a
number, a condition, a returned value, a call made for its effect. The unit tests that reach its
lines are run on it; it is killed when one fails. Sites at the level of a module or a class are left
out: they run on import, before any test.

A mutant is known by room, function, text of the expression, change and rank among its like, never
by file or line: after a cut the same list is found again, those whose expression is gone apart.

Three steps, each of which can be resumed::

    python benchmarks/mutants.py sample          # 100 mutants a room, with a fixed seed
    python benchmarks/mutants.py reach CHECKOUT  # the lines of each test, its seconds
    python benchmarks/mutants.py run CHECKOUT OUT.csv
    python benchmarks/mutants.py again BEFORE.csv CHECKOUT AFTER.csv
    python benchmarks/mutants.py compare BEFORE.csv AFTER.csv

The step ``again`` runs on each mutant that BEFORE.csv has killed the test that killed it, then the
rest of that test's file; where that test is gone, its file, then those that reach the line, as the
step ``reach`` has them, or all tests of the room.

Tests run in order: those of the room, the quickest first, then others that reach the lines, then
the rest of their files (what a cache or a fixture made is reached by the first test alone), until
`BUDGET` seconds of them, as the step before timed them, are used.
"""

import argparse
import ast
import csv
import multiprocessing
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from queue import Queue
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = Path(__file__).with_name("mutants.csv")
ROOMS = ("domain", "rules", "metrics", "cost", "store", "workspace")
PER_ROOM, SEED = 100, 20261201
#: Seconds of tests run on a mutant before it is said to live, as timed without a mutant.
BUDGET = 30.0
#: Bounds of a mutant's tests, which kill it: seconds of processor, seconds elapsed, bytes.
PROCESSOR, ELAPSED, MEMORY = 150, 1800, 6 << 30
PROCESSES = 2
#: What each child would import again; nothing of the package, which the child takes from its copy.
PRELOADED = (
    "geopandas",
    "numpy",
    "pandas",
    "pytest",
    "scipy.sparse",
    "shapely",
    "streamlit",
)

_COMPARED = {
    ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">", ast.Eq: "!=", ast.NotEq: "==",
    ast.Is: "is not", ast.IsNot: "is", ast.In: "not in", ast.NotIn: "in",
}  # fmt: skip
_COMPUTED = {
    ast.Add: "-", ast.Sub: "+", ast.Mult: "/", ast.Div: "*", ast.FloorDiv: "*", ast.Mod: "*",
    ast.BitAnd: "|", ast.BitOr: "&",
}  # fmt: skip


class Mutant(NamedTuple):
    """One change of one expression; ``rank`` tells those of the same text in a function apart."""

    room: str
    function: str
    expression: str
    change: str
    rank: int


class Result(NamedTuple):
    """Outcome for a mutant: killed, lives, unreached (by no test) or gone; who killed it."""

    mutant: Mutant
    outcome: str
    test: str


@dataclass(frozen=True)
class Site:
    """Where a mutant stands in a checkout: file, offsets of the expression, text put there."""

    mutant: Mutant
    path: Path
    lines: range
    start: int
    end: int
    text: str

    def source(self) -> str:
        """Return the module with the mutant in it."""
        before = self.path.read_bytes()
        return (before[: self.start] + self.text.encode() + before[self.end :]).decode()


def changes(node: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield the name of each change of an expression or statement, and what it becomes."""
    match node:
        case ast.Compare(left, [operator], [right]) if type(operator) in _COMPARED:
            other = _COMPARED[type(operator)]
            yield f"compare {other}", f"({ast.unparse(left)} {other} {ast.unparse(right)})"
        case ast.BoolOp(operator, values):
            word = " or " if isinstance(operator, ast.And) else " and "
            yield f"junction{word}".strip(), f"({word.join(f'({ast.unparse(v)})' for v in values)})"
        case ast.UnaryOp(ast.Not(), operand):
            yield "drop not", f"({ast.unparse(operand)})"
        case ast.BinOp(left, operator, right) if type(operator) in _COMPUTED and not _text(node):
            other = _COMPUTED[type(operator)]
            yield f"compute {other}", f"(({ast.unparse(left)}) {other} ({ast.unparse(right)}))"
        case ast.Constant(bool() as value):
            yield "flip", str(not value)
        case ast.Constant(int() | float() as value):
            yield "add one", f"({value + 1})"
        case ast.Return(ast.expr() as value) if not isinstance(value, ast.Constant):
            yield "return None", "return None"
        case ast.Expr(ast.Call()):
            yield "drop call", "pass"
        case ast.IfExp(test, body, orelse):
            yield "negate", f"({ast.unparse(ast.IfExp(_not(test), body, orelse))})"


def _not(test: ast.expr) -> ast.expr:
    return ast.UnaryOp(ast.Not(), test)


def _text(node: ast.BinOp) -> bool:
    """Return whether an operation joins or formats texts."""
    parts = (node.left, node.right)
    return any(
        isinstance(part, ast.JoinedStr)
        or (isinstance(part, ast.Constant) and isinstance(part.value, str))
        for part in parts
    )


class _Finder(ast.NodeVisitor):
    """Collects nodes inside functions with the qualified name of the function."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.depth = 0
        self.found: list[tuple[str, ast.AST, str, str]] = []

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self.names.append(node.name)
        for child in node.body:
            self.visit(child)
        self.names.pop()

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self.names.append(node.name)
        self.depth += 1
        for child in node.body:  # neither decorators, nor defaults, nor annotations
            self.visit(child)
        self.depth -= 1
        self.names.pop()

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.visit(node.value)

    def visit_If(self, node: ast.If) -> None:
        if self.depth:
            self._keep(node.test, "negate", f"(not ({ast.unparse(node.test)}))")
        self.generic_visit(node)

    def generic_visit(self, node: ast.AST) -> None:
        if self.depth:
            for change, text in changes(node):
                self._keep(node, change, text)
        if not isinstance(node, ast.JoinedStr):  # offsets inside them are not those of the file
            super().generic_visit(node)

    def _keep(self, node: ast.AST, change: str, text: str) -> None:
        self.found.append((".".join(self.names), node, change, text))


def sites_of(path: Path, room: str) -> Iterator[Site]:
    """Yield every mutant of a module."""
    source = path.read_bytes()
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    finder = _Finder()
    finder.visit(ast.parse(source))
    for function, node, change, text in finder.found:
        assert isinstance(node, ast.expr | ast.stmt)
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        yield Site(
            Mutant(room, function, ast.unparse(node), change, 0),
            path,
            range(node.lineno, node.end_lineno + 1),
            starts[node.lineno - 1] + node.col_offset,
            starts[node.end_lineno - 1] + node.end_col_offset,
            text,
        )


def all_sites(checkout: Path, rooms: Sequence[str]) -> list[Site]:
    """Return the mutants of some rooms; those of one text in one function are ranked."""
    ranks: Counter[Mutant] = Counter()
    sites = []
    for room in rooms:
        for path in sorted((checkout / "src" / "geozones" / room).rglob("*.py")):
            for site in sites_of(path, room):
                rank = ranks[site.mutant]
                ranks[site.mutant] += 1
                sites.append(Site(site.mutant._replace(rank=rank), *list(vars(site).values())[1:]))
    return sites


def find(mutants: Sequence[Mutant], checkout: Path) -> dict[Mutant, Site]:
    """Return where mutants stand in a checkout.

    A mutant whose function was renamed, moved or taken into its caller is found by its expression
    and change, first in its room, then anywhere, where only one place has them.
    """
    rooms = sorted(each.name for each in (checkout / "src" / "geozones").iterdir() if each.is_dir())
    sites = all_sites(checkout, rooms)
    exact = {(*site.mutant[1:],): site for site in reversed(sites)}
    by_room: dict[tuple[str, ...], list[Site]] = defaultdict(list)
    for site in sites:
        for key in ((site.mutant.room, *site.mutant[2:4]), ("", *site.mutant[2:4])):
            by_room[key].append(site)
    exact |= {site.mutant: site for site in sites}
    places = {}
    for mutant in mutants:
        alike = (by_room[mutant.room, *mutant[2:4]], by_room["", *mutant[2:4]])
        lone = next((each[0] for each in alike if len(each) == 1), None)
        site = exact.get(mutant) or exact.get((*mutant[1:],)) or lone
        if site is not None:
            places[mutant] = site
    return places


def sample(checkout: Path) -> list[Mutant]:
    """Return `PER_ROOM` mutants of each room, drawn with a fixed seed."""
    drawn = []
    for room in ROOMS:
        mutants = [site.mutant for site in all_sites(checkout, [room])]
        drawn += sorted(random.Random(f"{SEED} {room}").sample(mutants, PER_ROOM))  # noqa: S311
    return drawn


class Tests(NamedTuple):
    """Tests by line of a module (path below the checkout), and their durations in seconds."""

    reaching: Mapping[str, Mapping[int, Sequence[str]]]
    seconds: Mapping[str, float]


def measure_reach(checkout: Path) -> None:
    """Run the unit tests once; write which lines each reaches, and how long it takes."""
    folder = checkout / ".mutants"
    folder.mkdir(exist_ok=True)
    command = (
        sys.executable, "-m", "pytest", "-m", "not slow", "--ignore", "tests/e2e", "-q",
        "--numprocesses", str(PROCESSES), "--dist", "worksteal", "--durations=0", "-vv",
        "--cov=src/geozones", "--cov-context=test", "--cov-report=", "-p", "no:cacheprovider",
    )  # fmt: skip
    environment = os.environ | {
        "COVERAGE_FILE": str(folder / "coverage"),
        "COVERAGE_CORE": "ctrace",  # the other one has no contexts
        "PYTHONPATH": str(checkout / "src"),
    }
    with (folder / "durations.txt").open("w", encoding="utf-8") as file:
        subprocess.run(command, cwd=checkout, env=environment, stdout=file, check=False)


@cache
def reach_of(checkout: Path) -> Tests:
    """Read what `measure_reach` wrote."""
    from coverage import CoverageData  # noqa: PLC0415 - of this benchmark only

    data = CoverageData(str(checkout / ".mutants" / "coverage"))
    data.read()
    reaching = {
        str(Path(path).relative_to(checkout)): {
            line: sorted({context.partition("|")[0] for context in contexts} - {""})
            for line, contexts in data.contexts_by_lineno(path).items()
        }
        for path in data.measured_files()
    }
    seconds: Counter[str] = Counter()
    timed = re.compile(r"^(\d+\.\d+)s (?:call|setup|teardown) +(\S.*)$")
    text = (checkout / ".mutants" / "durations.txt").read_text("utf-8")
    for line in text.splitlines():
        if matched := timed.match(line):
            seconds[matched[2]] += float(matched[1])
    return Tests(reaching, seconds)


def tests_for(site: Site, checkout: Path) -> list[str]:
    """Return the tests to run on a mutant, in order, within `BUDGET`; none if none reaches it."""
    reach = reach_of(checkout)
    lines = reach.reaching.get(str(site.path.relative_to(checkout)), {})
    reaching = {test for line in site.lines for test in lines.get(line, ())}
    if not reaching:
        return []
    own = f"tests/{site.mutant.room}/"
    files = {test.partition("::")[0] for test in reaching}
    beside = {test for test in reach.seconds if test.partition("::")[0] in files} - reaching

    def order(test: str) -> tuple[bool, bool, float, str]:
        return test in beside, not test.startswith(own), reach.seconds.get(test, 0.0), test

    chosen, used = [], 0.0
    for test in sorted(reaching | beside, key=order):
        used += reach.seconds.get(test, 0.0) + 0.003
        if used > BUDGET and chosen:
            break
        chosen.append(test)
    return chosen


def _child(copy: Path, tests: Sequence[str], log: Path) -> None:
    """Run tests in a process of its own, at the first failure ending with 1."""
    os.setsid()
    os.chdir(copy)
    with log.open("wb") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR, PROCESSOR))
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    os.environ["PYTHONPATH"] = str(copy / "src")
    sys.path[:0] = [str(copy / "src"), str(copy)]
    import pytest  # noqa: PLC0415 - preloaded

    names = log.with_suffix(".tests")
    names.write_text("\n".join(tests), "utf-8")
    options = ("-x", "-q", "--no-header", "-p", "no:cacheprovider", "--tb=no", "-n0", "-rfE")
    preloaded = ("-W", "ignore::pytest.PytestAssertRewriteWarning")
    code = pytest.main([*options, *preloaded, f"@{names}"])
    os._exit(int(code))


def tests_of_killer(killer: str, site: Site, checkout: Path) -> list[str]:
    """Return the test that killed a mutant and its file; where it is gone, what reaches the line.

    Without the step ``reach``, the tests of the room stand for those that reach the line.
    """
    file, _, name = killer.partition("::")
    there = (checkout / file).is_file()
    if there and f"def {name.partition('[')[0]}(" in (checkout / file).read_text("utf-8"):
        return [killer, file]
    measured = (checkout / ".mutants" / "coverage").exists()
    others = tests_for(site, checkout) if measured else [f"tests/{site.mutant.room}"]
    return [*([file] if there else ()), *others]


def outcome(site: Site, checkout: Path, copy: Path, tests: Sequence[str]) -> Result:
    """Run tests on a copy of the checkout with a mutant; the copy is put back afterwards."""
    if not tests:
        return Result(site.mutant, "unreached", "")
    target = copy / site.path.relative_to(checkout)
    target.write_text(site.source(), "utf-8")
    log = copy.with_suffix(".log")
    try:
        child = multiprocessing.get_context("forkserver").Process(
            target=_child, args=(copy, tests, log)
        )
        child.start()
        child.join(ELAPSED)
        ended = child.exitcode
        try:
            os.killpg(child.pid or 0, signal.SIGKILL)
        except (PermissionError, ProcessLookupError):
            child.kill()
        child.join()
    finally:
        shutil.copy2(site.path, target)  # with its time: the bytecode of the copy is good again
    if ended in {None, -signal.SIGKILL, -signal.SIGXCPU}:
        return Result(site.mutant, "killed", "without end")
    if ended == 0:
        return Result(site.mutant, "lives", "")
    said = log.read_text("utf-8", "replace")
    if "ImportError while loading conftest" in said:  # a default that a class refuses
        return Result(site.mutant, "killed", "on import")
    failed = re.search(r"^(?:FAILED|ERROR) (\S+)", said, re.MULTILINE)
    if failed is None and ended > 0:
        raise RuntimeError(said[-2000:])
    return Result(site.mutant, "killed", failed[1] if failed else f"signal {-ended}")


def run(checkout: Path, out: Path, before: Path | None = None) -> None:
    """Judge each mutant of the list that the output file has not; write it as it is known.

    With ``before``, earlier results, judge those that it has killed by the tests that killed them.
    """
    done = {each.mutant for each in read_results(out)} if out.exists() else set()
    killers = {
        each.mutant: each.test
        for each in (read_results(before) if before else ())
        if each.outcome == "killed"
    }
    mutants = [each for each in (killers if before else read_sample()) if each not in done]
    # each room has its part, however early the run is ended
    random.Random(SEED).shuffle(mutants)  # noqa: S311
    places = find(mutants, checkout)
    multiprocessing.set_start_method("forkserver", force=True)
    multiprocessing.get_context("forkserver").set_forkserver_preload(list(PRELOADED))
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copies: Queue[Path] = Queue()
        for number in range(PROCESSES):
            copy = Path(folder) / f"copy{number}"
            left_out = shutil.ignore_patterns(".git", ".venv*", ".mutants", "__pycache__")
            shutil.copytree(checkout, copy, ignore=left_out)
            warm_up = (sys.executable, "-m", "pytest", "--collect-only", "-q", "-n0")
            there = os.environ | {"PYTHONPATH": str(copy / "src"), "PYTHONDONTWRITEBYTECODE": ""}
            subprocess.run(warm_up, cwd=copy, env=there, stdout=subprocess.DEVNULL, check=True)
            copies.put(copy)

        def judge(mutant: Mutant) -> Result:
            if mutant not in places:
                return Result(mutant, "gone", "")
            site, copy = places[mutant], copies.get()
            try:
                tests = (
                    tests_of_killer(killers[mutant], site, checkout)
                    if before
                    else tests_for(site, checkout)
                )
                # as it is listed, wherever it was found
                return outcome(site, checkout, copy, tests)._replace(mutant=mutant)
            finally:
                copies.put(copy)

        with (
            out.open("a", encoding="utf-8", newline="") as file,
            ThreadPoolExecutor(PROCESSES) as pool,
        ):
            rows = csv.writer(file, lineterminator="\n")
            for result in pool.map(judge, mutants):
                rows.writerow([*result.mutant, result.outcome, result.test])
                file.flush()
    summary(read_results(out))


def mutant_of(row: Sequence[str]) -> Mutant:
    """Return the mutant of a row of a file."""
    room, function, text, change, rank, *_ = row
    return Mutant(room, function, text, change, int(rank))


def read_sample() -> list[Mutant]:
    """Read the list of mutants."""
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        return [mutant_of(row) for row in csv.reader(file)]


def read_results(path: Path) -> list[Result]:
    """Read outcomes."""
    with path.open(encoding="utf-8", newline="") as file:
        return [Result(mutant_of(row), row[5], row[6]) for row in csv.reader(file)]


def summary(results: Sequence[Result]) -> None:
    """Print the outcomes by room; the rate is that of mutants that are not gone."""
    print(f"{'room':10} {'killed':>7} {'lives':>6} {'unreached':>9} {'gone':>5} {'rate':>6}")
    for room in (*ROOMS, ""):
        counts = Counter(r.outcome for r in results if room in ("", r.mutant.room))
        here = sum(counts.values()) - counts["gone"]
        rate = f"{counts['killed'] / here:6.1%}" if here else ""
        print(
            f"{room or 'all':10} {counts['killed']:7} {counts['lives']:6} "
            f"{counts['unreached']:9} {counts['gone']:5} {rate}"
        )


def compare(before: Path, after: Path) -> int:
    """Print the mutants that live only since, and both summaries; return how many there are."""
    were = {each.mutant: each for each in read_results(before)}
    now = read_results(after)
    for name, results in (("before", list(were.values())), ("after", now)):
        print(f"-- {name}")
        summary(results)
    lost = [
        each
        for each in now
        if each.outcome in {"lives", "unreached"} and were[each.mutant].outcome == "killed"
    ]
    for each in lost:
        mutant, killer = each.mutant, were[each.mutant].test
        print(f"{each.outcome}: {mutant.room} {mutant.function}: {mutant.change}")
        print(f"    {mutant.expression}")
        print(f"    was killed by {killer}")
    return len(lost)


def main() -> None:
    """Run one step."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    steps = parser.add_subparsers(dest="step", required=True)
    steps.add_parser("sample")
    steps.add_parser("reach").add_argument("checkout", type=Path)
    judged = steps.add_parser("run")
    judged.add_argument("checkout", type=Path)
    judged.add_argument("out", type=Path)
    again = steps.add_parser("again")
    again.add_argument("before", type=Path)
    again.add_argument("checkout", type=Path)
    again.add_argument("out", type=Path)
    compared = steps.add_parser("compare")
    compared.add_argument("before", type=Path)
    compared.add_argument("after", type=Path)
    options = parser.parse_args()
    if options.step == "sample":
        with SAMPLE.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(sample(ROOT))
    elif options.step == "reach":
        measure_reach(options.checkout.resolve())
    elif options.step == "run":
        run(options.checkout.resolve(), options.out.resolve())
    elif options.step == "again":
        run(options.checkout.resolve(), options.out.resolve(), options.before)
    else:
        sys.exit(bool(compare(options.before, options.after)))


if __name__ == "__main__":
    main()
