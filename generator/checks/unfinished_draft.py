"""FG409: an unfinished draft

The entry has the line `draft: true`, which `fieldguide new data-needed` writes. What a draft says is taken from what rules ask for, which
proves nothing about the event; until somebody has looked it up, pages show it as if it were known.

    draft: true  # reported as FG409 until this line is removed

Complete the entry as its comments say, then remove the line.
"""

CODE = "FG409"
