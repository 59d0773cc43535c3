"""FG511: fields that no pipeline translates

The target's pipelines know nothing of the rule's log source, so its query has Sigma's own names for the fields. It finds something only
where the index has the same names, which is the case for many cloud logs and seldom elsewhere.

    logsource:
      product: linux
      service: auditd
    detection:
      selection:
        exe|endswith: '/nc'

Name a pipeline for this log source in the target's `pipelines`, or check the names in your index. Targets with `field_names: sigma`, as
Graylog is set up here, are meant to have these names and are not told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator.checks._queries import place_of
from generator.convert import Query, Target
from generator.diagnostics import Diagnostic
from generator.link import RuleNode

CODE = "FG511"


def check_queries(rule: RuleNode, queries: Sequence[Query], targets: Sequence[Target]) -> Iterator[Diagnostic]:
    """A note at the first field, with all targets whose queries have Sigma's own names."""
    meant = {target.name for target in targets if target.options.field_names == "sigma"}
    found = dict.fromkeys(query.target for query in queries if query.text and not query.mapped and query.target not in meant)
    if found and (place := place_of(rule, lambda clause: bool(clause.field))):
        yield Diagnostic(place, CODE, f"{', '.join(found)}: the query has Sigma's own names for the fields, which the index may not have")
