"""FG102: no title

The rule has no `title`. The title is what stands in the alert, in lists and in the search; the name of the file stands in for it until
there is one.

    id: 2f4e2b0a-5f3c-4c55-8f0e-0d9f3a1f7c11
    logsource:
      product: windows

Add `title:` with a name for what the rule detects, in a few words.
"""

CODE = "FG102"
