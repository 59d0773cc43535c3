"""Each code has one module with its manual, in one form, so that `fieldguide explain` and the site can show it."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path
from textwrap import dedent

import pytest
import yaml

from generator import checks
from generator.checks._validator_manuals import MANUALS
from generator.diagnostics import CODES
from generator.schemas.words import MODIFIERS

MODULES = sorted(path for path in Path(checks.__file__).parent.glob("[a-z]*.py"))


def code_of(path: Path) -> str:
    (code,) = re.findall(r'^CODE = "(FG\d{3})"$', path.read_text("utf-8"), re.MULTILINE)
    return code


CODED = {path.stem: code_of(path) for path in MODULES}


def test_no_code_has_two_modules() -> None:
    assert {code: number for code, number in Counter(CODED.values()).items() if number > 1} == {}


@pytest.mark.parametrize("code", sorted(CODED.values()))
def test_a_manual_has_its_form(code: str) -> None:
    head, *parts = checks.manual(code).split("\n\n")
    assert re.fullmatch(rf"{code}: [a-z`].*[^.]", head) or re.fullmatch(rf"{code}: [A-Z]{{2,}}.*[^.]", head)
    words = [part for part in parts if not part.startswith("    ")]
    assert len(words) >= 2, "what is wrong and why, and how to mend it"
    assert all(part.rstrip().endswith((".", ":")) for part in words)
    assert not any(line.startswith("    ") for part in words for line in part.split("\n"))


@pytest.mark.parametrize("code", sorted(CODED.values()))
def test_an_example_of_a_manual_is_yaml(code: str) -> None:
    for part in checks.manual(code).split("\n\n"):
        if part.startswith("    ") and code not in NOT_YAML:
            list(yaml.compose_all(dedent(part), Loader=yaml.SafeLoader))


# Their very subject is what YAML cannot read.
NOT_YAML = ("FG002", "FG006")


def test_a_check_yields_its_own_code_alone() -> None:
    """What a module writes as a code in its own text, its manual apart, is `CODE`."""
    for path in MODULES:
        tree = ast.parse(path.read_text("utf-8"))
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == "Diagnostic"]
        assert all(ast.unparse(call.args[1]) == "CODE" for call in calls), path.name


def test_every_code_has_a_module_and_every_module_a_code() -> None:
    assert sorted({*CODED.values(), *MANUALS}) == sorted(CODES)


def test_the_manual_of_unknown_modifiers_has_all_that_are_known() -> None:
    listed = " ".join(re.findall(r"^- .*", checks.manual("FG207"), re.MULTILINE))
    assert set(MODIFIERS) - set(re.findall(r"\w+", listed)) == set()
