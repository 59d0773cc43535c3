"""`fieldguide new` and `fieldguide schemas`, as they are run: what they write, where, and what they say."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import shlex
import shutil
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

from generator import cli_writing
from generator.attack import load_catalogue
from generator.config import read_configuration
from generator.link import KnowledgeBase, link
from generator.load import load
from generator.load.events import LARGEST, EventError, read_events
from generator.schemas import KINDS, MARK
from tests.conftest import REPOSITORY
from tests.schemas.reading import documents
from tests.test_cli import run

# Process creation and connections of Windows, failed logons, DNS and connections of Zeek, CloudTrail; and what switches them on.
COPIED = {
    "data_needed": ("DN_0001", "DN_0002", "DN_0003", "DN_0004", "DN_0022", "DN_0047", "DN_0048", "DN_0520"),
    "logging_policies": ("LP_0001", "LP_0002", "LP_0003", "LP_0004", "LP_0018", "LP_0039", "LP_0040", "LP_0220"),
}
EVENT = """\
<?xml version="1.0" encoding="UTF-8"?>
<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System><Provider Name="Microsoft-Windows-Sysmon"/>
<EventID>1</EventID><Channel>Microsoft-Windows-Sysmon/Operational</Channel><Computer>WS-1</Computer></System><EventData>
<Data Name="ProcessId">4711</Data><Data Name="Image">C:\\Windows\\System32\\whoami.exe</Data>
<Data Name="CommandLine">whoami /priv</Data><Data Name="User">CORP\\m.keller</Data></EventData></Event>
"""
SECURITY = (
    EVENT.replace("Microsoft-Windows-Sysmon/Operational", "Security")
    .replace("Microsoft-Windows-Sysmon", "Microsoft-Windows-Security-Auditing")
    .replace("<EventID>1<", "<EventID>4688<")
    .replace('"Image"', '"NewProcessName"')
    .replace('"User"', '"SubjectUserName"')
)


HOSTILE = "yes: 'no' # \\ \u202e\x07"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A knowledge base with a few of the shipped entries, its folder the current one; git knows somebody, and the date stands still."""
    (tmp_path / "rules").mkdir()
    for kind, names in COPIED.items():
        (tmp_path / kind).mkdir()
        for path in (path for name in names for path in (REPOSITORY / kind).rglob(f"{name}_*.yml")):
            shutil.copyfile(path, tmp_path / kind / path.name)
    (tmp_path / "mkdocs.yml").write_text("site_name: Ours\nplugins: [fieldguide]\n", "utf-8")
    (tmp_path / "gitconfig").write_text("[user]\n\tname = M. Keller\n", "utf-8")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setattr(cli_writing, "today", lambda: "2026-11-24")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def read_back(home: Path, count: int = 1) -> KnowledgeBase:
    """What is in the knowledge base, without any finding but that a draft is one, and in keeping with the schemas."""
    configuration = read_configuration(home / "mkdocs.yml")
    sources = load(configuration.folders, configuration.base)
    knowledge = link(sources, load_catalogue())
    assert sources.diagnostics == ()
    assert {found.code for found in knowledge.diagnostics} <= {"FG409"}
    shipped = {path.name for kind in COPIED for path in (REPOSITORY / kind).rglob("*.yml")}
    written = [(kind, path) for kind in KINDS for path in sorted((home / kind).rglob("*.yml")) if path.name not in shipped]
    assert len(written) == count
    for kind, path in written:
        text = path.read_text("utf-8")
        schema = json.loads((REPOSITORY / "schemas" / KINDS[kind]).read_text("utf-8"))
        assert [error.message for document in documents(text) for error in Draft7Validator(schema).iter_errors(document)] == []
        assert (path.parent / text.partition("\n")[0].removeprefix(MARK)).resolve() == home / "schemas" / KINDS[kind]
    return knowledge


def test_a_rule_by_options(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--title", "Shell Of A Mail Program", "--product", "windows", "--category", "process_creation", "--level", "high"]
    assert run("new", "rule", *options, "--tag", "attack.t1059.003", "--tag", "cve.2026-12345", monkeypatch=monkeypatch) == 0
    (rule,) = read_back(home).rules
    path = home / "rules/windows/process_creation/proc_creation_win_shell_of_a_mail_program.yml"
    assert path.is_file()
    data = rule.metadata
    assert (data.title, data.level, data.status, data.author, data.date) == (
        "Shell Of A Mail Program", "high", "experimental", "M. Keller", "2026-11-24",
    )  # fmt: skip
    assert uuid.UUID(data.id).version == 4
    assert data.tags == ("attack.execution", "attack.t1059.003", "cve.2026-12345")
    printed = capsys.readouterr().out
    assert printed.startswith(f"{path.relative_to(home)}: a rule for windows / process_creation, which DN_0003 serves.\nNext: ")
    assert printed.endswith("to write it: fieldguide schemas\n")


def test_without_options_everything_is_filled_in(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("new", "rule", "--yes", monkeypatch=monkeypatch) == 0
    (rule,) = read_back(home).rules
    assert rule.metadata.title == "New Rule for windows / process_creation"


def test_without_a_terminal_it_says_which_option_is_missing(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("new", "rule", monkeypatch=monkeypatch) == 2
    assert capsys.readouterr().err.startswith("--title: there is no terminal to ask for the title; name it, or")
    assert list((home / "rules").iterdir()) == []


@pytest.mark.parametrize("options", ["--yes", "--from event.xml", "--title 'A Strange Name' --product zeek --service dns"])
def test_nothing_is_found_in_a_draft(
    home: Path, options: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "event.xml").write_text(EVENT, "utf-8")
    assert run("new", "rule", *shlex.split(options), monkeypatch=monkeypatch) == 0
    (path,) = (home / "rules").rglob("*.yml")
    capsys.readouterr()
    run("check", str(path), "--ignore", "FG5", monkeypatch=monkeypatch)  # a target may have no table for the log source
    assert capsys.readouterr().err.startswith("1 file checked: nothing found.")


@pytest.mark.parametrize(
    ("command", "path"),
    [
        (["logging-policy", "--title", "Audit shares", "--event-id", "5140"], "logging_policies/windows/LP_{}_audit_shares.yml"),
        (["enrichment", "--uses", "DN_0003", "--enriches", "DN_0004", "--field", "ParentImage"], "enrichments/EN_{}_new_enrichment.yml"),
        (["trigger", "--technique", "T1059.001", "--platform", "linux"], "triggers/T1059.001.yml"),
        (["environment", "--data-needed", "DN_0003", "--host", "srv-*"], "environments/ENV_{}_new_environment.yml"),
        (["data-needed", "--title", "Login of our portal", "--product", "portal"], "data_needed/DN_{}_login_of_our_portal.yml"),
        (["data-needed", "--title", "An event", "--channel", "Ours", "--event-id", "7"], "data_needed/DN_{}_an_event.yml"),
        (["rule", "--yes", "--service", "security", "--product", "windows", "--event-id", "4625"], "rules/windows/builtin/security/*.yml"),
        (["rule", "--product", "zeek", "--service", "dns", "--title", HOSTILE], "rules/network/zeek/zeek_dns_yes_no.yml"),
    ],
)
def test_a_file_of_each_kind_is_complete_and_none_is_overwritten(
    home: Path, command: list[str], path: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("new", *command, monkeypatch=monkeypatch) == 0
    read_back(home)
    (written,) = home.glob(path.format("*"))
    assert f"{written.name}: " in capsys.readouterr().out.partition("\n")[0]
    before = written.read_bytes()
    assert run("new", *command, "--output", str(written), monkeypatch=monkeypatch) == 2
    assert f"{written} exists already; name another file with --output." in capsys.readouterr().err
    assert written.read_bytes() == before


def test_an_id_is_the_first_free_one_after_those_in_use(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for title in ("a", "b"):
        assert run("new", "environment", "--title", title, monkeypatch=monkeypatch) == 0
    assert sorted(path.name for path in (home / "environments").iterdir()) == ["ENV_0001_a.yml", "ENV_0002_b.yml"]


def test_without_git_a_line_waits_for_the_author(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(home))
    assert run("new", "rule", "--yes", monkeypatch=monkeypatch) == 0
    (rule,) = read_back(home).rules
    assert rule.metadata.author == ""
    assert "# author: Your Name\n" in rule.source.text


def test_the_schema_of_the_published_site_is_named_where_only_that_has_it(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = home / "mkdocs.yml"
    settings.write_text(settings.read_text("utf-8") + "site_url: https://guide.example.com/d\n", "utf-8")
    assert run("new", "rule", "--yes", "-o", "a.yml", monkeypatch=monkeypatch) == 0
    first = (home / "a.yml").read_text("utf-8").partition("\n")[0]
    assert first == f"{MARK}https://guide.example.com/d/schemas/sigma-rule.schema.json"
    assert run("schemas", monkeypatch=monkeypatch) == 0
    assert run("new", "rule", "--yes", "-o", "b/b.yml", monkeypatch=monkeypatch) == 0
    assert (home / "b/b.yml").read_text("utf-8").startswith(f"{MARK}../schemas/sigma-rule.schema.json\n")


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["rule", "--yes", "--product", "windws"], "No Data Needed entry declares --product windws. Check the names"),
        (["rule", "--yes", "--product", "zeek"], "--product zeek is one of 2 log sources; say more: zeek / conn; zeek / dns"),
        (["rule", "--yes", "--level", "severe"], "--level: there is no level 'severe'; Sigma has informational, low"),
        (["rule", "--yes", "--tag", "attack.t9999"], "--tag: "),
        (["rule", "--yes", "--service", "security", "--event-id", "1"], "No Data Needed entry describes event 1 of windows / security."),
        (["rule", "--from", "nothing.xml"], "--from: nothing.xml cannot be read: No such file or directory."),
        (["trigger"], "No name is no technique that stands in ATT&CK"),
        (["trigger", "--technique", "T1100"], "Its successor is T1505.003."),
        (["environment", "--data-needed", "DN_9999"], "There is no Data Needed entry DN_9999"),
    ],
)
def test_what_cannot_be_is_said_with_the_way_out(
    home: Path, command: list[str], said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("new", *command, monkeypatch=monkeypatch) == 2
    assert said in capsys.readouterr().err
    assert list((home / "rules").rglob("*.yml")) == []


@pytest.mark.parametrize(("text", "entry"), [(EVENT, "DN_0003"), (SECURITY, "DN_0002")])
def test_a_rule_from_an_event(
    home: Path, text: str, entry: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "event.xml").write_text(text, "utf-8")
    assert run("new", "rule", "--from", "event.xml", monkeypatch=monkeypatch) == 0
    assert f"a rule for windows / process_creation, which {entry} serves" in capsys.readouterr().out
    (rule,) = read_back(home).rules
    assert [(leaf.item.field, leaf.item.modifiers, leaf.item.values) for leaf in rule.source.parts[0].detection.leaves()] == [
        ("Image", ("endswith",), ("\\whoami.exe",)),
        ("CommandLine", ("contains",), (" /priv",)),
    ]
    assert rule.alternatives[0].complete
    assert "    #   ProcessId: 4711\n" in rule.source.text
    assert "    #   User: CORP\\m.keller\n" in rule.source.text


def test_one_of_several_events_is_chosen(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    event = EVENT.partition("?>\n")[2]
    (home / "event.xml").write_text(f"<Events>{event}{event.replace('whoami', 'net')}</Events>", "utf-8")
    assert run("new", "rule", "--from", "event.xml", "-o", "a.yml", monkeypatch=monkeypatch) == 0
    assert "event.xml has 2 events; this is about the first. --record N takes another." in capsys.readouterr().out
    assert run("new", "rule", "--from", "event.xml", "--record", "2", "-o", "b.yml", monkeypatch=monkeypatch) == 0
    assert "'\\whoami.exe'" in (home / "a.yml").read_text("utf-8")
    assert "'\\net.exe'" in (home / "b.yml").read_text("utf-8")
    assert run("new", "rule", "--from", "event.xml", "--record", "3", "-o", "c.yml", monkeypatch=monkeypatch) == 2
    assert "event.xml has 2 events" in capsys.readouterr().err


def test_an_event_of_no_windows_log_needs_its_log_source(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    record = {"eventSource": "iam.amazonaws.com", "eventName": "CreateUser", "eventTime": "2026-11-24T08:00:00Z", "awsRegion": "x"}
    (home / "event.json").write_text(json.dumps(record), "utf-8")
    assert run("new", "rule", "--from", "event.json", monkeypatch=monkeypatch) == 2
    said = "has to be told: --product, --category, --service. Its fields are most like those of: aws / cloudtrail"
    assert said in capsys.readouterr().err
    assert run("new", "rule", "--from", "event.json", "--product", "aws", "--service", "cloudtrail", monkeypatch=monkeypatch) == 0
    (rule,) = read_back(home).rules
    assert rule.source.parts[0].detection.fields == ("eventSource", "eventName")


def test_an_event_that_no_entry_describes_is_not_taken_for_another(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "event.xml").write_text(SECURITY.replace("4688", "4999"), "utf-8")
    assert run("new", "rule", "--from", "event.xml", monkeypatch=monkeypatch) == 2
    assert "no Data Needed entry describes Security 4999. Write one first" in capsys.readouterr().err
    assert run("new", "rule", "--from", "event.xml", "--product", "windows", "--service", "security", monkeypatch=monkeypatch) == 2
    assert "No Data Needed entry describes event 4999 of windows / security." in capsys.readouterr().err


def test_without_the_package_for_event_logs_the_message_says_what_to_install(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "evtx", None)
    (home / "log.evtx").write_bytes(b"ElfFile\0")
    assert run("new", "rule", "--from", "log.evtx", monkeypatch=monkeypatch) == 2
    assert "pip install 'fieldguide[evtx]'; or save the event as XML" in capsys.readouterr().err


BOMB = '<!DOCTYPE a [<!ENTITY b "bbbbbbbb"><!ENTITY c "&b;&b;">]><Event>&c;</Event>'


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.xml", BOMB.encode(), "an event has no document type and no entities"),
        ("a.xml", BOMB.encode("utf-16"), "an event has no document type and no entities"),
        ("a.xml", b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><Event/>', "an event has no document type"),
        ("a.xml", b"<Event><System/>", "it cannot be read as XML"),
        ("a.xml", b"<Event/>", "the event has no System section"),
        ("a.xml", b"<Other/>", "holds no event"),
        ("a.xml", b"\xff\xfe\x00", "holds no event"),
        ("a.xml", b"<a>" * 100_000, "it cannot be read as XML"),
        ("a.json", b"[1]", "an event is a JSON object, this is int"),
        ("a.json", b"{", "holds no event"),
        ("a.json", b"[" * 100_000, "holds no event"),
        ("a.json", b"", "holds no event"),
        ("a.json", b" " * (LARGEST + 1), "is larger than 16 MiB"),
        ("a.evtx", b"", "is no Windows event log"),
        ("a.evtx", b"ElfFile\0" + bytes(5000), "a.evtx"),
        ("a.txt", b"x", "is neither .xml nor .json nor .evtx"),
    ],
)
def test_a_file_that_holds_no_event_is_said_to(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(EventError, match=re.escape(said)):
        read_events(tmp_path / name)


@pytest.mark.parametrize(
    "record",
    [
        {"winlog": {"channel": "Security", "event_id": 4625, "provider_name": "P", "event_data": {"LogonType": 3}}, "host": {"name": "x"}},
        {"Channel": "Security", "EventID": 4625, "SourceName": "P", "LogonType": "3"},
        {"Event": {"System": {"Channel": "Security", "EventID": {"#text": 4625, "#attributes": {"Qualifiers": 0}},
                              "Provider": {"#attributes": {"Name": "P"}}}, "EventData": {"LogonType": 3}}},
        {"Event": {"System": {"Channel": "Security", "EventID": 4625, "Provider": {"#attributes": {"Name": "P"}}},
                   "UserData": {"E": {"#attributes": {}, "LogonType": 3}}}},
    ],
)  # fmt: skip
def test_a_windows_event_as_json_has_sigmas_names(tmp_path: Path, record: dict[str, object]) -> None:
    path = tmp_path / "a.json"
    path.write_text(f"{json.dumps(record)}\n{json.dumps([record])}", "utf-8")
    events = read_events(path)
    assert len(events) == 2
    for event in events:
        assert {name: event[name] for name in ("Channel", "EventID", "Provider_Name", "LogonType")} == {
            "Channel": "Security", "EventID": "4625", "Provider_Name": "P", "LogonType": "3",
        }  # fmt: skip


def test_schemas_are_written_and_named(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    files = {"rules/a.yml": b"title: x\r\nid: y\r\n", "rules/b/b.yml": b"\xef\xbb\xbftitle: x\n"}
    files["data_needed/c.yml"] = MARK.encode() + b"x\n"
    for name, content in files.items():
        (home / name).parent.mkdir(exist_ok=True)
        (home / name).write_bytes(content)
    assert run("schemas", "--mark", monkeypatch=monkeypatch) == 0
    assert " files now name theirs in the first line" in capsys.readouterr().out
    line = MARK.encode() + b"../schemas/sigma-rule.schema.json"
    assert (home / "rules/a.yml").read_bytes() == line + b"\r\n" + files["rules/a.yml"]
    assert (home / "rules/b/b.yml").read_bytes() == b"\xef\xbb\xbf" + line.replace(b"../", b"../../") + b"\ntitle: x\n"
    assert (home / "data_needed/c.yml").read_bytes() == files["data_needed/c.yml"]
    assert sorted(path.name for path in (home / "schemas").iterdir()) == sorted(KINDS.values())
    assert run("schemas", "--mark", monkeypatch=monkeypatch) == 0
    assert "0 files now" in capsys.readouterr().out


def test_an_environment_that_names_no_entry_is_reported(home: Path) -> None:
    (home / "environments").mkdir()
    first = "id: ENV_0001\ntitle: x\ndata_needed: [DN_0003, DN_9999]\nhost: y\n"
    (home / "environments/a.yml").write_text(f"{first}---\nid: ENV_0002\ntitle: x\ndata_needed: [DN_9999]\n", "utf-8")
    configuration = read_configuration(home / "mkdocs.yml")
    sources = load(configuration.folders, configuration.base)
    assert [str(d) for d in sources.diagnostics] == ["environments/a.yml:4:1 FG404 there is no key `host` here"]
    assert [str(d) for d in link(sources, load_catalogue()).diagnostics] == ["environments/a.yml:8:15 FG402 there is no entry DN_9999"]


def test_on_a_terminal_it_asks(home: Path) -> None:
    """Through a terminal of its own: a search that finds several, a number that picks one, and a folder."""
    leader, follower = pty.openpty()
    command = [sys.executable, "-m", "generator", "new", "rule"]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "TERM": "dumb", "NO_COLOR": "1"}
    with subprocess.Popen(command, stdin=follower, stdout=follower, stderr=follower, cwd=home, env=environment, close_fds=True) as process:
        os.close(follower)
        try:
            shown = "".join(_answer(leader, question, answer) for question, answer in QUESTIONS)
            shown += _until(leader, "fieldguide explain")
            assert process.wait(30) == 0
        finally:
            process.kill()
            os.close(leader)
    (rule,) = read_back(home).rules
    assert rule.source.path == "rules/ours/proc_creation_win_shell_of_a_mail_program.yml"
    assert rule.metadata.title == "Shell of a mail program"
    assert rule.metadata.level == "high"
    assert rule.metadata.tags == ("attack.execution", "attack.t1059.001")
    assert " 1 " in shown


QUESTIONS = (
    ("[windows / process_creation]: ", "nothing like it"),
    ("Nothing has 'nothing like it' in it.", "windows"),
    ("   4 windows / process_creation", "4"),
    ("Title", "Shell of a mail program"),
    ("Level (informational, low, medium, high, critical) [medium]: ", "high"),
    ("Tactic, if any", "execution"),
    ("Technique, if any", "interpreter powershell"),
    ("Folder", "rules/ours"),
)


def _answer(terminal: int, question: str, answer: str) -> str:
    shown = _until(terminal, question)
    os.write(terminal, f"{answer}\n".encode())
    return shown


def _until(terminal: int, wanted: str) -> str:
    """What the terminal shows up to these words."""
    shown, end = "", time.monotonic() + 20
    while wanted not in shown:
        assert time.monotonic() < end, shown
        if not select.select([terminal], [], [], 1)[0]:
            continue
        try:
            shown += os.read(terminal, 4096).decode("utf-8", "replace")
        except OSError as error:  # the command has ended
            raise AssertionError(shown) from error
    return shown
