"""FG501: a rule of which no query can be made

The converter refuses the rule as it is, whatever the target: a modifier does not go with its value, a selection is empty, a network range
is none, or a value is of a kind that Sigma does not have.

    detection:
      selection:
        DestinationIp|cidr: 10.0.0.0/8/24

The message says what it is about. The rule's card is made all the same, with the reason in place of the queries.
"""

from __future__ import annotations

CODE = "FG501"
