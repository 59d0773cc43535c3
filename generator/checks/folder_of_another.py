"""FG610: a folder of another log source

The folder says one product or category, the rule's log source another. Who takes the folder `linux` for its Linux hosts takes a Windows
rule with it, and misses the one that lies elsewhere.

    # rules/linux/process_creation/proc_creation_win_vssadmin.yml
    logsource:
      product: windows
      category: process_creation

Move the file to the folder of its log source, or correct the log source.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.diagnostics import Diagnostic
from generator.link import RuleNode
from generator.load.rules import Kind

CODE = "FG610"

# Folders whose names can mean nothing else.
_PRODUCTS = {"windows": "windows", "linux": "linux", "macos": "macos", "aws": "aws", "azure": "azure", "gcp": "gcp", "okta": "okta"}
_CATEGORIES = frozenset(
    [
        "create_remote_thread", "create_stream_hash", "dns_query", "driver_load", "file_access", "file_change", "file_delete", "file_event",
        "file_rename", "image_load", "network_connection", "pipe_created", "process_access", "process_creation", "ps_module", "ps_script",
        "ps_classic_start", "registry_add", "registry_delete", "registry_event", "registry_set", "wmi_event",
    ]
)  # fmt: skip


def check_rule(rule: RuleNode) -> Iterator[Diagnostic]:
    """A finding at the product or category of a rule of one log source that its folder contradicts."""
    if rule.source.kind is not Kind.RULE or len(rule.log_sources) != 1:
        return
    source = rule.log_sources[0]
    folders = rule.source.path.lower().split("/")[:-1]
    products = [_PRODUCTS[folder] for folder in folders if folder in _PRODUCTS]
    if products and source.product in _PRODUCTS.values() and source.product not in products:
        yield _contradiction(rule, "product", source.product, products[-1])
    categories = [folder for folder in folders if folder in _CATEGORIES]
    if categories and source.category and source.category not in categories:
        yield _contradiction(rule, "category", source.category, categories[-1])


def _contradiction(rule: RuleNode, key: str, own: str, folder: str) -> Diagnostic:
    return Diagnostic(rule.source.at("logsource", key), CODE, f"this rule is for {own}, and its folder is {folder}")
