r"""FG201: a rule without a condition

`detection` says what to look for in selections, and `condition` says how they go together. Without it nothing is looked for.

    detection:
      selection:
        Image|endswith: '\a.exe'
      condition: selection

See also that `condition` stands within `detection`, at the depth of the selections.
"""

CODE = "FG201"
