"""A card stays light: its HTML without the rule's text and the queries is at most 40 kB, for the heaviest rules of SigmaHQ too."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from bench.cards import LARGEST_CARD, weight
from tests.site.building import Site, build

pytestmark = pytest.mark.corpus
ID = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")
# The heaviest cards of all: many techniques with their tests and analytics, many values left out, many findings.
HEAVIEST = (
    "rules/windows/powershell/powershell_script/posh_ps_malicious_commandlets.yml",
    "rules/windows/process_creation/proc_creation_win_secedit_execution.yml",
    "rules/windows/process_creation/proc_creation_win_hh_html_help_susp_child_process.yml",
    "rules/windows/registry/registry_set/registry_set_dot_net_etw_tamper.yml",
    "rules/windows/registry/registry_set/registry_set_asep_reg_keys_modification_currentversion.yml",
    "rules/windows/registry/registry_event/registry_event_net_ntlm_downgrade.yml",
    "rules/windows/network_connection/net_connection_win_domain_dead_drop_resolvers.yml",
    "rules/windows/process_creation/proc_creation_win_bitsadmin_download_file_sharing_domains.yml",
    "rules/windows/builtin/applocker/win_applocker_application_would_have_been_blocked.yml",
    "rules-threat-hunting/windows/process_creation/proc_creation_win_net_execution.yml",
    "rules-emerging-threats/2018/TA/OilRig/win_system_apt_oilrig_mar18.yml",
    "rules-emerging-threats/2021/Exploits/CVE-2021-38647/zeek_http_exploit_cve_2021_38647_omigod_no_auth_rce.yml",
)


def kin(corpus: Path) -> list[Path]:
    """The heaviest rules with all that name them or that they name: related rules make a card heavier."""
    texts = {path: path.read_text("utf-8") for path in sorted(corpus.rglob("*.yml"))}
    named = {path: set(ID.findall(text)) for path, text in texts.items()}
    wanted = set().union(*(named[corpus / name] for name in HEAVIEST))
    return [path for path, idents in named.items() if idents & wanted]


@pytest.fixture(scope="module")
def heavy(tmp_path_factory: pytest.TempPathFactory, shared: Path) -> Site:
    """A site of these rules with all tests of Atomic Red Team."""
    folder = tmp_path_factory.mktemp("heavy")
    corpus = shared / "corpora" / "sigmahq"
    for path in kin(corpus):
        target = folder / "rules" / path.relative_to(corpus)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    triggers = (shared / "corpora" / "atomic-red-team").as_posix()
    settings = f"site_name: Heavy\nplugins:\n  - fieldguide: {{triggers: [{triggers}]}}\n"
    (folder / "mkdocs.yml").write_text(settings, "utf-8")
    return build(folder / "mkdocs.yml", folder)


def test_the_heaviest_cards_stay_below_40_kb(heavy: Site) -> None:
    pages = {name: (heavy.html / "rules" / name).with_suffix(".html").read_bytes() for name in HEAVIEST}
    sizes = {name: weight(page) for name, page in pages.items()}
    assert {name: size for name, size in sizes.items() if size > LARGEST_CARD} == {}
    assert max(sizes.values()) > LARGEST_CARD * 0.75, "they are the heavy ones indeed"
    assert all(len(page) > sizes[name] + 3_000 for name, page in pages.items()), "code is there and is not counted"
