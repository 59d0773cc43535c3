"""FG109: a level that Sigma does not know

`level` is one of five words: `informational`, `low`, `medium`, `high`, `critical`. With any other, an alert cannot be ranked and a
converter may refuse the rule.

    level: severe

Use the one of the five that fits.
"""

CODE = "FG109"
