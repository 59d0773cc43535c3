"""checks: a knowledge base and its queries in, diagnostics out; one opinion a module.

The door is `check(subject)`, and `manual(code)` is the text about a code. A module of this folder has a `CODE`, its docstring is that
code's manual, and it has one of these functions (or none, where another room finds it while it reads):

- `check_rule(rule)`: looks at one rule, linked; called for rules and filters, and for correlations.
- `check_rule_on(rule, today)`: the same, where the day on which it is looked at plays a part.
- `check_queries(rule, queries, targets)`: looks at the queries of a rule, of all targets.
- `check_entry(node)`: looks at a Data Needed entry, a logging policy or an enrichment.
- `check_collection(subject)`: looks at everything at once; not called where only a part of the collection was read.

Each yields diagnostics with its own code alone. What pySigma's validators find has a table instead, `_validators.py`, and the manuals of
its codes stand in `_validator_manuals.py`.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import import_module
from importlib.resources import files
from inspect import cleandoc
from pkgutil import iter_modules
from types import MappingProxyType, ModuleType
from typing import Any

from generator.checks._queries import about_the_rule
from generator.checks._rejections import rejections
from generator.checks._validator_manuals import MANUALS
from generator.checks._validators import FINDINGS, found_by_validators
from generator.convert import Conversion, RulePlace, Target, Validation, place_of
from generator.diagnostics import Diagnostic
from generator.link import DataNode, EnrichmentNode, KnowledgeBase, PolicyNode, RuleNode


@dataclass(frozen=True)
class Subject:
    """What is looked at: everything that was read, the day (YYYY-MM-DD), and the targets of queries.

    `whole` says whether all rules of the collection are there; without that, nothing can be said about what is missing in it. `shipped`
    are the files of entries that come with Fieldguide, as they are shown; `within` those that are looked at, all where it is None.
    """

    knowledge: KnowledgeBase
    today: str
    whole: bool = True
    shipped: frozenset[str] = frozenset()
    within: frozenset[str] | None = None
    targets: Sequence[Target] = ()

    def covers(self, path: str) -> bool:
        """Whether a file is looked at."""
        return self.within is None or path in self.within


def check(subject: Subject) -> Iterator[Diagnostic]:
    """What the checks of this room find in rules and entries, in no order, repetitions included."""
    knowledge = subject.knowledge
    rule_checks, day_checks, entry_checks = _checks("check_rule"), _checks("check_rule_on"), _checks("check_entry")
    for rule in _rules(subject):
        yield from _all(rule_checks, rule)
        yield from _all(day_checks, rule, subject.today)
    entries: Iterable[DataNode | PolicyNode | EnrichmentNode] = (*knowledge.data, *knowledge.policies, *knowledge.enrichments)
    for node in entries:
        if subject.covers(node.source.document.path):
            yield from _all(entry_checks, node)
    if subject.whole:
        yield from _all(_checks("check_collection"), subject)


def check_queries(
    subject: Subject, conversions: Mapping[str, Conversion], validations: Mapping[RulePlace, Validation] = MappingProxyType({})
) -> Iterator[Diagnostic]:
    """What the checks find in the rules' queries, by the rule's key, and in the words of pySigma's validators, by its place."""
    query_checks = _checks("check_queries")
    for rule in _rules(subject):
        conversion = conversions.get(rule.key)
        if conversion and not about_the_rule(conversion):  # what is wrong with the rule itself is told as such, not once a target
            yield from _all(query_checks, rule, conversion.queries, subject.targets)
        if validation := validations.get(place_of(rule.source)):
            yield from found_by_validators(rule, validation, rule.key in conversions)


def _rules(subject: Subject) -> Iterator[RuleNode]:
    """The rules and filters that are looked at."""
    everyone = (*subject.knowledge.rules, *subject.knowledge.filters)
    return (rule for rule in everyone if subject.covers(rule.source.path))


def validators() -> tuple[str, ...]:
    """The identifiers of pySigma's validators whose findings `check` tells, for `convert.validate`."""
    return tuple(FINDINGS)


def manual(code: str) -> str:
    """The manual of a code of `CODES`: its module's docstring, or its text. Raises `KeyError` for a code that has none."""
    return _manuals()[code]


def _all(checks: Iterable[Callable[..., Iterable[Diagnostic]]], *about: Any) -> Iterator[Diagnostic]:
    for one in checks:
        yield from one(*about)


@cache
def _checks(name: str) -> tuple[Callable[..., Iterable[Diagnostic]], ...]:
    """The functions of this name that the modules of this room have."""
    return tuple(getattr(module, name) for module in _modules() if hasattr(module, name))


@lru_cache(maxsize=1)
def _modules() -> tuple[ModuleType, ...]:
    names = sorted(module.name for module in iter_modules(__path__) if not module.name.startswith("_"))
    return tuple(import_module(f"{__name__}.{name}") for name in names)


@lru_cache(maxsize=1)
def _manuals() -> dict[str, str]:
    """Read from the sources, so that a manual costs no import of what its check needs."""
    found = {code: cleandoc(text) for code, text in MANUALS.items()}
    for file in files(__name__).iterdir():
        if file.name.endswith(".py") and not file.name.startswith("_"):
            tree = ast.parse(file.read_text("utf-8"))
            found.update({code: cleandoc(ast.get_docstring(tree) or "") for code in _codes(tree)})
    return found


def _codes(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(isinstance(target, ast.Name) and target.id == "CODE" for target in node.targets):
            yield str(ast.literal_eval(node.value))


__all__ = ["Subject", "check", "check_queries", "manual", "rejections", "validators"]
