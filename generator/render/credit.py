"""Whose work a rule or a query is: the author is named, with the licence, wherever either may be copied."""

from __future__ import annotations

from generator.link import RuleNode
from generator.load.metadata import Metadata


def rule_credit(rule: RuleNode) -> str:
    """Author and licence of a rule's own text, in words; what the rule does not give is said to be not given."""
    author = rule.metadata.author
    return f"{f'By {author}' if author else 'Author not given'}, {_licence(rule.metadata)}."


def query_credit(rule: RuleNode, narrowed: bool) -> str:
    """Author and licence of a rule's query, with those of other rules whose tests are in it.

    These are the rules that a correlation builds on, and Sigma filters; the rule's own only where they `narrowed` this query.
    """
    own = _whose(rule.metadata)
    filters = [*(rule.filters if narrowed else ()), *(one for base in rule.builds_on for one in base.filters)]
    others = dict.fromkeys(_whose(other.metadata) for other in (*rule.builds_on, *filters))
    parts = "".join(f"; with work {words}" for words in others if words != own)
    return rule_credit(rule).removesuffix(".") + parts + "."


def _whose(meta: Metadata) -> str:
    return f"by {meta.author or 'an author who is not given'}, {_licence(meta)}"


def _licence(meta: Metadata) -> str:
    return f"licence {meta.license or 'not given'}"


# What templates may call.
FOR_TEMPLATES = (rule_credit, query_credit)
