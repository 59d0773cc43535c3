"""FG107: a date that is none

`date` and `modified` are days in the form YYYY-MM-DD. Another order, a year of two digits, a day that no calendar has or a word cannot be
told apart from each other, and the rule has no age.

    date: 31.02.26

Write the year with four digits first, then month and day: `2026-02-28`. Slashes, as older rules have them, are read too.
"""

CODE = "FG107"
