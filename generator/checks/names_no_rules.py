"""FG113: a correlation or filter that names no rules

A correlation joins the findings of other rules, and a Sigma filter changes other rules; this one does not say which. It does nothing.

    correlation:
      type: event_count
      timespan: 10m

List the rules in `rules:` below `correlation:` or `filter:`, by `id` or `name`. A filter for every rule of its log source has `rules:
any`.
"""

CODE = "FG113"
