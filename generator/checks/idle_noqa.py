"""FG012: a comment that hides nothing

A comment `# noqa` says that a finding on its line is known and not wanted. There is none: it was mended, or it stands on another line.
Left there, the comment would hide the next one that nobody has looked at.

    level: high  # noqa: FG109

Remove the comment, or the code that is not found. A finding is shown with its line: the comment stands at its end, or alone on the line
before it.
"""

CODE = "FG012"
