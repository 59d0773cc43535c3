"""Inline scripts are found as a browser finds them, and hashed as it hashes them."""

from __future__ import annotations

import pytest

from generator.publish.headers import LONGEST_LINE, headers, inline_scripts, policy, script_hashes


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
    example = script_hashes("x.html", b"<script>alert('Hello, world.');</script>")
    assert "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='" in policy(example)
    pages = [("a.html", b"<script>a</script>"), ("b.html", b"<script>b</script>"), ("c.txt", b"<script>c</script>")]
    hashes = [hash for path, content in pages for hash in script_hashes(path, content)]
    assert len(hashes) == 2
    assert headers(hashes) == headers(reversed([*hashes, *hashes]))


def test_more_scripts_than_a_header_holds_are_told() -> None:
    few = script_hashes("a.html", b"<script>1</script>")
    assert headers(few)[1] == []
    many = [hash for number in range(LONGEST_LINE // 50) for hash in script_hashes("a.html", f"<script>{number}</script>".encode())]
    (warning,) = headers(many)[1]
    assert warning.startswith("40 different inline scripts")
