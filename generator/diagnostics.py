"""Problems as values: what is wrong, where, and the way out.

Every room returns its problems as `Diagnostic` values beside its result; only the command prints them. The codes are a
published interface: `CODES` is the one registry, a code is never renumbered and never reused.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How bad a problem is: an error means that a part of the input could not be built."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, order=True)
class Position:
    """A place in a file: path as given to the loader, line and column counted from 1."""

    path: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True)
class Code:
    """What a code stands for: severity, a short name, and what the reader can do about it."""

    severity: Severity
    name: str
    help: str


@dataclass(frozen=True)
class Diagnostic:
    """One finding: a position, a code of `CODES`, a message in plain words, and the way out."""

    position: Position
    code: str
    message: str
    help: str = ""

    @property
    def severity(self) -> Severity:
        """The severity that the registry gives to this code."""
        return CODES[self.code].severity

    @property
    def name(self) -> str:
        """The short name of this finding's kind."""
        return CODES[self.code].name

    @property
    def general_help(self) -> str:
        """What the registry says can be done about this kind."""
        return CODES[self.code].help

    @property
    def way_out(self) -> str:
        """The help of this finding, or else the general help of its code."""
        return self.help or CODES[self.code].help

    def __str__(self) -> str:
        return f"{self.position} {self.code} {self.message}"


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The diagnostics without repetitions, by path, line, column, code and message: the order in which all are shown."""
    return tuple(sorted(set(diagnostics), key=lambda d: (d.position, d.code, d.message)))


def _error(name: str, help: str) -> Code:
    return Code(Severity.ERROR, name, help)


def _warning(name: str, help: str) -> Code:
    return Code(Severity.WARNING, name, help)


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
    # Detection logic
    "FG201": _error("no condition", "Add `condition:` to `detection:`."),
    "FG202": _error("condition cannot be read", "Use names of selections with and, or, not, parentheses, `1 of` and `all of`."),
    "FG203": _error("undefined selection", "Define the selection, or correct its name in the condition."),
    "FG204": _warning("unused selection", "Use it in the condition, or remove it: the queries do not contain it."),
    "FG205": _error("removed aggregation", "Rewrite the rule as a Sigma correlation."),
    "FG206": _error("pattern matches nothing", "Correct the pattern, or name the selections to match it."),
    # MITRE ATT&CK
    "FG310": _warning("unknown ATT&CK tag", "Correct the tag; it is shown as it is."),
    "FG311": _warning("revoked technique", "Tag the successor that the message names."),
    "FG312": _warning("deprecated technique", "Tag a technique that is still maintained, or remove the tag."),
    "FG313": _warning("retired tactic", "Tag the tactic that the message names."),
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
    # Configuration
    "FG901": _error("unknown setting", "Remove it, or correct its name."),
    "FG902": _error(
        "wrong setting", "Correct the value; for all settings see Configuration in Fieldguide's documentation, docs/configuration.md."
    ),
    "FG903": _error("no configuration", "Run the command in a folder with `mkdocs.yml`, or name the file with `-f`."),
}
