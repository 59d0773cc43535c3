"""FG402: a reference to nothing

An entry or a rule names another by its id, and there is none with that id: a related rule, the rule of a correlation or filter, a logging
policy, a Data Needed entry, an ATT&CK data component. The link is missing on the site, and what should follow from it too.

    related:
      - id: 2f4e2b0a-5f3c-4c55-8f0e-0d9f3a1f7c11
        type: derived

Correct the id, or add what it names. For a rule that was published here once and is gone, `ledger.tsv` remembers it.
"""

CODE = "FG402"
