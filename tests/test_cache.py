"""The cache: what was kept is found, nothing else is, and nothing that happens to its file costs more than time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.cache import Cache, digest

PARTS = st.lists(st.one_of(st.text(), st.binary()), max_size=4)


@given(PARTS, PARTS)
def test_only_equal_parts_have_one_key(one: list[str | bytes], other: list[str | bytes]) -> None:
    def plain(parts: list[str | bytes]) -> list[bytes]:
        return [part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part for part in parts]

    assert (digest(*one) == digest(*other)) == (plain(one) == plain(other))


def test_what_was_kept_is_found_by_a_later_build(tmp_path: Path) -> None:
    values = {digest(str(number)): str(number).encode() for number in range(1_200)}
    with_it = Cache(tmp_path)
    with_it.keep(values)
    with_it.close()
    later = Cache(tmp_path)
    assert later.find([*values, digest("other")]) == values
    assert later.problem == ""


def test_without_a_folder_nothing_is_remembered() -> None:
    cache = Cache(None)
    cache.keep({b"key": b"value"})
    assert cache.find([b"key"]) == {}
    cache.close()


def test_a_file_that_is_no_cache_costs_only_time(tmp_path: Path) -> None:
    (tmp_path / "cache.sqlite").write_bytes(b"no database at all, but long enough to be taken for one" * 40)
    cache = Cache(tmp_path)
    cache.keep({b"key": b"value"})
    assert cache.find([b"key"]) == {}
    assert "may be deleted" in cache.problem


def test_a_folder_that_cannot_be_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    cache = Cache(tmp_path / "file" / "below")
    assert cache.problem.startswith("There is no cache in ")
    assert cache.find([b"key"]) == {}


def test_what_somebody_ignores_stays_theirs(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("mine")
    Cache(tmp_path).close()
    assert (tmp_path / ".gitignore").read_text() == "mine"


def test_it_may_be_deleted_in_the_middle(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.keep({b"one": b"1"})
    for path in tmp_path.iterdir():
        path.unlink()
    cache.keep({b"two": b"2"})
    cache.close()
    assert Cache(tmp_path).find([b"one", b"two"]) in ({}, {b"two": b"2"})


def test_it_does_not_grow_beyond_its_limit(tmp_path: Path) -> None:
    values = {digest(str(number)): digest("value", str(number)) * 4 for number in range(1_000)}
    cache = Cache(tmp_path, limit=20_000)
    cache.keep(values)
    cache.close()
    left = Cache(tmp_path).find(values)
    assert 0 < sum(len(value) for value in left.values()) <= 64_000 * 0.6
    assert all(values[key] == value for key, value in left.items())


def test_several_builds_at_once(tmp_path: Path) -> None:
    def build(number: int) -> str:
        cache = Cache(tmp_path)
        for step in range(20):
            cache.keep({digest(str(number), str(step)): b"x" * 100})
        cache.close()
        return cache.problem

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(build, range(4))) == {""}
    keys = [digest(str(number), str(step)) for number in range(4) for step in range(20)]
    assert len(Cache(tmp_path).find(keys)) == 80


@pytest.mark.parametrize("damage", [b"", b"\x00\x01\x02"])
def test_a_damaged_entry_is_one_that_is_not_there(tmp_path: Path, damage: bytes) -> None:
    cache = Cache(tmp_path)
    cache.keep({b"key": b"value"})
    cache._write("update entries set value = ?", [(damage,)])
    assert cache.find([b"key"]) == {}
