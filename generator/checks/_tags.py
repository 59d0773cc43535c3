"""The tags of a rule by what they are made of: namespace and name."""

from __future__ import annotations

# The namespaces of the Sigma specification's appendix on tags.
NAMESPACES = ("attack", "car", "cve", "d3fend", "detection", "stp", "tlp")


def namespace_and_name(tag: str) -> tuple[str, str]:
    """What stands before the first dot of a tag and what stands behind it; no namespace where there is no dot."""
    before, dot, after = tag.partition(".")
    return (before, after) if dot else ("", before)
