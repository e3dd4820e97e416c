"""Codes and the secret key of an installation."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from geozones.common.errors import InputError
from geozones.common.files import new_code, secret_key

#: Says that it is ready, waits to be told, then prints the secret.
ASKER = """
import sys
from pathlib import Path
from geozones.common.files import secret_key
print("ready", flush=True)
sys.stdin.readline()
print(secret_key(Path(sys.argv[1]), "Le secret").hex(), flush=True)
"""


def test_processes_that_ask_at_once_get_one_secret_that_only_its_owner_reads(
    tmp_path: Path,
) -> None:
    file = tmp_path / "home" / "a.key"
    askers = [
        subprocess.Popen(
            [sys.executable, "-c", ASKER, str(file)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(6)
    ]
    for asker in askers:
        assert asker.stdout
        assert asker.stdout.readline() == "ready\n"
    for asker in askers:
        assert asker.stdin
        asker.stdin.write("\n")
        asker.stdin.flush()
    got = {asker.communicate()[0].strip() for asker in askers}
    assert got == {secret_key(file, "Le secret").hex()}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("content", ["", "[]", '{"key": ""}', '{"key": "00"}', "[" * 9000])
def test_a_spoilt_secret_is_told_and_left_as_it_is(tmp_path: Path, content: str) -> None:
    file = tmp_path / "a.key"
    file.write_text(content)
    with pytest.raises(InputError, match=r"Le secret .* est altéré"):
        secret_key(file, "Le secret")
    assert file.read_text() == content


def test_codes_are_all_different_and_never_taken_for_an_option_of_a_command() -> None:
    assert not [code for code in (new_code() for _ in range(5_000)) if code.startswith("-")]
    assert len({new_code() for _ in range(1_000)}) == 1_000
