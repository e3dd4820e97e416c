import os
from pathlib import Path

import pytest

from geozones.geocode import AnswerCache

DAY_S = 86_400


class Now:
    at = 1_000_000.0

    def __call__(self) -> float:
        return self.at


def test_what_was_kept_is_given_again_and_nothing_else(tmp_path: Path) -> None:
    cache = AnswerCache(tmp_path)
    cache.put(["a", "rue"], [{"lat": 47.0}])
    assert AnswerCache(tmp_path).get(["a", "rue"]) == [{"lat": 47.0}]
    assert cache.get(["b", "rue"]) is None


def test_an_old_answer_is_asked_for_again(tmp_path: Path) -> None:
    now = Now()
    cache = AnswerCache(tmp_path, max_days=10, now=now)
    cache.put("a", 1)
    now.at += 10 * DAY_S
    assert cache.get("a") == 1
    now.at += 2
    assert cache.get("a") is None
    now.at -= 20 * DAY_S  # a clock that was set back since: the day of the answer is unknown
    assert cache.get("a") is None


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format": 1}', '{"format": 9, "at": 1e12}'])
def test_a_damaged_file_is_no_answer(tmp_path: Path, content: str) -> None:
    cache = AnswerCache(tmp_path)
    cache.put("a", 1)
    (kept,) = tmp_path.glob("*.json")
    kept.write_text(content)
    assert cache.get("a") is None
    cache.put("a", 2)
    assert cache.get("a") == 2


def test_beyond_its_bound_the_oldest_answers_go(tmp_path: Path) -> None:
    cache = AnswerCache(tmp_path, max_entries=10)
    for rank in range(11):
        cache.put(rank, rank)
        newest = max(tmp_path.glob("*.json"), key=lambda path: path.stat().st_mtime_ns)
        os.utime(newest, (rank, rank))
    assert len(list(tmp_path.glob("*.json"))) == 9
    assert cache.get(0) is None
    assert cache.get(9) == 9


def test_without_a_folder_nothing_is_kept_and_a_disk_that_refuses_is_no_error(
    tmp_path: Path,
) -> None:
    cache = AnswerCache(None)
    cache.put("a", 1)
    assert cache.get("a") is None
    (tmp_path / "file").write_text("")
    cache = AnswerCache(tmp_path / "file" / "cache")
    cache.put("a", 1)
    assert cache.get("a") is None
