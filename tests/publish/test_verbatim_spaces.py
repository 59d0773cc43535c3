"""Every kind of white space that Unicode knows survives in code, alone on a line too."""

from __future__ import annotations

import sys

import pytest

from generator.render.markdown import code_block
from tests.render.reading import page, text

# U+000D is a line end when a page is read; U+000A ends a line by nature.
SPACES = [chr(number) for number in range(sys.maxunicode + 1) if chr(number).isspace() and chr(number) not in "\r\n"]


@pytest.mark.parametrize("space", SPACES, ids=[f"U+{ord(space):04X}" for space in SPACES])
@pytest.mark.parametrize("opener", ["", '=== "One"\n\n', '=== "One"\n\n    === "Two"\n\n'], ids=["page", "tab", "tab in a tab"])
def test_white_space_survives(space: str, opener: str) -> None:
    words = f"{space}\na{space}\n{space}b\n {space} \n{space}{space}\n\n{space}"
    body = page(opener + code_block(words, "text", 4 * opener.count("===")) + "\n")
    assert [text(code).removesuffix("\n") for code in body.iter("code")] == [words]
