"""FG010: a file that is too large

The file has more than 2 MiB and is not read. A rule takes a few kilobytes; what is so large is a list of indicators, an export, or no rule
at all.

Split the file, and keep long lists of values (hashes, addresses, domains) where your product looks values up; a placeholder with the
modifier `expand` stands for them in the rule.
"""

CODE = "FG010"
