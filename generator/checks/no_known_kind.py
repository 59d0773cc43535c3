"""FG011: a file of no known kind

The file was named for checking, lies in none of the configured folders, and its keys are neither those of a Sigma rule, nor of an entry,
nor of a test in the format of Atomic Red Team. So nothing in it is looked at.

Leave it if another program reads it. Else compare its keys with those that `docs/formats.md` lists for each kind; a rule is known by
`detection`, a correlation by `correlation`, a filter by `filter`.
"""

CODE = "FG011"
