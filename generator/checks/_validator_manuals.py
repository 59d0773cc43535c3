"""The manuals of the codes that pySigma's validators find, FG802 to FG830, in words of our own."""

from __future__ import annotations

from collections.abc import Mapping

MANUALS: Mapping[str, str] = {
    "FG802": r"""FG802: all of them

`all of them` takes in every selection of the rule. Whoever adds a filter later makes it a part of what must hold, and the rule finds
nothing any more.

    condition: all of them

Give the selections a common beginning and write `all of selection_*`.
""",
    "FG803": r"""FG803: an event id in place of a category

The rule names Sysmon or the Security log and the id of one of its events. Sigma has a category for that event, which means every product
that records it: written so, the rule serves all of them.

    logsource:
      product: windows
      service: sysmon
    detection:
      selection:
        EventID: 1

Write `category: process_creation`, or what the message names, and leave `EventID` out. Keep the service where it must be Sysmon.
""",
    "FG804": r"""FG804: a key that no log source has

A log source has `product`, `category`, `service` and, for people, `definition`. Other keys say nothing to a converter, so the rule reads
more events than its author meant.

    logsource:
      product: windows
      channel: Security

Write what is meant in one of the four, or test it in a selection.
""",
    "FG805": r"""FG805: `windash` with `all`

`windash` writes each value with every sign that stands for a dash, and `all` wants every value of the list: so the rule asks for all the
ways of writing at once, and no command has them.

    selection:
      CommandLine|contains|windash|all:
        - ' -transfer '
        - ' -upload '

Write a test for each value, as two mappings under names of their own, joined with `and`.
""",
    "FG808": r"""FG808: a control character in a value

In double quotes YAML reads a backslash with a letter as an escape: `\t` in "C:\temp" is a tab. No event has that, so the test never holds.

    Image: "C:\\temp\tool.exe"

Write the value in single quotes, in which a backslash means itself.
""",
    "FG809": r"""FG809: asterisks in place of a modifier

Values that all begin or end with an asterisk say what `contains`, `startswith` and `endswith` say. The modifiers are easier to read, and
converters make better queries from them.

    Image: '*\whoami.exe'

Write `Image|endswith: '\whoami.exe'`.
""",
    "FG813": r"""FG813: a source in the description

The description points at a page or at research of one's own, and `references` is empty. Who looks for the source looks there, and a link
in a description is not checked.

    description: Detects the tool shown at https://example.com/post

Move the address to `references`.
""",
    "FG814": r"""FG814: an expression that looks around

Sigma's regular expressions leave out what looks ahead or behind (`(?=`, `(?!`, `(?<=`, `(?<!`) and atomic groups (`(?>`): Lucene and
others do not have them. Such a query fails, or silently finds something else.

    CommandLine|re: 'net(?!stat)\s+user'

Put what must not be there into a filter of its own, with `not` in the condition.
""",
    "FG815": r"""FG815: a false positive in small letters

SigmaHQ writes each false positive as a sentence does: with a capital at its beginning.

    falsepositives:
      - backup software

Write `Backup software`.
""",
    "FG816": r"""FG816: a word that says nothing in a false positive

`None`, `pentest` or `penetration testing` among the false positives helps nobody: no rule is without any, and a test is what the rule is
for.

    falsepositives:
      - Legitimate pentest

Name what benign thing trips the rule, or write `Unlikely`.
""",
    "FG817": r"""FG817: a misspelt false positive

One of the words that are often misspelt here. It makes lists of false positives harder to search.

    falsepositives:
      - Unkown

Correct it: unknown, legitimate.
""",
    "FG818": r"""FG818: a space in a field's name

Fields of events seldom have spaces in their names; the same name in a product's window often has. Sigma's field names are those of the
event.

    selection:
      Process Name: foo.exe

Look at the event itself, as in `ProcessName`.
""",
    "FG819": r"""FG819: an account's name in one language

Windows translates the names of its own accounts: NT AUTHORITY\SYSTEM is AUTORITE NT\Système on a French one. A test for one of these names
finds nothing on computers of other languages.

    User: 'NT AUTHORITY\SYSTEM'

Test for the parts `AUTHORI` and `AUTORI` with `contains`, or for the SID S-1-5-18.
""",
    "FG820": r"""FG820: a hash in no known form

Sysmon writes hashes as KIND=HASH, with MD5 (32 digits), SHA1 (40), SHA256 (64) or IMPHASH (32). This value has another kind or another
number of digits, so it was cut or mistyped, and never matches.

    Hashes|contains: 'SHA256=2f4e2b0a'

Copy the hash again, with its kind before it.
""",
    "FG821": r"""FG821: a list of fields

`fields` told an analyst which fields to look at. Few tools read it, and SigmaHQ has given it up.

    fields:
      - CommandLine

Remove it. Leave it where your own tools show it.
""",
    "FG822": r"""FG822: a key of your own

Sigma allows keys that it does not know, and every converter ignores them. SigmaHQ takes no rule with any; your own tools may well want
one.

    title: Shadow Copies Removed
    team: blue

Leave it where it is meant; ignore FG822 in `mkdocs.yml` for the whole collection.
""",
    "FG823": r"""FG823: the file name of a correlation

SigmaHQ begins the file names of correlations with `correlation_`, so that a list of files tells them from rules.

Rename the file where the rule is meant for SigmaHQ.
""",
    "FG824": r"""FG824: Sysmon without an event id

Sysmon writes some thirty kinds of event into one log. A rule on its service without a test of `EventID` reads them all: it is slow, and it
finds values in fields of events that were never meant.

    logsource:
      product: windows
      service: sysmon
    detection:
      selection:
        Image|endswith: '\tool.exe'

Test `EventID`, or write the category of the event in place of the service.
""",
    "FG827": r"""FG827: a second tag of the namespace detection

`detection.emerging-threats`, `detection.threat-hunting` and `detection.dfir` say what kind of rule this is. SigmaHQ gives a rule one of
them, since each has a folder of its own.

    tags:
      - detection.dfir
      - detection.threat-hunting

Keep the one that is right.
""",
    "FG828": r"""FG828: a folder without its tag

In SigmaHQ's folders `rules-emerging-threats`, `rules-threat-hunting` and `rules-dfir` each rule has the tag of that name, by which tools
choose rules whatever folder they are in.

    tags:
      - detection.emerging-threats

Add the tag, or move the rule.
""",
    "FG829": r"""FG829: a second tag of the namespace tlp

The Traffic Light Protocol says with whom a rule may be shared. Two answers are none: readers take the one that suits them.

    tags:
      - tlp.clear
      - tlp.amber

Keep the stricter one.
""",
    "FG830": r"""FG830: a rule that may not be passed on

A tag of the namespace tlp other than `tlp.clear` limits who may read the rule. A published site shows it to everybody.

    tags:
      - tlp.amber

Leave it out of what you publish, or agree on `tlp.clear`.
""",
}
