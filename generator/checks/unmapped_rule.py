"""FG401: a rule without data

No Data Needed entry describes an event that this rule reads, so its card cannot say which logs it needs, and the rule is missing where
sources are weighed. The message says what was looked for.

    logsource:
      product: my_appliance
      service: audit

Correct the log source, or add an entry: `fieldguide stock` prints what is missing, and `fieldguide new data-needed --from-gap NAME`
drafts it.
"""

CODE = "FG401"
