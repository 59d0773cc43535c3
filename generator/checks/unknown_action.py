"""FG110: a document that joins no collection

`action` makes several documents of a file one rule, in the manner of old Sigma: `global` holds what the others share, `repeat` takes over
the document before it, `reset` ends that. Another word means nothing, and what a `reset` detects is not used.

    action: globl
    title: Shadow Copies Removed

Correct the word, or remove the key: today each log source has a rule of its own.
"""

CODE = "FG110"
