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
    "FG115": _warning("unknown key", "Correct the key's name; converters ignore what they do not know."),
    "FG116": _warning("modified before its date", "Correct the one of the two days that is wrong."),
    "FG117": _warning("modified without a date", "Add `date:` with the day on which the rule was published."),
    "FG118": _warning("date in the future", "Write the day on which the rule was published or changed."),
    "FG119": _warning("tag without namespace", "Write the namespace and a dot before the name, as in attack.t1059."),
    "FG120": _note("namespace of your own", "Leave it where it is meant; else use one of Sigma's."),
    "FG121": _warning("tag spelling", "Write tags in lower case, with hyphens and without spaces."),
    "FG122": _warning("tag of no known form", "Write the name in the form of its namespace."),
    "FG123": _note("short description", "Say in a sentence or two what the rule detects and why it matters."),
    "FG124": _note("title that is no title", "Name what happens in a few words."),
    "FG125": _note("title without capitals", "Begin each word of the title with a capital, but for small ones such as `of`."),
    "FG126": _note("empty false positives", "Name what benign thing may trip the rule."),
    "FG127": _note("no author", "Add `author:`."),
    "FG128": _note("licence that is no SPDX id", "Write the id that SPDX gives the licence, such as DRL-1.1."),
    "FG129": _note("field that no event has", "Correct the name, or remove it from `fields`."),
    "FG130": _note("reference that is no address", "Write the full address, or move the remark to `description`."),
    "FG131": _warning("listed twice", "Remove the second, or write what was meant."),
    "FG132": _note("reference without encryption", "Write `https://`."),
    "FG133": _note("reference to a branch", "Write the address with the commit in place of the branch."),
    "FG134": _note("shortened link", "Write the address that it leads to."),
    "FG135": _warning("reference that cannot work", "Write an address that others can reach."),
    "FG136": _note("reference where a tag does", "Tag it, and remove the reference."),
    "FG137": _note("new rule called stable", "Call it experimental or test until it has run for some time."),
    "FG138": _note("modified on its first day", "Remove `modified` until the rule is changed."),
    "FG139": _warning("unknown relation", "Use one of: derived, obsolete, merged, renamed, similar."),
    "FG140": _error("correlation type", "Write a type that Sigma has; without one no query can be made."),
    "FG141": _error("correlation time span", "Write a whole number with one of s, m, h, d, w, M or y behind it."),
    "FG142": _note("correlation over everything", "Name the fields whose values must be the same in `group-by`."),
    "FG143": _error("correlation condition", "Compare with one number, and name the field for a type that reckons with values."),
    "FG144": _warning("nothing to correlate", "Name the rules that the correlation is about."),
    "FG145": _note("no status, level or date", "Add what the message names."),
    "FG146": _note("date in another form", "Write dates as YYYY-MM-DD."),
    # Detection logic
    "FG201": _error("no condition", "Add `condition:` to `detection:`."),
    "FG202": _error("condition cannot be read", "Use names of selections with and, or, not, parentheses, `1 of` and `all of`."),
    "FG203": _error("undefined selection", "Define the selection, or correct its name in the condition."),
    "FG204": _warning("unused selection", "Use it in the condition, or remove it: the queries do not contain it."),
    "FG205": _error("removed aggregation", "Rewrite the rule as a Sigma correlation; `fieldguide migrate FILE -o FOLDER` does."),
    "FG206": _error("pattern matches nothing", "Correct the pattern, or name the selections to match it."),
    "FG207": _error("unknown modifier", "Use a modifier of Sigma's; `fieldguide explain FG207` lists them."),
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
    "FG314": _warning("technique without tactic", "Add the tactic that the rule is about."),
    "FG315": _note("tactic without technique", "Remove the tactic, or add the technique of it that the rule sees."),
    "FG316": _note("technique beside its part", "Keep the sub-technique alone, unless the rule sees more than it."),
    "FG317": _warning("technique under two ids", "Keep the tag that is in force."),
    "FG318": _note("tag order", "Write the tactics before the techniques."),
    # Data Needed and the links between entries
    "FG401": _warning(
        "unmapped rule",
        "Add a Data Needed entry for this log source, or write `stock: true` below `- fieldguide:` to use the shipped ones beside yours.",
    ),
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
    "FG410": _warning("field that no event has", "Correct the field's name, or add it to the Data Needed entry if the event has it."),
    "FG411": _note("entry that nobody uses", "Leave it for rules to come, or correct what should lead to it."),
    "FG412": _note("sample that leaves fields out", "Take a sample that has them, or remove fields that the event does not have."),
    "FG413": _warning("policy without steps", "Write into `configuration` how the event is switched on."),
    "FG414": _note("draft of an entry", "Complete the entry, then remove its comments."),
    # Conversion
    "FG501": _error("rule rejected", "Correct the rule; no query can be made from it."),
    "FG502": _warning("filter cannot be applied", "Correct the filter; the rule's queries are shown without it."),
    "FG503": _note("not convertible", "Leave it where the target lacks what the rule needs; else write the rule with what it has."),
    "FG504": _warning("refused by other converters", "Correct the value: the queries here are made without it; other tools stop there."),
    "FG505": _warning("expression read otherwise", "Write it without what the message names, or leave the target out for this rule."),
    "FG506": _note("case that no target tells", "Remove `cased` where it is not needed, or use an expression (`re`), which tells case."),
    "FG507": _note("field compared with a field", "Leave it where no other target is used; else compare with values."),
    "FG508": _note("empty or absent field", "Test for an empty text (`''`) too where the field holds text."),
    "FG509": _note("wildcard taken otherwise", "Use contains, startswith or endswith, and check the query before you rely on it."),
    "FG510": _note("words without a field", "Name the fields in which the words stand."),
    "FG511": _note("fields without translation", "Add a pipeline for this log source to the target, or check the index for these names."),
    "FG512": _warning("other events searched", "Check the query: it looks at other events than the rule names."),
    "FG513": _note("field that may have moved", "Name the category in `logsource`, or check the field's name in your index."),
    "FG514": _note("placeholder", "Add a pipeline with the values of the placeholder to the target."),
    "FG515": _warning("part of a time", "Leave the target out for this rule: it takes the number for the whole value."),
    # The collection
    "FG601": _warning("duplicate title", "Give each rule a title that tells it from the other."),
    "FG602": _note("near-duplicate detection", "Merge the two, or say in `related` how they are related."),
    "FG603": _warning("duplicate name", "Give each rule a name of its own."),
    "FG604": _warning("related to itself", "Write the other rule's id, or remove the item."),
    "FG605": _warning("replaced rule in use", "Set the status of the older rule to deprecated."),
    "FG606": _note("long experimental", "Call it test, stable or deprecated."),
    "FG607": _note("retired rule in place", "Move it to a folder of retired rules."),
    "FG608": _note("file name", "Use small letters, digits and `_`, 10 to 90 characters, and `.yml`."),
    "FG609": _note("file name of another log source", "Begin the file's name with its log source, or correct the log source."),
    "FG610": _note("folder of another log source", "Move the file to the folder of its log source, or correct the log source."),
    # pySigma's validators; those of which a check of our own says the same are listed in docs/checks.md
    "FG802": _note("all of them", "Name what is meant, as in `all of selection_*`: filters that come later would be taken in too."),
    "FG803": _note("event id in place of a category", "Use the category: it holds for every product that records such events."),
    "FG804": _warning("unknown key of a log source", "Use product, category, service and definition; converters ignore other keys."),
    "FG805": _warning("windash with all", "Take one of the two away, or write a test for each value."),
    "FG808": _warning("control character in a value", "Write the value in single quotes, in which a backslash means itself."),
    "FG809": _note("asterisks in place of a modifier", "Use contains, startswith or endswith, and leave the asterisks out."),
    "FG813": _note("source in the description", "Move the address to `references`."),
    "FG814": _warning("look-around in an expression", "Write it without: Sigma's expressions have none, and many products refuse them."),
    "FG815": _note("false positive in small letters", "Begin it with a capital."),
    "FG816": _note("empty word in a false positive", "Name what benign thing trips the rule."),
    "FG817": _note("misspelt false positive", "Correct the spelling."),
    "FG818": _note("space in a field's name", "Write the name as the product does, most often with `_`."),
    "FG819": _warning("account name of one language", "Test for a part that all languages share, or for the account's SID."),
    "FG820": _warning("hash in no known form", "Write KIND=HASH with MD5, SHA1, SHA256 or IMPHASH and as many digits as that kind has."),
    "FG821": _note("list of fields", "Remove it unless you use it: Sigma's own collection has given it up."),
    "FG822": _note("key of your own", "Leave it where your tools read it; all others ignore it."),
    "FG823": _note("file name of a correlation", "Begin the name with `correlation_` where the rule is meant for SigmaHQ."),
    "FG824": _warning("Sysmon without an event id", "Test `EventID`, or name the category in place of the service."),
    "FG827": _note("second detection tag", "Keep one: a rule is of one kind."),
    "FG828": _note("folder without its tag", "Add the tag, or move the rule to another folder."),
    "FG829": _warning("second tlp tag", "Keep the stricter one."),
    "FG830": _note("restricted by its tlp tag", "Leave it where it is meant; do not publish the rule."),
    "FG831": _note("test that the log source makes already", "Remove the test."),
    "FG833": _warning("two files of one name", "Give each file a name of its own."),
    # Configuration
    "FG901": _error("unknown setting", "Remove it, or correct its name."),
    "FG902": _error(
        "wrong setting", "Correct the value; for all settings see Configuration in Fieldguide's documentation, docs/configuration.md."
    ),
    "FG903": _error("no configuration", "Run the command in a folder with `mkdocs.yml`, or name the file with `-f`."),
}
