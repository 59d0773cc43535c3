"""FG007: a document that is not taken as data

The document is nested more than 100 levels deep, holds itself by an alias, or grows beyond 200,000 values once its aliases are written
out. No rule needs that; it is how programs that read YAML are made to run out of memory.

    a: &a [x, x, x, x, x, x, x, x, x]
    b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]

Write the values out, and remove levels that say nothing.
"""

CODE = "FG007"
