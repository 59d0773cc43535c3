"""The command, as it is run: exit codes, what it prints where, and what it leaves behind."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from generator import __version__, cli
from generator.attack import load_catalogue
from tests.conftest import REPOSITORY

RULE = """\
title: A rule
id: 5b1f6f0e-0c9a-4d53-8a0e-1d2c3b4a5901
logsource: {product: linux, service: auditd}
detection:
  selection:
    type: PATH
  condition: selection
"""
ENTRY = """\
id: DN_0001
title: Records of auditd
platform: Linux
log_sources: {product: linux, service: auditd}
fields: [type]
"""
CONFIGURATION = """\
site_name: Ours
use_directory_urls: false
plugins:
  - fieldguide: {targets: [kibana]}
"""


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a small knowledge base in which nothing is wrong; it is the current one."""
    for name, text in {"mkdocs.yml": CONFIGURATION, "rules/a.yml": RULE, "data_needed/d.yml": ENTRY}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """The exit code of the command with these arguments."""
    monkeypatch.setattr(sys, "argv", ["fieldguide", *arguments])
    try:
        cli.main()
    except SystemExit as stop:
        return int(stop.code or 0)
    return 0


class Command:
    """Runs the command; `out` and `err` are what it printed the last time."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch = monkeypatch
        self._capsys = capsys
        self.out = self.err = ""

    def __call__(self, *arguments: str) -> int:
        code = run(*arguments, monkeypatch=self._monkeypatch)
        self.out, self.err = self._capsys.readouterr()
        return code


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(monkeypatch, capsys)


def test_a_sound_build(base: Path, command: Command) -> None:
    assert command("build", "--no-site") == 0
    assert (base / "site" / "docs" / "rules" / "a.md").is_file()
    assert not (base / "site" / "html").exists()
    for line in ("1 rules, 1 cards", "kibana: 1 queries converted, 0 not convertible", "Data Needed: 1 rules with, 0 without", "Seconds: "):
        assert line in command.out


def test_a_site_is_built_and_may_be_built_again(base: Path, command: Command) -> None:
    for _ in range(2):
        assert command("build") == 0
        assert (base / "site" / "html" / "rules" / "a.html").is_file()
        assert (base / "site" / "mkdocs.yml").is_file()


def test_a_warning_counts_when_it_shall(base: Path, command: Command) -> None:
    (base / "rules" / "a.yml").write_text(RULE.replace("auditd", "toaster"), "utf-8")
    assert command("build", "--no-site") == 0
    assert "rules/a.yml:3:12 FG401 no Data Needed: " in command.out
    assert command("build", "--no-site", "--strict") == 1
    assert (base / "site" / "docs" / "rules" / "a.md").is_file()


def test_an_error_is_exit_code_1_and_all_else_is_built(base: Path, command: Command) -> None:
    (base / "rules" / "b.yml").write_text("title: 'never ends\n", "utf-8")
    assert command("build", "--no-site") == 1
    assert "rules/b.yml:2:1 FG002 not valid YAML" in command.out
    assert (base / "site" / "docs" / "rules" / "a.md").is_file()


def test_the_report_says_what_the_summary_says(base: Path, command: Command) -> None:
    (base / "rules" / "b.yml").write_text("title: B\nlevel: severe\n" + RULE.split("\n", 2)[2], "utf-8")
    assert command("build", "--no-site", "--report", "report.json") == 0
    report = json.loads((base / "report.json").read_text("utf-8"))
    assert (report["rules"], report["cards"]) == (2, 2)
    assert report["queries"] == {"kibana": {"converted": 2, "not convertible": 0}}
    assert report["data_needed"] == {"with": 2, "without": 0}
    assert report["diagnostics"]["by_code"] == {"FG103": 1, "FG109": 1}
    first, second = report["diagnostics"]["all"]
    assert first["code"] == "FG103"
    assert second == {
        "path": "rules/b.yml", "line": 2, "column": 8, "code": "FG109", "severity": "warning",
        "message": "'severe' is not a level of Sigma", "help": "Known are: informational, low, medium, high, critical.",
    }
    assert set(report["seconds"]) >= {"load", "link", "convert", "render", "write"}


def test_a_report_that_cannot_be_written_stops_before_the_build(base: Path, command: Command) -> None:
    assert command("build", "--no-site", "--report", "nowhere/report.json") == 2
    assert "--report" in command.err
    assert not (base / "site").exists()


def test_rules_replaces_the_configured_folders(base: Path, command: Command) -> None:
    for name, number in (("one", "5902"), ("two", "5903")):
        (base / name).mkdir()
        (base / name / "r.yml").write_text(RULE.replace("5901", number), "utf-8")
    assert command("build", "--no-site", "--rules", "one", "--rules", "two") == 0
    pages = sorted(path.relative_to(base / "site" / "docs").as_posix() for path in (base / "site" / "docs" / "rules").rglob("*.md"))
    assert pages == ["rules/index.md", "rules/one/r.md", "rules/two/r.md"]
    assert command("build", "--no-site") == 0
    assert not (base / "site" / "docs" / "rules" / "one").exists(), "pages of rules that are gone go too"


def test_other_folders_for_pages_and_site(base: Path, command: Command) -> None:
    assert command("build", "--no-site", "--docs-dir", "pages", "--site-dir", "out") == 0
    assert (base / "pages" / "rules" / "a.md").is_file()
    assert not (base / "site").exists()


@pytest.mark.parametrize("arguments", [("--site-dir", "rules"), ("--site-dir", "site/docs"), ("--docs-dir", "x", "--site-dir", "x/y")])
def test_a_folder_that_would_be_lost_is_refused(base: Path, command: Command, arguments: tuple[str, ...]) -> None:
    assert command("build", *arguments) == 2
    assert command.err.strip()
    assert (base / "rules" / "a.yml").read_text("utf-8") == RULE
    assert not (base / "x").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("build", "-f", "nowhere.yml"), "nowhere.yml:1:1 FG903"),
        (("build", "--rules", "nowhere"), "--rules: there is no folder nowhere"),
        (("build", "--colour"), "No such option"),
        (("build", "--jobs", "-1"), "--jobs"),
        (("bild",), "No such command"),
        (("attack", "show", "T0000"), "T0000"),
        (("attack", "import", "nowhere.json"), "nowhere.json"),
        (("attack", "import", "mkdocs.yml"), "mkdocs.yml"),
        (("attack", "import", "x.json", "--version-of", "poems=1"), "poems=1"),
    ],
    ids=" ".join,
)
def test_wrong_usage_is_exit_code_2_with_a_word_on_it(base: Path, command: Command, arguments: tuple[str, ...], words: str) -> None:
    assert command(*arguments) == 2
    assert words in command.err
    assert "Traceback" not in command.err


def test_a_wrong_setting_is_exit_code_2_with_its_place(base: Path, command: Command) -> None:
    (base / "mkdocs.yml").write_text(CONFIGURATION.replace("targets", "tragets"), "utf-8")
    assert command("build", "--no-site") == 2
    assert "mkdocs.yml:4:18 FG901 there is no setting `tragets`" in command.err
    assert "Did you mean `targets`?" in command.err


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [(KeyboardInterrupt(), 130, "Interrupted"), (ZeroDivisionError("that is new"), 3, "that is new")],
    ids=["interrupt", "bug"],
)
def test_an_interrupt_and_a_bug(
    base: Path, command: Command, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, words: str
) -> None:
    def raises(*arguments: object) -> None:
        raise error

    monkeypatch.setattr(cli, "build", raises)
    assert command("build", "--no-site") == code
    assert words in command.err
    assert ("Traceback" in command.err) is (code == 3)


def test_help_and_version(command: Command) -> None:
    assert command("--help") == 0
    assert all(name in command.out for name in ("build", "attack"))
    assert command("build", "--help") == 0
    for option in ("--config-file", "--rules", "--docs-dir", "--site-dir", "--no-site", "--jobs", "--strict", "--report"):
        assert option in command.out
    assert command("--version") == 0
    assert command.out.strip() == f"fieldguide {__version__}"


def test_without_arguments_it_says_how_it_is_used(command: Command) -> None:
    assert command() in (0, 2)
    assert "build" in command.out + command.err


def test_attack_show(command: Command) -> None:
    assert command("attack", "show", "T1100") == 0
    assert "T1100 Web Shell" in command.out.splitlines()[0]
    assert "revoked" in command.out
    assert "T1505.003" in command.out
    assert command("attack", "show", "Persistence") == 0
    assert "TA0003" in command.out


def test_attack_import_makes_a_catalogue_that_a_build_can_use(base: Path, command: Command) -> None:
    bundle = REPOSITORY / "tests" / "attack" / "bundles" / "stix21_enterprise.json"
    assert command("attack", "import", str(bundle), "-o", "own.json", "--version-of", "strategies=18.1") == 0
    assert command.out.startswith("own.json: enterprise-attack, ")
    assert load_catalogue(base / "own.json").versions["strategies"] == "18.1"
    (base / "mkdocs.yml").write_text(CONFIGURATION.replace("{targets", "{attack: own.json, targets"), "utf-8")
    assert command("build", "--no-site") == 0
    shipped, own = load_catalogue(), load_catalogue(base / "own.json")
    pages = {path.stem for path in (base / "site" / "docs" / "tactics").glob("TA*.md")}
    assert pages == {tactic.id for tactic in own.tactics} != {tactic.id for tactic in shipped.tactics}


def test_the_package_is_the_same_command(base: Path) -> None:
    done = subprocess.run([sys.executable, "-m", "generator", "--version"], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == f"fieldguide {__version__}"
