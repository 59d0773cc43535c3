"""FG105: one id for two rules

Two rules have the same `id`, most often because one file was made from the other. References to the id mean the first of them, and an
alert with it opens the wrong card.

    # rule_1.yml and rule_2.yml
    id: 2f4e2b0a-5f3c-4c55-8f0e-0d9f3a1f7c11

Give the newer rule an id of its own; if it takes the older one's place, say so in `related`.
"""

CODE = "FG105"
