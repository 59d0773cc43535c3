"""FG404: an entry that cannot be used

An entry (Data Needed, logging policy, enrichment or trigger) has a key that its kind does not know, lacks one that it needs, or has a
value of the wrong type. The whole entry is left out, and with it every link to it.

    id: DN_0099
    title: Process creation
    platfrom: Windows

Correct the key or value at the place that is named; docs/formats.md lists the keys of each kind.
"""

CODE = "FG404"
