"""How SigmaHQ names files and folders, as its repository shows (August 2026), and whether a collection does so too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath

from generator.link import KnowledgeBase, RuleNode
from generator.load.entries import LogSource
from generator.load.rules import Kind

# Beginnings of file names by product and category or service; `*` stands for any product.
_PREFIXES: Mapping[tuple[str, str], str] = {
    ("*", "antivirus"): "av_", ("*", "dns"): "net_dns_", ("*", "firewall"): "net_firewall_", ("*", "proxy"): "proxy_",
    ("*", "webserver"): "web_",
    **{("aws", service): "aws_" for service in ("cloudtrail",)},
    **{("azure", service): "azure_" for service in ("activitylogs", "auditlogs", "pim", "riskdetection", "signinlogs")},
    ("bitbucket", "audit"): "bitbucket_audit_", ("gcp", "gcp.audit"): "gcp_", ("github", "audit"): "github_", ("okta", "okta"): "okta_",
    ("linux", "auditd"): "lnx_auditd_", ("linux", "file_event"): "file_event_lnx_",
    ("linux", "network_connection"): "net_connection_lnx_", ("linux", "process_creation"): "proc_creation_lnx_",
    ("macos", "file_event"): "file_event_macos_", ("macos", "process_creation"): "proc_creation_macos_",
    **{("windows", service): f"win_{service}_" for service in ("security", "system", "taskscheduler", "wmi")},
    ("windows", "application"): "win_", ("windows", "windefend"): "win_defender_", ("windows", "bits-client"): "win_bits_client_",
    **{("windows", category): f"{category}_win_" for category in (
        "create_remote_thread", "dns_query", "driver_load", "file_access", "file_change", "file_delete", "file_event", "file_rename")},
    **{("windows", category): f"{category}_" for category in (
        "create_stream_hash", "image_load", "pipe_created", "registry_add", "registry_delete", "registry_event", "registry_set")},
    ("windows", "network_connection"): "net_connection_win_", ("windows", "process_access"): "proc_access_win_",
    ("windows", "process_creation"): "proc_creation_win_", ("windows", "ps_classic_start"): "posh_pc_",
    ("windows", "ps_module"): "posh_pm_", ("windows", "ps_script"): "posh_ps_",
}  # fmt: skip


def prefix_of(source: LogSource) -> str:
    """How SigmaHQ begins the names of files with rules for this log source; nothing where it has no one way."""
    name = source.category or source.service
    return _PREFIXES.get((source.product, name)) or ("" if source.product else _PREFIXES.get(("*", name), ""))


def file_name(rule: RuleNode) -> str:
    """The name of a rule's file."""
    return PurePosixPath(rule.source.path).name


def follows(knowledge: KnowledgeBase) -> bool:
    """Whether at least half of the rules for which SigmaHQ has a beginning of names have it, and there are two of them or more."""
    known = [(file_name(rule), prefix) for rule in knowledge.rules if (prefix := single_prefix(rule))]
    return len(known) > 1 and sum(name.startswith(prefix) for name, prefix in known) * 2 >= len(known)


def single_prefix(rule: RuleNode) -> str:
    """SigmaHQ's beginning for a rule of one log source; nothing for any other."""
    sources = rule.log_sources if rule.source.kind is Kind.RULE else ()
    return prefix_of(sources[0]) if len(sources) == 1 else ""


def first_of_files(rules: Iterable[RuleNode]) -> Iterator[RuleNode]:
    """The first rule of each file: what is said of a file is said once."""
    seen: set[str] = set()
    for rule in rules:
        if rule.source.path not in seen:
            seen.add(rule.source.path)
            yield rule
