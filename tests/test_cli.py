"""The command, as it is run: exit codes, what it prints where, and what it leaves behind."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from generator import __version__, cli, cli_build
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
    for line in ("1 rule, 1 card", "kibana: 1 query converted, 0 not convertible", "Data Needed: 1 rule with, 0 without", "Seconds: "):
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
    assert "(1 error here)" in (base / "site" / "docs" / "findings.md").read_text("utf-8")


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
    assert set(report["seconds"]) >= {"load", "link", "convert", "render"}


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


def test_an_unknown_modifier_is_named_where_it_stands(base: Path, command: Command) -> None:
    (base / "rules" / "a.yml").write_text(RULE.replace("type: PATH", "type|contain: PATH"), "utf-8")
    assert command("build", "--no-site") == 1
    assert "rules/a.yml:6:5 FG207 no query can be made from this rule: Sigma has no modifier `contain`" in command.out
    assert "Did you mean `contains`?" in command.out


def test_a_technique_under_two_ids_stands_on_the_card_once(base: Path, command: Command) -> None:
    (base / "rules" / "a.yml").write_text(f"{RULE}tags: [attack.t1100, attack.t1505.003]\n", "utf-8")
    assert command("build", "--no-site") == 0
    card = (base / "site" / "docs" / "rules" / "a.md").read_text("utf-8")
    (row,) = (line for line in card.splitlines() if line.startswith("| **ATT&amp;CK Technique**"))
    assert row.count("T1505.003: Web Shell") == 1
    assert "tagged as T1505.003 and T1100 (revoked)" in row
    (record,) = json.loads((base / "site" / "docs" / "api" / "rules.json").read_text("utf-8"))
    assert [(fact["id"], fact["tagged_as"]) for fact in record["techniques"]] == [("T1505.003", "T1505.003"), ("T1505.003", "T1100")]


def test_without_a_rule_the_former_site_stays(base: Path, command: Command) -> None:
    assert command("build", "--no-site") == 0
    (base / "rules" / "a.yml").write_text("title: 'never ends\n", "utf-8")
    assert command("build", "--no-site") == 2
    assert "mkdocs.yml:1:1 FG009 no rule was found in rules, so nothing is built" in command.err
    assert "rules/a.yml:2:1 FG002 " in command.err, "why there is none"
    (base / "rules" / "a.yml").unlink()
    (base / "rules").rmdir()
    assert command("build", "--no-site") == 2
    assert f"FG009 no rule was found because there is no folder {base / 'rules'}" in command.err
    assert (base / "site" / "docs" / "rules" / "a.md").is_file()


def test_a_site_without_a_name_is_called_fieldguide(base: Path, command: Command) -> None:
    (base / "mkdocs.yml").write_text(CONFIGURATION.replace("site_name: Ours\n", ""), "utf-8")
    assert command("build") == 0
    assert "Fieldguide</title>" in (base / "site" / "html" / "index.html").read_text("utf-8")


def test_what_mkdocs_refuses_is_told_with_the_file_and_line_by_line(base: Path, command: Command) -> None:
    (base / "mkdocs.yml").write_text(CONFIGURATION + "colour: blue\nrepo_url: 7\n", "utf-8")
    assert command("build") == 2
    first, *others = command.err[command.err.index("mkdocs.yml") :].strip().split("\n")
    assert first == "mkdocs.yml: MkDocs cannot build the site:"
    assert len([line for line in others if line.startswith("    Config value ")]) == 2
    assert "Aborted" not in command.err


@pytest.mark.parametrize("command_line", ["build --no-site", "build --no-site --strict", "attack show T1059"])
def test_the_exit_code_is_the_same_when_nobody_reads_the_output(base: Path, command_line: str) -> None:
    for number in range(200):
        (base / "rules" / f"{number}.yml").write_text(RULE.replace("auditd", "toaster"), "utf-8")
    arguments = [sys.executable, "-m", "generator", *command_line.split()]
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    with subprocess.Popen(arguments, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        told = running.stderr.read()
    assert running.returncode == ("--strict" in command_line)
    assert "Broken" not in told


@pytest.mark.parametrize(
    "arguments",
    [
        ("--site-dir", "rules"),
        ("--site-dir", "site/docs"),
        ("--docs-dir", "x", "--site-dir", "x/y"),
        ("--docs-dir", "rules"),
        ("--docs-dir", "."),
        ("--docs-dir", "data_needed/pages"),
        ("--docs-dir", "templates"),
        ("--rules", "new", "--site-dir", "new/site"),
    ],
)
def test_a_folder_that_would_be_lost_is_refused(base: Path, command: Command, arguments: tuple[str, ...]) -> None:
    for folder in ("templates", "new"):
        (base / folder).mkdir()
    before = sorted(base.rglob("*"))
    assert command("build", "--no-site", *arguments) == 2
    assert "name another" in command.err or "name two others" in command.err
    assert sorted(base.rglob("*")) == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("build", "-f", "nowhere.yml"), "nowhere.yml:1:1 FG903"),
        (("build", "--rules", "nowhere"), "--rules: there is no folder nowhere"),
        (("build", "--colour"), "No such option"),
        (("build", "--jobs", "-1"), "--jobs"),
        (("bild",), "No such command"),
        (("attack", "show", "T9999"), '(enterprise-attack v19.1) has no "T9999". Check the spelling; '),
        (("attack", "show", "T1509.0001"), "Near it: "),
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

    monkeypatch.setattr(cli_build, "build", raises)
    assert command("build", "--no-site") == code
    assert words in command.err
    assert ("Traceback" in command.err) is (code == 3)


def test_help_and_version(command: Command) -> None:
    assert command("--help") == 0
    assert all(name in command.out for name in ("build", "attack"))
    assert command("build", "--help") == 0
    for option in ("--config-file FILE", "--rules DIR", "--docs-dir DIR", "--site-dir DIR", "--no-site", "--jobs N", "--strict"):
        assert option in command.out
    assert "--report FILE" in command.out
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


def test_check_counts_ones_own_files(base: Path, command: Command) -> None:
    """The shipped entries, some hundred files, are read here, and nobody asked for them to be checked."""
    shutil.rmtree(base / "data_needed")
    command("check", "--no-queries", "--select", "FG401")
    assert command.err == "1 file checked: nothing found.\n"
    (base / "rules/a.yml").write_text(RULE.replace("linux, service: auditd", "nosuch"), "utf-8")
    command("check", "--no-queries", "--select", "FG401")
    assert command.err == "1 file checked: 1 warning.\n"
