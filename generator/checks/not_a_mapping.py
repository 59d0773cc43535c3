"""FG005: a document that is no mapping

A rule or an entry is a mapping of keys and values. This document is a list or a single text.

    - title: A list of rules
    - title: where each wants a document of its own

Begin with `title:` at the left edge. Several rules in one file stand apart by a line `---`.
"""

CODE = "FG005"
