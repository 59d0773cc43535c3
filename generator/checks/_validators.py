"""What pySigma's validators find, in our words and at its place: the table of their codes, FG8nn.

Each validator of pySigma 1.5.1 and of pySigma-validators-sigmahq 0.21.0 is in exactly one of two tables: `FINDINGS` where it is run,
`REPLACED` where a check of our own says the same, or more, or where it would ask the network.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from generator.checks._near import nearest
from generator.checks.empty_falsepositives import tells_nothing
from generator.convert import Issue, Refusal, Validation
from generator.diagnostics import Diagnostic, Position
from generator.link import RuleNode
from generator.load.metadata import KNOWN_KEYS

# Where an issue is, and what its message names there: one issue may be about several places, or about none that counts.
Places = Iterator[tuple[Position, Mapping[str, str]]]
Place = Callable[[RuleNode, Issue], Places]


@dataclass(frozen=True)
class Finding:
    """How a validator's issue is told: its code, the message for each kind of issue (or one for all), and where it stands."""

    code: str
    messages: Mapping[str, str]
    place: Place


def _key(rule: RuleNode, issue: Issue) -> Places:
    """At the key of the test, or at the word itself where it is a keyword."""
    named = bool(issue.path) and isinstance(issue.path[-1], str) and "|" in f"{issue.path[-1]}|" and len(issue.path) > 2
    yield (rule.source.at_key if named else rule.source.at)(*issue.path), {"key": str(issue.path[-1]), **issue.pieces}


def _value(rule: RuleNode, issue: Issue) -> Places:
    """At the value: of several, the one that is meant."""
    yield rule.source.at(*issue.path), issue.pieces


def _in_condition(pattern: str, rule: RuleNode, issue: Issue) -> Places:
    """At the words of the condition that a pattern finds; `{selection}` in it is what the issue names."""
    wanted = re.compile(pattern.replace("{selection}", re.escape(issue.pieces.get("selection", ""))))
    for part in rule.source.parts:
        given = part.data["detection"]["condition"]
        for index, text in enumerate(given if isinstance(given, list) else [given]):
            if match := wanted.search(str(text)):
                path = ("detection", "condition", index) if isinstance(given, list) else ("detection", "condition")
                yield rule.source.within(path, match.start()), issue.pieces
                return


def _in_text(key: str, piece: str, rule: RuleNode, issue: Issue) -> Places:
    """At the word in a text, or in one of a list of texts, that the issue names."""
    word = issue.pieces[piece].lower()
    given = _given(rule, key)
    for index, text in enumerate(given if isinstance(given, list) else [given]):
        if (start := str(text).lower().find(word)) >= 0:
            yield rule.source.within((key, index) if isinstance(given, list) else (key,), start), issue.pieces


def _banned(rule: RuleNode, issue: Issue) -> Places:
    """Not where the whole list says nothing: FG126 tells that once."""
    if not tells_nothing(rule):
        yield from _in_text("falsepositives", "word", rule, issue)


def _given(rule: RuleNode, key: str) -> Any:
    """What stands below a key, in the first document of a collection that has it."""
    return next((document.data[key] for document in rule.source.documents if document.data.get(key)), None)


def _listed(rule: RuleNode, key: str) -> list[Any]:
    given = _given(rule, key)
    return given if isinstance(given, list) else []


def _small_beginning(rule: RuleNode, issue: Issue) -> Places:
    for index, text in enumerate(_listed(rule, "falsepositives")):
        if str(text).split(" ")[0] == issue.pieces["word"] and str(text)[0].upper() != str(text)[0]:
            yield rule.source.at("falsepositives", index), issue.pieces


def _tag(namespace: str, later: bool, rule: RuleNode, issue: Issue) -> Places:
    """At the tags of a namespace: those after the first, or those that the issue names."""
    tags = [str(tag) for tag in _listed(rule, "tags")]
    found = [index for index, tag in enumerate(tags) if tag.partition(".")[0] == namespace]
    for index in found[1:] if later else found:
        if later or tags[index].partition(".")[2] == issue.pieces.get("tlp"):
            yield rule.source.at("tags", index), {**issue.pieces, "tag": tags[index]}


def _at(*path: str) -> Place:
    return lambda rule, issue: iter([(rule.source.at(*path), issue.pieces)])


def _fields(rule: RuleNode, issue: Issue) -> Places:
    yield rule.source.at_key("fields"), issue.pieces


def _file(rule: RuleNode, issue: Issue) -> Places:
    yield Position(rule.source.path), issue.pieces


def _log_source_key(rule: RuleNode, issue: Issue) -> Places:
    yield rule.source.at_key("logsource", issue.pieces["fieldname"]), issue.pieces


def _own_keys(rule: RuleNode, issue: Issue) -> Places:
    """At each key of the rule's own; the validator names all of them at once. What is nearly one of Sigma's is FG115."""
    absent = [name for name in KNOWN_KEYS if not any(name in document.data for document in rule.source.documents)]
    for name in rule.metadata.custom:
        if name not in ("regression_tests_path", "simulation") and name not in KNOWN_KEYS and not nearest(name, absent):
            yield rule.source.at_key(name), {"name": name}


def _dashes(rule: RuleNode, issue: Issue) -> Places:
    """The other kinds of this issue are told by FG212 (`all` without `contains`), FG235 (a modifier twice) and FG237 (`base64offset`)."""
    if issue.kind == "WindowsDashCombinedWithAllModifier":
        yield from _key(rule, issue)


def _unmodified(rule: RuleNode, issue: Issue) -> Places:
    """A wildcard beside one of the three modifiers is FG223, and words without a field have no use for them."""
    field, *modifiers = str(issue.path[-1]).split("|")
    if len(issue.path) > 2 and field and not {"contains", "startswith", "endswith"}.intersection(modifiers):
        yield from _key(rule, issue)


def _escapes(rule: RuleNode, issue: Issue) -> Places:
    """What an escape of YAML makes of a path by accident; other characters that nobody sees are FG241."""
    if all(character in "\t\r\n" for character in issue.pieces["string"] if ord(character) < 32):
        yield from _value(rule, issue)


def _whole_hash(rule: RuleNode, issue: Issue) -> Places:
    """`Hashes|contains: IMPHASH=` asks for any hash of a kind, which is no mistake."""
    if issue.pieces["value"]:
        yield from _value(rule, issue)


def _finding(code: str, message: str, place: Place, **by_kind: str) -> Finding:
    return Finding(f"FG{code}", {"": message, **by_kind}, place)


FINDINGS: Mapping[str, Finding] = {
    "all_of_them_condition": _finding(
        "802", "`all of them` takes in every selection that will ever be added", partial(_in_condition, r"all\s+of\s+them")
    ),
    "specific_instead_of_generic_logsource": _finding(
        "803", "event {event_id} of {logsource} is what the category {generic_logsource} stands for", _value
    ),
    "fieldname_logsource": _finding("804", "a log source has no key `{fieldname}`", _log_source_key),
    "invalid_modifier_combinations": _finding(
        "805", "`windash` in `{key}` writes each value in several ways, and `all` wants every one", _dashes
    ),
    "control_character": _finding("808", "this value has a control character in it, as an escape such as \\t makes one", _escapes),
    "wildcards_instead_of_modifiers": _finding(
        "809",
        "the asterisks of `{key}` say what a modifier says",
        _unmodified,
        WildcardsInsteadOfContainsModifier="the asterisks around the values of `{key}` say what `contains` says",
        WildcardInsteadOfStartswith="the asterisk behind the values of `{key}` says what `startswith` says",
        WildcardInsteadOfEndswith="the asterisk before the values of `{key}` says what `endswith` says",
    ),
    "sigmahq_link_in_description": _finding(
        "813", "the description names a source and `references` is empty", partial(_in_text, "description", "word")
    ),
    "sigmahq_unsupported_regex_group_construct": _finding("814", "this expression looks ahead or behind, or is atomic", _value),
    "sigmahq_falsepositives_capital": _finding("815", "this false positive begins with a small letter: {word}", _small_beginning),
    "sigmahq_falsepositives_banned_word": _finding(
        "816", "`{word}` tells nobody what may trip this rule", _banned
    ),
    "sigmahq_falsepositives_typo_word": _finding("817", "`{word}` is misspelt", partial(_in_text, "falsepositives", "word")),
    "sigmahq_space_field_name": _finding("818", "the field `{field}` has a space in its name", _key),
    "sigmahq_field_user": _finding("819", "the account `{user}` has this name on computers of some languages alone", _value),
    "sigmahq_invalid_hash_kv": _finding("820", "`{value}` is no hash with its kind before it", _whole_hash),
    "sigmahq_fields_existence": _finding("821", "`fields` is going out of use", _fields),
    "sigmahq_unknown_field": _finding("822", "`{name}` is a key of your own", _own_keys),
    "sigmahq_correlation_filename_prefix": _finding("823", "the file of a correlation begins with `correlation_` at SigmaHQ", _file),
    "sigmahq_sysmon_missing_eventid": _finding(
        "824", "this rule reads every event of Sysmon: no `EventID` is tested", _at("logsource", "service")
    ),
    "sigmahq_tags_unique_detection": _finding("827", "a second tag of the namespace detection: {tag}", partial(_tag, "detection", True)),
    "sigmahq_tags_detection": _finding("828", "a rule of this folder has the tag detection.{tag} at SigmaHQ", _at("tags")),
    "sigmahq_tags_unique_tlp": _finding("829", "a second tag of the namespace tlp: {tag}", partial(_tag, "tlp", True)),
    "sigmahq_tags_tlp": _finding("830", "{tag} says that this rule may not be passed on freely", partial(_tag, "tlp", False)),
}

# Validators of which a check of our own tells what they find, and the codes of that.
REPLACED: Mapping[str, tuple[str, ...]] = {
    "attacktag": ("FG310", "FG311", "FG312", "FG313"),
    "cartag": ("FG122",),
    "custom_attributes": ("FG115",),
    "cvetag": ("FG122",),
    "d3_fendtag": ("FG122",),
    "dangling_condition": ("FG203", "FG206"),
    "dangling_detection": ("FG204",),
    "detection_tag": ("FG122",),
    "double_wildcard": ("FG221",),
    "duplicate_filename": ("FG833",),
    "duplicate_references": ("FG131",),
    "duplicate_tag": ("FG131",),
    "duplicate_title": ("FG601",),
    "escaped_wildcard": ("FG220",),
    "filename_length": ("FG608",),
    "identifier_existence": ("FG103",),
    "identifier_uniqueness": ("FG105",),
    "namespace_tag": ("FG120",),
    "number_as_string": ("FG243",),
    "sigmahq_author_existence": ("FG127",),
    "sigmahq_category_event_id": ("FG831",),
    "sigmahq_category_windows_provider_name": ("FG831",),
    "sigmahq_correlation_group_by_existence": ("FG142",),
    "sigmahq_correlation_rules_minimum": ("FG144",),
    "sigmahq_date_existence": ("FG145",),
    "sigmahq_description_existence": ("FG123",),
    "sigmahq_description_length": ("FG123",),
    "sigmahq_field_duplicate_value": ("FG246",),
    "sigmahq_fieldname_cast": ("FG245",),
    "sigmahq_filename_convention": ("FG608",),
    "sigmahq_filename_prefix": ("FG609",),
    "sigmahq_github_link": ("FG133",),
    "sigmahq_invalid_all_modifier": ("FG235",),
    "sigmahq_invalid_fieldname": ("FG410",),
    "sigmahq_level_existence": ("FG145",),
    "sigmahq_logsource_unknown": ("FG401",),
    "sigmahq_missing_asterisk_condition": ("FG206", "FG218"),
    "sigmahq_mitre_link": ("FG136",),
    "sigmahq_modified_date_order": ("FG116",),
    "sigmahq_modified_without_date": ("FG117",),
    "sigmahq_ofselection_condition": ("FG206", "FG218"),
    "sigmahq_ofthem_condition": ("FG219",),
    "sigmahq_redundant_field": ("FG831",),
    "sigmahq_redundant_modified": ("FG138",),
    "sigmahq_status": ("FG607",),
    "sigmahq_status_existence": ("FG145",),
    "sigmahq_status_to_high": ("FG137",),
    "sigmahq_tags_techniques_without_tactics": ("FG314",),
    "sigmahq_title_case": ("FG125",),
    "sigmahq_title_end": ("FG124",),
    "sigmahq_title_length": ("FG124",),
    "sigmahq_title_start": ("FG124",),
    "stptag": ("FG122",),
    "tag_format": ("FG119", "FG121"),
    "them_condition_with_single_detection": ("FG219",),
    "tlptag": ("FG122",),
    "tlpv1_tag": ("FG122",),
    "tlpv2_tag": ("FG122",),
}

# Metadata of which pySigma refuses what our own checks do not look at.
_NOT_OURS = ("title", "scope")


def found_by_validators(rule: RuleNode, validation: Validation, converted: bool) -> Iterator[Diagnostic]:
    """What validators and pySigma itself say of a rule. `converted` says that its conversion tells what makes one impossible."""
    for issue in validation.issues:
        finding = FINDINGS[issue.validator]
        for position, pieces in finding.place(rule, issue):
            message = finding.messages.get(issue.kind, finding.messages[""])
            yield Diagnostic(position, finding.code, message.format_map({name: _short(text) for name, text in pieces.items()}))
    for refusal in validation.refusals:
        if refusal.essential and not converted and not _is_told(rule, refusal):
            yield Diagnostic(rule.source.at(*refusal.path), "FG501", f"no query can be made from this rule: {refusal.reason}")
        elif not refusal.essential and refusal.path and refusal.path[0] in _NOT_OURS:
            yield Diagnostic(rule.source.at(*refusal.path), "FG504", f"pySigma refuses this rule: {refusal.reason}")


def _is_told(rule: RuleNode, refusal: Refusal) -> bool:
    """Whether it is the missing condition that is refused, which reading the rule has found already."""
    return refusal.path == ("detection",) and any(found.code == "FG201" for found in rule.findings)


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79]}…"
