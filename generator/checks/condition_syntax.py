"""FG202: a condition that cannot be read

A condition joins the names of selections by `and`, `or`, `not` and parentheses; `1 of` and `all of` stand before a name with a `*`, or
before `them`. At this place something else stands, or something is missing.

    condition: selection and (filter_a or filter_b

A parenthesis wants its other half, `and` and `or` something on either side. Names have no spaces. Signs of programming languages (`&&`,
`!`, `==`) mean nothing here.
"""

CODE = "FG202"
