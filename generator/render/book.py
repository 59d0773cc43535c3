"""The book: all that pages are made from; the pages, each with a key; and where they stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

from generator.cache import Memo
from generator.convert import Conversion, Target
from generator.diagnostics import Diagnostic
from generator.link import KnowledgeBase, RuleNode
from generator.render.environment import shipped_templates
from generator.render.keys import Keys
from generator.render.marks import Known, marks


@dataclass(frozen=True)
class Page:
    """A file below `docs_dir`: its path, and how its text is made. Pages of one path and key have the same text; an empty key
    says nothing."""

    path: str
    key: bytes
    make: Callable[[], str | bytes]


@dataclass(frozen=True)
class Book:
    """All that pages are made from. `gone` has the rules that the ledger remembers, with those that took their place.

    `site_url` is the address at which the site will stand, ending in `/`; empty where it is not known. `memo` has what earlier
    builds found out about rules.
    """

    site_name: str
    knowledge: KnowledgeBase
    conversions: Mapping[str, Conversion]
    targets: tuple[Target, ...]
    versions: dict[str, tuple[str, ...]]
    diagnostics: tuple[Diagnostic, ...]
    templates: Path | None = None
    site_url: str = ""
    gone: Mapping[str, tuple[str, tuple[RuleNode, ...]]] = field(default_factory=dict)
    memo: Memo = field(default_factory=Memo)

    @cached_property
    def marks(self) -> dict[RuleNode, tuple[str, ...]]:
        """What is open about each rule."""
        return marks(self.knowledge.rules, self.conversions, self.targets, Known(self.memo, self.knowledge.stock.hex()))

    @cached_property
    def keys(self) -> Keys | None:
        """Keys for pages. None with templates of the user's: they may print anything of any rule on any page."""
        own = self.templates is not None and self.templates.resolve() != shipped_templates().resolve()
        if own and self.templates and any(self.templates.rglob("*.j2")):
            return None
        gone = [(ident, title, [heir.slug for heir in heirs]) for ident, (title, heirs) in self.gone.items()]
        settings = (self.site_name, self.site_url, self.versions, self.targets, gone)
        return Keys(self.knowledge, self.conversions, self.marks, repr(settings), self.diagnostics, self.memo)

    def card_key(self, rule: RuleNode) -> bytes:
        """The key of whatever is made from one rule alone."""
        return self.keys.of_rule(rule) if self.keys else b""

    @property
    def page_key(self) -> bytes:
        """The key of all pages that are made from many rules."""
        return self.keys.of_all if self.keys else b""

    @property
    def common_key(self) -> bytes:
        """The key of all pages that are made from no rule, but from entries, the catalogue and settings."""
        return self.keys.of_some((), "") if self.keys else b""


def rule_page(rule: RuleNode) -> str:
    """The path of a rule's card."""
    return f"rules/{rule.slug}.md"


def rule_address(rule: RuleNode) -> str:
    """The address of a rule's card below the site's own."""
    return f"{quote(rule_page(rule).removesuffix('.md'))}.html"


def node_page(node: Any) -> str:
    """The path of any node's page."""
    kind = type(node).__name__
    if kind == "RuleNode":
        return rule_page(node)
    folder = {
        "AuthorNode": "authors",
        "LogSourceNode": "log_sources",
        "TechniqueNode": "techniques",
        "TacticNode": "tactics",
        "DataNode": "data_needed",
        "PolicyNode": "logging_policies",
        "EnrichmentNode": "enrichments",
        "TriggerNode": "triggers",
    }[kind]
    return f"{folder}/{getattr(node, 'slug', '') or node.fact.id}.md"
