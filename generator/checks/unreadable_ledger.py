"""FG408: a line of the ledger that cannot be read

`ledger.tsv` remembers every rule that was published, so that the address of a rule that is gone still says what became of it. A line of
it is not in the form in which the program writes it.

Remove the line, or run `fieldguide ledger update`, which writes the file anew from what is there.
"""

CODE = "FG408"
