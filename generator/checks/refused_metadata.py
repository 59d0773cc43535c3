"""FG504: a rule that other converters refuse

pySigma, on which most converters stand, refuses a rule for a mistake in its metadata: a title of more than 256 characters, a scope that is
no list. Here the queries are made without that key, so the card is complete; other tools stop at the rule.

    scope: servers

Correct the value, or remove the key.
"""

from __future__ import annotations

CODE = "FG504"
