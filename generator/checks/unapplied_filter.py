"""FG502: a Sigma filter that changes nothing

A filter document names this rule, and the rule's queries are the same with it and without it. Most often the filter's log source is another
one than the rule's, or its own condition cannot be read. What it was to leave out is still found.

    title: Backup Server
    filter:
      rules:
        - 67d35572-2267-4f8a-8ef7-57b378a37fc0
      selection:
        ComputerName: backup01
      condition: not selection

Give the filter the rule's log source, and look at what its condition names.
"""

from __future__ import annotations

CODE = "FG502"
