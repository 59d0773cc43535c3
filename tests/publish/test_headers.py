"""Inline scripts are found as a browser finds them, and hashed as it hashes them."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.publish.headers import LONGEST_LINE, inline_scripts, policy, write_headers


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("<script>a()</script>", ["a()"]),
        ("<SCRIPT Type=Module>A()</Script >", ["A()"]),
        ("<script>a()\r\nb()\rc()</script>", ["a()\nb()\nc()"]),
        ("<script>a()</script><script>b()</script>", ["a()", "b()"]),
        ("<script type='text/javascript' async>a < b</script>", ["a < b"]),
        ("<script data-src='x' title='> src=y'>a()</script>", ["a()"]),
        ("<script type=importmap>{}</script>", ["{}"]),
        ("<script src=a.js></script><script src='b.js'>fallback</script>", []),
        ("<script type='application/ld+json'>{}</script><script type=application/json>{}</script>", []),
        ("<script></script>", []),
        ("<p>&lt;script>a()&lt;/script></p><scripted>a()</scripted>", []),
    ],
)
def test_scripts_of_a_page(page: str, expected: list[str]) -> None:
    assert [script.decode() for script in inline_scripts(page.encode())] == expected


def test_a_policy_lists_hashes_in_order() -> None:
    assert " script-src 'self'; " in policy([])
    # the example of the specification, https://www.w3.org/TR/CSP3/
    assert "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='" in policy([b"alert('Hello, world.');"])
    assert policy([b"a", b"b"]) == policy([b"b", b"a"])


def test_more_scripts_than_a_header_holds_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<script>1</script>")
    assert write_headers(tmp_path) == []
    for number in range(LONGEST_LINE // 50):
        (tmp_path / f"{number}.html").write_text(f"<script>{number}</script>")
    (tmp_path / "_headers").unlink()
    (warning,) = write_headers(tmp_path)
    assert warning.startswith("40 different inline scripts")
