"""The ledger: published ids are remembered, and the permalink of a rule that is gone says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.test_cli import base, run

__all__ = ["base"]

GONE = "5b1f6f0e-0c9a-4d53-8a0e-1d2c3b4a5901"
HEIR = """\
title: Its <heir>
id: 5b1f6f0e-0c9a-4d53-8a0e-1d2c3b4a5977
related: [{id: 5b1f6f0e-0c9a-4d53-8a0e-1d2c3b4a5901, type: obsolete}]
logsource: {product: linux, service: auditd}
detection: {selection: {type: PATH}, condition: selection}
"""


def test_a_rule_that_is_gone_leaves_a_page(base: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("ledger", "update", monkeypatch=monkeypatch) == 0
    assert (base / "ledger.tsv").read_text("utf-8") == f"{GONE}\tA rule\n"
    (base / "rules/a.yml").unlink()
    (base / "rules/b.yml").write_text(HEIR, "utf-8")
    run("build", "--no-site", monkeypatch=monkeypatch)
    page = (base / "site/docs/r" / GONE / "index.html").read_text("utf-8")
    assert "This rule is no longer part of this site." in page
    assert '<a href="../../rules/b.html">Its &lt;heir&gt;</a>' in page
    card = (base / "site/docs/rules/b.md").read_text("utf-8")
    assert f'- obsolete: <a href="../r/{GONE}/index.html">A rule</a>, no longer part of this site' in card
    assert "FG402" not in capsys.readouterr().out
    assert run("ledger", "update", monkeypatch=monkeypatch) == 0
    assert "2 rules, 1 of them new" in capsys.readouterr().out
    assert (base / "ledger.tsv").read_text("utf-8").splitlines()[0] == f"{GONE}\tA rule", "nothing is ever taken out"


def test_the_site_leads_from_a_card_to_what_is_gone(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (base / "ledger.tsv").write_text(f"{GONE}\tA [rule](x) <b> of old\n", "utf-8")
    (base / "rules/a.yml").write_text(HEIR, "utf-8")
    assert run("build", "--strict", monkeypatch=monkeypatch) == 0, "MkDocs finds the page too"
    page = (base / "site/html/rules/a.html").read_text("utf-8")
    assert f'<a href="../r/{GONE}/index.html">A [rule](x) &lt;b&gt; of old</a>, no longer part of this site' in page
    assert (base / "site/html/r" / GONE / "index.html").is_file()


def test_a_build_reads_the_ledger_and_other_rules_ignore_it(
    base: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run("ledger", "update", monkeypatch=monkeypatch)
    before = (base / "ledger.tsv").read_bytes()
    (base / "other").mkdir()
    (base / "other/b.yml").write_text(HEIR, "utf-8")
    run("build", "--no-site", "--rules", "other", monkeypatch=monkeypatch)
    assert f"FG402 there is no rule with the id {GONE}" in capsys.readouterr().out
    assert "no longer part" not in (base / "site/docs/rules/b.md").read_text("utf-8")
    assert not (base / "site/docs/r" / GONE).exists()
    assert (base / "ledger.tsv").read_bytes() == before


def test_a_line_that_is_none_is_told(base: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    (base / "ledger.tsv").write_text(f"# ours\n<<<<<<< HEAD\n{GONE}\tA rule\n", "utf-8")
    assert run("build", "--no-site", monkeypatch=monkeypatch) == 0
    assert "ledger.tsv:2:1 FG408 this line is no rule id, a tab and a title" in capsys.readouterr().out
