"""FG502: a filter that changes nothing

A Sigma filter names this rule, and no query differs for it: the filter's log source is not that of the rule, or the converter could not
join the two. The rule still alerts on what the filter was meant to leave out.

    filter:
      rules:
        - 2f4e2b0a-5f3c-4c55-8f0e-0d9f3a1f7c11
      selection:
        User: backup
      condition: not selection

Give the filter the log source of the rule, and look at its condition.
"""

CODE = "FG502"
