"""The codes of diagnostics: severity, name and general help of each.

They are a published interface: `CODES` is the one registry, a code is never renumbered and never reused. Each has a module in
`generator/checks/` whose docstring is its manual.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How bad a problem is: an error means that a part of the input could not be built, a note is advice."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True)
class Code:
    """What a code stands for: severity, a short name, and what the reader can do about it."""

    severity: Severity
    name: str
    help: str


def _error(name: str, help: str) -> Code:
    return Code(Severity.ERROR, name, help)


def _warning(name: str, help: str) -> Code:
    return Code(Severity.WARNING, name, help)


def _note(name: str, help: str) -> Code:
    return Code(Severity.NOTE, name, help)


CODES: dict[str, Code] = {
    # Files and YAML
    "FG001": _error("unreadable file", "Check that the file exists and that you may read it."),
    "FG002": _error("YAML syntax", "Mend the YAML at this place; a value with `:`, `#` or a leading `*` or `%` wants quotes."),
    "FG003": _error("not UTF-8", "Save the file as UTF-8."),
    "FG004": _warning("empty file", "Write a document into the file, or remove it."),
    "FG005": _error("not a mapping", "Begin the document with `title:` and the other keys."),
    "FG006": _error("duplicate key", "Keep one of the two, or give the second another name."),
    "FG007": _error("unreasonable document", "Write the values out, without nested aliases and with less nesting."),
    "FG008": _error("missing folder", "Create the folder, or correct its name in the configuration."),
    "FG009": _error("no rules", "Put Sigma rules (`.yml`) into a folder `rules` beside the configuration, or name another with `--rules`."),
    "FG010": _error("file too large", "Split the file: one rule takes a few kilobytes, and a file of more than 2 MiB is not read."),
    "FG011": _note("no known kind", "Leave it if it is meant for another program; else see docs/formats.md for the keys of each kind."),
    "FG012": _note("noqa that hides nothing", "Remove the comment, or the code that it names."),
    "FG013": _note("spaces at the end of a line", "Remove them; `fieldguide check --fix` does."),
    # Sigma documents
    "FG101": _error("not a Sigma rule", "Add `detection` with a `condition`, or keep the file outside of the rule folders."),
    "FG102": _warning("no title", "Add `title:`; the file's name stands in for it."),
    "FG103": _warning("no id", "Add `id:` with a new random UUID; until then the page's address follows the file's name."),
    "FG104": _warning("id is no UUID", "Write a UUID such as 2f4e2b0a-5f3c-4c55-8f0e-0d9f3a1f7c11."),
    "FG105": _warning("duplicate id", "Give one of the two rules a new id."),
    "FG106": _warning("wrong type", "Write the value in the form that the Sigma specification gives for this key."),
    "FG107": _warning("not a date", "Write dates as YYYY-MM-DD."),
    "FG108": _warning("unknown status", "Use one of: stable, test, experimental, deprecated, unsupported."),
    "FG109": _warning("unknown level", "Use one of: informational, low, medium, high, critical."),
    "FG110": _error("unknown collection action", "Use `global`, `repeat` or `reset`, or remove `action`."),
    "FG112": _warning("no log source", "Add `logsource:` with at least one of product, category and service."),
    "FG113": _warning("names no rules", "Name the rules below `correlation:` or `filter:` in `rules:`, by `name` or `id`."),
    "FG114": _warning("other name of a log source", "Write the name that Sigma has for it: converters do not know the other one."),
    "FG116": _note("date in another form", "Write dates as YYYY-MM-DD."),
    "FG115": _warning("unknown key", "Correct the key's name; converters ignore what they do not know."),
    # Detection logic
    "FG201": _error("no condition", "Add `condition:` to `detection:`."),
    "FG202": _error("condition cannot be read", "Use names of selections with and, or, not, parentheses, `1 of` and `all of`."),
    "FG203": _error("undefined selection", "Define the selection, or correct its name in the condition."),
    "FG204": _warning("unused selection", "Use it in the condition, or remove it: the queries do not contain it."),
    "FG205": _error("removed aggregation", "Rewrite the rule as a Sigma correlation."),
    "FG206": _error("pattern matches nothing", "Correct the pattern, or name the selections to match it."),
    "FG207": _error("unknown modifier", "Use a modifier of Sigma's; the specification's list is in docs/formats.md."),
    "FG210": _warning("condition always true", "Take out the part that makes the rest meaningless: the rule fires on every event."),
    "FG211": _warning("condition never holds", "Remove the contradiction: no event makes this rule fire."),
    "FG212": _warning("contradictory selection", "Remove one of the two tests, or write two mappings of a list where either will do."),
    "FG213": _warning("duplicate selection", "Remove one of the two, or change what was to be changed in the copy."),
    "FG214": _warning("duplicate alternative", "Remove one of the two, or change what was to be changed in the copy."),
    "FG215": _error("regular expression does not compile", "Mend the expression at the place that the message names."),
    "FG216": _warning("filter removes everything", "Make the filter narrower than what the rest of the condition finds."),
    "FG217": _note("needless selection", "Remove it, or see whether `and` and `or` were mixed up."),
    "FG218": _note("pattern for one selection", "Write the selection's name, or add what is missing."),
    "FG219": _note("`them` for one selection", "Write the selection's name, or add what is missing."),
    "FG220": _warning("escaped wildcard", "Write two backslashes before the wildcard, or use startswith."),
    "FG221": _warning("double wildcard", "Write one `*`."),
    "FG222": _warning("value that everything matches", "Remove the value: with it, the others say nothing."),
    "FG223": _note("wildcard beside a modifier", "Remove the wildcard; write contains where both ends are open."),
    "FG224": _warning("wildcard in a regular expression", "Write `.*` for any text, or take the modifier away."),
    "FG225": _error("invalid network", "Write a network such as 10.0.0.0/8: address and prefix, without wildcards."),
    "FG226": _warning("four backslashes", "Write one backslash within a path."),
    "FG227": _warning("slow regular expression", "Rewrite it so that no text fits in many ways; `fieldguide explain FG227` tells how."),
    "FG228": _note("needless `.*`", "Remove it."),
    "FG229": _note("contains with a whole path", "Write no modifier for a file, or startswith for a folder."),
    "FG230": _note("end of a program's name", "Write a backslash before the name."),
    "FG231": _warning("impossible value", "Write the number that the field holds."),
    "FG232": _error("not a number", "Write the number without quotes."),
    "FG233": _error("not true or false", "Write true or false, without quotes."),
    "FG234": _error("impossible modifiers", "Bring the modifiers in an order in which each can work on what the one before makes."),
    "FG235": _warning("useless modifier", "Remove the modifier, or write two tests."),
    "FG236": _note("windash without a dash", "Remove `windash`, or write the dash that is missing."),
    "FG237": _warning("base64offset without contains", "Write `base64offset|contains`."),
    "FG238": _warning("field compared with itself", "Name the field that is meant."),
    "FG239": _warning("empty value", "Write the value, or remove the test."),
    "FG240": _warning("space at the edge", "Remove the space."),
    "FG241": _warning("unseen character", "Type the value anew."),
    "FG242": _warning("typographic character", "Type the sign anew, as a straight quote or a hyphen."),
    "FG243": _note("number as text", "Write the number without quotes."),
    "FG244": _warning("field within a keyword", "Write the field as a key, with quotes around its value alone."),
    "FG245": _note("field in other capitals", "Write the field as the event does."),
    "FG246": _warning("duplicate value", "Remove one of the two, or change what was to be changed in the copy."),
    "FG247": _note("covered value", "Remove it, or see whether the other value finds more than is meant."),
    "FG248": _note("only negations", "Say also what the rule looks for; leave it where all but the known is meant."),
    # MITRE ATT&CK
    "FG310": _warning("unknown ATT&CK tag", "Correct the tag; it is shown as it is."),
    "FG311": _warning("revoked technique", "Tag the successor that the message names."),
    "FG312": _warning("deprecated technique", "Tag a technique that is still maintained, or remove the tag."),
    "FG313": _warning("retired tactic", "Tag the tactic that the message names."),
    "FG350": _note("tag in another spelling", "Write it as ATT&CK's and Sigma's usage has it: lower case, hyphens, the tactic's name."),
    "FG351": _note("repeated tag", "Keep one of the two."),
    "FG352": _note("order of tags", "Name tactics first, then techniques, groups and software, then tags of other kinds."),
    # Data Needed and the links between entries
    "FG401": _warning("unmapped rule", "Add a Data Needed entry for this log source."),
    "FG402": _warning(
        "dangling reference",
        "Correct the id, or add the entry that it names; `stock: true` in `mkdocs.yml` keeps the shipped entries beside your own.",
    ),
    "FG403": _warning("duplicate entry", "Give one of the two entries a new id."),
    "FG404": _error("invalid entry", "Correct the value; for all keys see Formats in Fieldguide's documentation, docs/formats.md."),
    "FG405": _warning("alias of no field", "Name a field of `fields` on the right of the alias, or add it there."),
    "FG406": _warning("sample cannot be read", "Write the sample in the form that its `format` names, or correct `format`."),
    "FG407": _warning("unlisted field in a sample", "Add the field to `fields`, or remove it from the sample."),
    "FG408": _warning("unreadable line of the ledger", "Remove the line, or run `fieldguide ledger update`."),
    "FG409": _warning("unfinished draft", "Complete the entry as its comments say, then remove the line `draft: true`."),
    # Conversion
    "FG501": _error("rule rejected", "Correct the rule; no query can be made from it."),
    "FG502": _warning("filter cannot be applied", "Correct the filter; the rule's queries are shown without it."),
    "FG503": _note("not convertible", "Leave it where the target lacks what the rule needs; else write the rule with what it has."),
    # The collection
    "FG601": _warning("duplicate title", "Give each rule a title that tells it from the other."),
    # Configuration
    "FG901": _error("unknown setting", "Remove it, or correct its name."),
    "FG902": _error(
        "wrong setting", "Correct the value; for all settings see Configuration in Fieldguide's documentation, docs/configuration.md."
    ),
    "FG903": _error("no configuration", "Run the command in a folder with `mkdocs.yml`, or name the file with `-f`."),
}
