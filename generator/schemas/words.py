"""What the values of a Sigma rule mean, in our own words: editors show them beside the value.

The values are those of the Sigma 2.1 specification (rules, correlation rules, filters, modifiers appendix); tests compare the
lists with what the loader takes and with the modifiers that pySigma has.
"""

from __future__ import annotations

from collections.abc import Mapping

Words = Mapping[str, str]

STATUSES: Words = {
    "stable": "Runs in production and needs no more tuning.",
    "test": "Works; small changes may still be needed for some environments.",
    "experimental": "New, or with many false positives: for trying out, not yet for an alert that wakes somebody.",
    "deprecated": "No longer of use, or another rule took its place (`related` says which).",
    "unsupported": "Cannot be used as it is: it needs something that today's Sigma does not have.",
}

LEVELS: Words = {
    "informational": "Worth recording and nothing to react to; enriches other events.",
    "low": "Notable, rarely an incident by itself; look at it in numbers.",
    "medium": "Should be looked at by and by, for example each day.",
    "high": "An alert that should be looked at at once.",
    "critical": "Nearly certainly an incident, and to be acted upon at once.",
}

RELATIONS: Words = {
    "derived": "This rule was made from the other one, which still stands.",
    "obsolete": "This rule takes the place of the other one, which is no longer used.",
    "merged": "This rule was made from several, the other one among them.",
    "renamed": "The other id is this rule's former one.",
    "similar": "The other rule detects something close to this.",
}

CORRELATIONS: Words = {
    "event_count": "Counts events of the rules in each group.",
    "value_count": "Counts the different values of a field in each group.",
    "temporal": "All of the rules fire in the same stretch of time, in any order.",
    "temporal_ordered": "All of the rules fire in the same stretch of time, in the order in which they are listed.",
    "value_sum": "Adds up the values of a field.",
    "value_avg": "The mean of a field's values.",
    "value_percentile": "A percentile of a field's values.",
    "value_median": "The median of a field's values.",
}

# What may stand after the field's name and `|`.
MODIFIERS: Words = {
    "contains": "the value stands anywhere in the field",
    "startswith": "the field begins with the value",
    "endswith": "the field ends with the value",
    "all": "all values of the list must be found, not any one of them",
    "exists": "true: the event has the field; false: it has not",
    "neq": "the field has another value",
    "cased": "upper and lower case count",
    "re": "the value is a regular expression",
    "i": "after `re`: case does not count",
    "ignorecase": "after `re`: case does not count",
    "m": "after `re`: ^ and $ match at each line",
    "multiline": "after `re`: ^ and $ match at each line",
    "s": "after `re`: the dot matches line ends too",
    "dotall": "after `re`: the dot matches line ends too",
    "cidr": "the field is an address in this network",
    "windash": "a dash also stands for the slash and the long dashes that Windows takes for one",
    "base64": "the value is looked for in Base64",
    "base64offset": "the value is looked for in Base64 at any of its three offsets",
    "utf16": "before `base64`: in UTF-16 with a byte order mark",
    "utf16be": "before `base64`: in UTF-16 with the high byte first",
    "wide": "before `base64`: in UTF-16 as Windows writes it",
    "lt": "the field is a smaller number",
    "lte": "the field is a smaller or the same number",
    "gt": "the field is a greater number",
    "gte": "the field is a greater or the same number",
    "fieldref": "the value is the name of another field, whose value is compared",
    "expand": "`%name%` in the value is filled in by the pipeline",
    "minute": "the minute of the field's time",
    "hour": "the hour of the field's time",
    "day": "the day of the month of the field's time",
    "week": "the week of the field's time",
    "month": "the month of the field's time",
    "year": "the year of the field's time",
}

# What `|` gives that every value must then be.
NUMERIC = ("lt", "lte", "gt", "gte", "minute", "hour", "day", "week", "month", "year")
TEXTUAL = ("re", "cidr", "fieldref", "base64", "base64offset", "expand", "windash")

KEYS: Words = {
    "title": "What the rule detects, in a few words and without a full stop; shown on each alert.",
    "id": "A random UUID of this rule alone. It stays for the rule's whole life.",
    "name": "A short name by which correlations may refer to this rule in place of its id.",
    "related": "Other rules that this one comes from or takes the place of.",
    "taxonomy": "Whose field names and log sources are used; `sigma` where nothing is said.",
    "status": "How far the rule has been tried.",
    "description": "What is detected, and why that is suspicious, in a few sentences.",
    "license": "The licence of the rule as an SPDX identifier, such as DRL-1.1.",
    "references": "Addresses of what the rule relies on: reports, documentation, source code.",
    "author": "Who wrote the rule; several names stand between commas.",
    "date": "The day on which the rule was made, YYYY-MM-DD.",
    "modified": "The day of the last change of its detection, title, level, status or log source, YYYY-MM-DD.",
    "logsource": "Which log the rule reads.",
    "detection": "Selections, each under a name, and the `condition` that joins them.",
    "fields": "Fields of the event that an analyst wants to see first.",
    "falsepositives": "What else makes the rule fire without being an attack. Be honest: an analyst reads this first.",
    "level": "How urgent a match is.",
    "tags": "What the rule is about: ATT&CK tactics and techniques (`attack.t1059.001`), CVEs, types of detection.",
    "scope": "What the rule is meant for, such as a kind of server.",
    "correlation": "Makes this document a correlation: it counts or orders what other rules find.",
    "filter": "Makes this document a filter: what it describes is left out of other rules.",
    "generate": "Whether the rules that a correlation builds on alert by themselves too.",
    "action": "An old way to put several rules into one file; write one rule for each log source instead.",
}
