"""Templates of the user's run in a sandbox, and so do the shipped ones beside them."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2.exceptions import SecurityError
from jinja2.sandbox import SandboxedEnvironment

from generator.render.environment import make_environment


def test_a_template_of_the_user_reaches_nothing_below_what_it_is_given(tmp_path: Path) -> None:
    (tmp_path / "own.md.j2").write_text("{{ ''.__class__.__mro__ }}")
    with pytest.raises(SecurityError):
        make_environment(tmp_path, {}).get_template("own.md.j2").render()


def test_the_shipped_templates_alone_need_none(tmp_path: Path) -> None:
    assert not isinstance(make_environment(None, {}), SandboxedEnvironment)
    assert not isinstance(make_environment(tmp_path, {}), SandboxedEnvironment)
    (tmp_path / "macros.md.j2").write_text("")
    assert isinstance(make_environment(tmp_path, {}), SandboxedEnvironment)
