"""FG101: a file that is no Sigma rule

The document lies among the rules and has neither `detection` nor `correlation` nor `filter`, so there is nothing that could fire. It has
no card and no query.

    title: Shadow Copies Removed
    search: index=windows vssadmin

Add `detection:` with a `condition`, or keep the file outside of the rule folders. Searches of other products are no Sigma rules; tests in
the format of Atomic Red Team belong in `triggers`.
"""

CODE = "FG101"
