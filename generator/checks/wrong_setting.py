"""FG902: a setting with a wrong value

The configuration has a value of the wrong type, or one that is not among the allowed ones. Nothing is built before it is corrected.

    plugins:
      - fieldguide:
          rules: 5

Correct the value; docs/configuration.md says for each setting what it may be.
"""

CODE = "FG902"
