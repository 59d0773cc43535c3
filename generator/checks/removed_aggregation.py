"""FG205: an aggregation of old Sigma

Sigma 1 counted behind a `|` in the condition. Sigma 2 has correlations for that, and converters refuse the old form.

    condition: selection | count(TargetUserName) by IpAddress > 10

Keep the rule with `condition: selection`, give it a `name`, and write a correlation of type `value_count` (or `event_count`, where nothing
stands in the brackets) with `group-by`, `timespan` and its own `condition`.
"""

CODE = "FG205"
