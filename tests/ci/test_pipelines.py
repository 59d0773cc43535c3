"""The hooks, the GitHub Action and the GitLab template: valid by the services' own schemas, and their steps run here.

What needs the services themselves (checking out, uploading, publishing pages) is not run. Where a comment goes is in `test_comments.py`.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

REPOSITORY = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
TARGET = "{name: splunk, backend: splunk}"
RULE = """\
title: A Rule
id: 7d3c7a52-8c0d-4d0e-9a65-1f4a1fb80001
logsource:
  product: windows
  category: process_creation
detection:
  selection:
    Image|endswith: '\\a.exe'
  condition: {condition}
"""


@pytest.mark.parametrize(
    ("schema", "file"),
    [("vendor.github-actions", "action.yml"), ("vendor.github-workflows", "ci/github-workflow.yml"), ("vendor.gitlab-ci", "ci/gitlab.yml")],
)
def test_a_file_is_what_its_service_takes(schema: str, file: str) -> None:
    command = [BIN / "check-jsonschema", "--builtin-schema", schema, REPOSITORY / file]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_hooks_are_what_pre_commit_takes() -> None:
    command = [BIN / "pre-commit", "validate-manifest", REPOSITORY / ".pre-commit-hooks.yaml"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A git repository of rules: its first commit is good, then a rule came that is not."""
    (tmp_path / "mkdocs.yml").write_text(f"plugins:\n  - fieldguide:\n      cache: ''\n      stock: false\n      targets: [{TARGET}]\n")
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "good.yml").write_text(RULE.format(condition="selection"))
    git = ["git", "-C", str(tmp_path), "-c", "user.name=x", "-c", "user.email=x@example.org"]
    for command in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-qm", "x"], ["tag", "base"]):
        subprocess.run([*git, *command], check=True)
    (tmp_path / "rules" / "bad.yml").write_text(RULE.format(condition="selectio").replace("80001", "80002"))
    return tmp_path


def run_step(script: str, folder: Path, **env: str) -> subprocess.CompletedProcess[str]:
    path = f"{folder / 'bin'}:{BIN}:{os.environ['PATH']}"
    return subprocess.run(["bash", "-eo", "pipefail", "-c", script], cwd=folder, env={**os.environ, "PATH": path, **env},
                          capture_output=True, text=True, check=False)  # fmt: skip


def steps_of(file: str) -> dict[str, dict[str, Any]]:
    return {step["name"]: step for step in yaml.safe_load((REPOSITORY / file).read_text("utf-8"))["runs"]["steps"] if "name" in step}


def test_the_steps_of_the_action_run(repository: Path) -> None:
    steps = steps_of("action.yml")
    env = {"CONFIG": "mkdocs.yml", "SARIF": "f.sarif", "STRICT": "", "BASE": "base", "GITHUB_STEP_SUMMARY": str(repository / "summary.md")}
    assert run_step(steps["Findings as SARIF"]["run"], repository, **env).returncode == 0
    assert json.loads((repository / "f.sarif").read_text("utf-8"))["version"] == "2.1.0"
    checked = run_step(steps["Check"]["run"], repository, **env)
    assert checked.returncode == 1
    assert re.search(r"^::error file=rules/bad\.yml,line=9,col=\d+,title=FG203", checked.stdout, re.MULTILINE)
    compared = run_step(steps["Compare"]["run"], repository, **env)
    assert compared.returncode == 0, compared.stderr
    assert "rules added | 1" in (repository / "summary.md").read_text("utf-8")


def test_what_a_pull_request_says_never_becomes_a_command() -> None:
    """Expressions stand in `env` alone: within a script they would be read by the shell."""
    for step in steps_of("action.yml").values():
        assert "${{" not in step["run"]


def test_the_script_of_the_gitlab_template_runs(repository: Path) -> None:
    jobs = yaml.safe_load((REPOSITORY / "ci/gitlab.yml").read_text("utf-8"))
    first, second = jobs["fieldguide-check"]["script"]
    assert run_step(first, repository, FIELDGUIDE_CONFIG="mkdocs.yml").returncode == 0
    [record] = [one for one in json.loads((repository / "gl-code-quality-report.json").read_text()) if one["check_name"] == "FG203"]
    assert record["location"] == {"path": "rules/bad.yml", "lines": {"begin": 9}}
    assert run_step(second, repository, FIELDGUIDE_CONFIG="mkdocs.yml").returncode == 1
    subprocess.run(["git", "clone", "-q", "--bare", str(repository), str(repository / "origin.git")], check=True)
    subprocess.run(["git", "-C", str(repository), "remote", "add", "origin", str(repository / "origin.git")], check=True)
    for line in jobs["fieldguide-diff"]["script"]:
        done = run_step(line, repository, FIELDGUIDE_CONFIG="mkdocs.yml", CI_MERGE_REQUEST_TARGET_BRANCH_NAME="main")
        assert done.returncode == 0, done.stderr
    assert "rules added | 1" in (repository / "fieldguide-diff.md").read_text("utf-8")


def test_the_hook_looks_at_the_files_of_a_commit(repository: Path) -> None:
    hooks = {hook["id"]: hook["entry"] for hook in yaml.safe_load((REPOSITORY / ".pre-commit-hooks.yaml").read_text("utf-8"))}
    assert run_step(f"{hooks['fieldguide-check']} rules/good.yml", repository).returncode == 0
    assert run_step(f"{hooks['fieldguide-check']} rules/bad.yml", repository).returncode == 1
    assert run_step(f"{hooks['fieldguide-fix']} rules/good.yml", repository).returncode == 0
