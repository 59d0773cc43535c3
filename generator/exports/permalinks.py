"""The pages below `r/`: an address made from a rule's id alone, which outlives every renaming and the rule itself."""

from __future__ import annotations

import html
from collections.abc import Sequence
from urllib.parse import quote

from generator.link import RuleNode
from generator.render import rule_address

# By Sigma's kinds of relation: a rule that names another as one of these stands in its place.
_REPLACES = ("obsolete", "merged", "renamed")


def permalink(rule: RuleNode, site_url: str = "") -> str:
    """A page that leads to a rule's card, wherever that is.

    It names the card as the canonical page where the site's own address is known: a relative one would say nothing.
    """
    target = html.escape(f"../../{rule_address(rule)}")
    title = html.escape(rule.metadata.title)
    canonical = f'<link rel="canonical" href="{html.escape(site_url + rule_address(rule))}">\n' if site_url else ""
    return (
        f'<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>{title}</title>\n'
        f'<meta http-equiv="refresh" content="0; url={target}">\n{canonical}'
        f'<p>This rule\'s card: <a href="{target}">{title}</a></p>\n</html>\n'
    )


def tombstone(site_name: str, ident: str, title: str, heirs: Sequence[RuleNode]) -> str:
    """What stands at the permalink of a rule that is gone: that it is, what replaced it, and which rules name it as related."""
    name = html.escape(title)
    related = [(rule, type) for rule in heirs for type in dict.fromkeys(r.type for r in rule.metadata.related if r.id == ident)]
    replacing = [pair for pair in related if pair[1] in _REPLACES]
    others = [pair for pair in related if pair not in replacing]
    heritage = _listed("Replaced by:", replacing) + _listed("Related rules:", others)
    return (
        f'<!doctype html>\n<html lang="en" dir="ltr">\n<meta charset="utf-8">\n<title>{name}: removed</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="color-scheme" content="light dark">\n'
        '<link rel="stylesheet" href="../../assets/fieldguide.css">\n<script src="../../assets/boot.js"></script>\n'
        '<main class="md-grid md-typeset fg-gone">\n<nav class="fg-crumbs" aria-label="Breadcrumb"><ol>'
        f'<li><a href="../../index.html">{html.escape(site_name)}</a></li><li><a href="../../browse.html">Rules</a></li></ol></nav>\n'
        f"<h1>{name}</h1>\n<p>This rule is no longer part of this site.</p>\n"
        f"{heritage or '<p>No rule here names it as related.</p>' + chr(10)}"
        f'<p><a href="../../browse.html#q={quote(title)}">Search the rules for its title</a></p>\n'
        f"<p>Its id was <code>{html.escape(ident)}</code>.</p>\n</main>\n</html>\n"
    )


def _listed(heading: str, related: Sequence[tuple[RuleNode, str]]) -> str:
    items = (
        f'<li><a href="{html.escape(f"../../{rule_address(rule)}")}">{html.escape(rule.metadata.title)}</a>'
        f"{html.escape(f', which names it as {type}') if type else ''}</li>"
        for rule, type in related
    )
    return f"<p>{heading}</p>\n<ul>{''.join(items)}</ul>\n" if related else ""
