"""`stock`, `new data-needed` and `explain`: what is missing, a draft that loads, and why a rule has its Data Needed."""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path

import pytest

from generator.attack import load_catalogue
from generator.config import shipped_stock
from generator.drafts import FIRST_OWN
from generator.link import link
from generator.load import Folders, load
from tests.test_cli import base, run

__all__ = ["base"]

RULE = """\
title: Registry value changed
id: 5b1f6f0e-0c9a-4d53-8a0e-1d2c3b4a5902
logsource: {product: windows, service: security}
detection:
  selection:
    EventID: 4657
    ObjectName: 'x'
  other:
    EventID: 4663
  condition: selection and not other
"""


@pytest.fixture
def gap(base: Path) -> Path:
    """The small knowledge base with a rule whose event has no entry."""
    (base / "rules/b.yml").write_text(RULE, "utf-8")
    return base


def test_stock_counts_what_no_entry_describes(gap: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("stock", monkeypatch=monkeypatch) == 0
    printed = capsys.readouterr().out
    assert "     1 Security 4657\n" in printed
    assert "4663" not in printed
    assert "2 rules, 1 entry\n1 (50.0%) have Data Needed, 1 (50.0%) with all fields.\n" in printed
    assert printed.endswith("\n1 gap. Next: fieldguide new data-needed --from-gap 'Security 4657'\n")


def test_what_stock_says_comes_next_can_be_done(gap: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a folder of one's own, with another configuration and with other rules: the command is run as it is printed."""
    shutil.rmtree(gap / "data_needed")
    (gap / "rules/b.yml").unlink()
    (gap / "more rules").mkdir()
    (gap / "more rules/b.yml").write_text(RULE.replace("service: security", "service: nosuch"), "utf-8")
    (gap / "mkdocs.yml").rename(gap / "other.yml")
    assert run("stock", "-f", "other.yml", "--rules", "more rules", monkeypatch=monkeypatch) == 0
    step, _, command = capsys.readouterr().out.partition("Next: ")[2].partition(", then: ")
    assert step.startswith(f"make {gap / 'data_needed'}, and write `stock: true` below `fieldguide`")
    (gap / "data_needed").mkdir()
    settings = gap / "other.yml"
    settings.write_text(settings.read_text("utf-8").replace("{targets:", "{stock: true, targets:"), "utf-8")
    assert run(*shlex.split(command)[1:], monkeypatch=monkeypatch) == 0
    assert len(list((gap / "data_needed").glob("DN_*.yml"))) == 1


def test_an_event_that_is_described_is_no_gap(base: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Even where the rule can never fire on it, so that its card does not show the entry."""
    (base / "rules/b.yml").write_text(RULE.replace("EventID: 4657", "EventID: [4657, 4624]"), "utf-8")
    entries = [f"id: DN_{ident}\ntitle: t\nplatform: Windows\nchannel: Security\nevent_id: {ident}\n" for ident in (4657, 4624)]
    (base / "data_needed/e.yml").write_text("---\n".join([entries[0] + "fields: [ObjectName]\n", entries[1]]), "utf-8")
    assert run("stock", monkeypatch=monkeypatch) == 0
    assert "No gap:" in capsys.readouterr().out


def test_an_event_of_another_log_of_the_same_rule_is_no_gap(
    base: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One condition over several logs asks each for its own events."""
    several = RULE.replace("service: security", "service: [security, system]").replace("4657", "[4657, 7045]")
    (base / "rules/b.yml").write_text(several, "utf-8")
    entry = "id: DN_4657\ntitle: t\nplatform: Windows\nchannel: Security\nevent_id: 4657\nfields: [ObjectName]\n"
    (base / "data_needed/e.yml").write_text(entry, "utf-8")
    assert run("stock", monkeypatch=monkeypatch) == 0
    printed = capsys.readouterr().out
    assert "Security 7045" in printed
    assert "4657\n" not in printed


def test_stock_without_gaps_asks_for_nothing(base: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("stock", monkeypatch=monkeypatch) == 0
    assert capsys.readouterr().out == (
        "1 rule, 1 entry\n1 (100.0%) have Data Needed, 1 (100.0%) with all fields.\n"
        "No gap: every event and log source that the rules ask for has an entry.\n"
    )
    assert run("new", "data-needed", monkeypatch=monkeypatch) == 1
    assert "There is no gap" in capsys.readouterr().err


def test_a_draft_is_never_put_among_the_shipped_entries(
    gap: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(gap / "data_needed")  # now the shipped ones are used, which lie in the installation
    (gap / "rules/b.yml").write_text(RULE.replace("service: security", "service: nosuch"), "utf-8")
    before = sorted(shipped_stock().rglob("*.yml"))
    assert run("new", "data-needed", monkeypatch=monkeypatch) == 2
    assert "stock: true" in capsys.readouterr().err
    assert not (gap / "data_needed").exists()
    (gap / "data_needed").mkdir()
    settings = gap / "mkdocs.yml"
    settings.write_text(settings.read_text("utf-8").replace("{targets:", "{stock: true, targets:"), "utf-8")
    assert run("new", "data-needed", monkeypatch=monkeypatch) == 0
    (draft,) = (gap / "data_needed").glob("DN_*.yml")
    assert draft.name[:7] not in {path.name[:7] for path in before}  # the shipped ones are in use, so that its id is free among them
    assert sorted(shipped_stock().rglob("*.yml")) == before


def test_a_draft_loads_and_fills_the_gap(gap: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("new", "data-needed", "--from-gap", "security 4657", monkeypatch=monkeypatch) == 0
    assert capsys.readouterr().out.startswith(str(gap / "data_needed/DN_5001_security_4657.yml"))
    sources = load(Folders(data_needed=(gap / "data_needed",)), gap)
    assert sources.diagnostics == ()
    entry = sources.data_needed[0].entry
    assert (entry.id, entry.channel, entry.event_id, entry.platform) == ("DN_5001", "Security", "4657", "Windows")
    assert entry.fields == ()
    assert "# ObjectName\n" in (gap / "data_needed/DN_5001_security_4657.yml").read_text("utf-8")


def test_a_draft_closes_the_gap_but_is_reported_until_it_is_completed(
    gap: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run("new", "data-needed", monkeypatch=monkeypatch)
    capsys.readouterr()
    run("stock", monkeypatch=monkeypatch)
    assert "1 draft to complete: data_needed/DN_5001_security_4657.yml:9:8\nNo gap" in capsys.readouterr().out
    folders = Folders(rules=(gap / "rules",), data_needed=(gap / "data_needed",))
    found = link(load(folders, gap), load_catalogue()).diagnostics
    assert [str(d) for d in found if d.code == "FG409"] == [
        "data_needed/DN_5001_security_4657.yml:9:8 FG409 DN_5001 is a draft: its event is not described yet"
    ]
    draft = gap / "data_needed/DN_5001_security_4657.yml"
    draft.write_text("".join(line for line in draft.read_text("utf-8").splitlines(True) if not line.startswith("draft:")), "utf-8")
    assert not [d for d in link(load(folders, gap), load_catalogue()).diagnostics if d.code == "FG409"]


def test_drafts_of_ones_own_never_take_an_id_that_is_shipped(gap: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether the shipped entries are in use or not, now or in a later release: they stay below the first id of one's own."""
    assert run("new", "data-needed", monkeypatch=monkeypatch) == 0
    (gap / "rules/c.yml").write_text(RULE.replace("4657", "4658").replace("5902", "5903"), "utf-8")
    assert run("new", "data-needed", monkeypatch=monkeypatch) == 0
    assert sorted(path.name for path in (gap / "data_needed").glob("DN_5*")) == [
        "DN_5001_security_4657.yml",
        "DN_5002_security_4658.yml",
    ]
    shipped = [int(path.name[3:7]) for path in (shipped_stock() / "data_needed").rglob("DN_*.yml")]
    assert max(shipped) < FIRST_OWN


@pytest.mark.parametrize("name", ["Security 1", "'"])
def test_a_gap_that_is_none_names_those_there_are(
    gap: Path, name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("new", "data-needed", "--from-gap", name, monkeypatch=monkeypatch) == 2
    assert "The commonest are: 'Security 4657'." in capsys.readouterr().err


def test_a_draft_overwrites_nothing(gap: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    (gap / "mine.yml").write_text("mine", "utf-8")
    assert run("new", "data-needed", "-o", "mine.yml", monkeypatch=monkeypatch) == 2
    assert "exists already" in capsys.readouterr().err
    assert (gap / "mine.yml").read_text("utf-8") == "mine"


def test_explain_tells_every_step(gap: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    run("new", "data-needed", monkeypatch=monkeypatch)
    capsys.readouterr()
    assert run("explain", "rules/b.yml", monkeypatch=monkeypatch) == 0
    assert capsys.readouterr().out == """\
Registry value changed
  log source windows / security
    Step 2: the service security of Windows means Security, with the event ids that the condition asks for.
    Asked for: Security 4657
    Ruled out by the condition: event 4663
    Fields that the condition tests: EventID, ObjectName
  Alternative 1:
    DN_5001 Security 4657: lacks ObjectName
      ObjectName: missing
  Result: mapped. Alternatives: 1, complete: 0. Any one will do.
"""


def test_explain_says_why_a_rule_is_unmapped(gap: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("explain", "rules/b.yml", monkeypatch=monkeypatch) == 0
    assert "Result: unmapped, because no Data Needed entry describes Security 4657." in capsys.readouterr().out


def test_explain_knows_codes_and_says_when_there_is_nothing(
    base: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("explain", "fg204", monkeypatch=monkeypatch) == 0
    assert capsys.readouterr().out.startswith("FG204: a selection that nobody uses\n")
    assert run("explain", "nothing.yml", monkeypatch=monkeypatch) == 2
    assert "There is no file nothing.yml" in capsys.readouterr().err
    (base / "broken.yml").write_text("a: [", "utf-8")
    assert run("explain", "broken.yml", monkeypatch=monkeypatch) == 1
    assert "broken.yml:1:5 FG002" in capsys.readouterr().err
