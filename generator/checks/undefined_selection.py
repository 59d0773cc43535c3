r"""FG203: a selection that is not there

The condition names a selection that `detection` does not have. Most often one of the two was renamed. No query can be made.

    detection:
      selection:
        Image|endswith: '\a.exe'
      condition: selection and not filter

Define it or correct the name; capitals count. The help lists what is defined.
"""

CODE = "FG203"
