r"""FG204: a selection that nobody uses

The condition does not name this selection, neither by its name nor by a pattern such as `1 of selection_*`. Its tests are in no query, so
the rule finds more, or less, than its author thinks. Names that begin with `_` are never meant by a pattern or by `them`.

    detection:
      selection:
        Image|endswith: '\a.exe'
      filter:
        User: backup
      condition: selection

Use it (`selection and not filter`), or remove it.
"""

CODE = "FG204"
