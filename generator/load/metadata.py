"""A rule's metadata, read leniently: what cannot be understood is kept as text and reported, never dropped."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from generator.load.detection import Problem

STATUSES = ("stable", "test", "experimental", "deprecated", "unsupported")
LEVELS = ("informational", "low", "medium", "high", "critical")

# Sigma 2.1 rules, correlations and filters: every key that the specification names.
KNOWN_KEYS = frozenset(
    [
        *("title", "id", "related", "name", "taxonomy", "status", "description", "license", "references", "author", "date"),
        *("modified", "logsource", "detection", "fields", "falsepositives", "level", "tags", "scope"),
        *("correlation", "filter", "generate", "action"),
    ]
)

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_DATE = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})")
# One of several authors: what stands between commas, but for commas within brackets.
_AUTHOR = re.compile(r"(?:\([^()]*\)|[^,])+")


@dataclass(frozen=True)
class Related:
    """A reference to another rule: its id, the kind of relation as written, and the number of its item in the list."""

    id: str
    type: str
    index: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Metadata:
    """What a rule says of itself. Dates are `YYYY-MM-DD`, or as written where they are no date; absent text is empty."""

    title: str
    id: str = ""
    name: str = ""
    status: str = ""
    level: str = ""
    description: str = ""
    author: str = ""
    date: str = ""
    modified: str = ""
    license: str = ""
    taxonomy: str = ""
    references: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    falsepositives: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    scope: tuple[str, ...] = ()
    related: tuple[Related, ...] = ()
    custom: Mapping[str, Any] = field(default_factory=dict)

    @property
    def authors(self) -> tuple[str, ...]:
        """The authors one by one, each once. Brackets after a name, with a firm or a role in them, belong to it."""
        names = (" ".join(name.split()) for name in _AUTHOR.findall(self.author))
        return tuple(dict.fromkeys(name for name in names if name))

    @property
    def simulations(self) -> frozenset[str]:
        """The GUIDs of the tests of Atomic Red Team that SigmaHQ's own key `simulation` says make the rule fire."""
        named = self.custom.get("simulation")
        tests = named if isinstance(named, list) else [named]
        return frozenset(str(test["atomic_guid"]).lower() for test in tests if isinstance(test, Mapping) and test.get("atomic_guid"))


def read_metadata(data: Mapping[Any, Any], fallback_title: str) -> tuple[Metadata, list[Problem]]:
    """The metadata of a rule's data, and problems FG102 to FG109. `fallback_title` stands in for a missing title."""
    problems: list[Problem] = []
    title = _text(data, "title", problems)
    if not title:
        problems.append(Problem(("title",), "FG102", "this rule has no title", ""))
    metadata = Metadata(
        title=title or fallback_title,
        id=_identifier(data, problems),
        status=_choice(data, "status", STATUSES, "FG108", problems),
        level=_choice(data, "level", LEVELS, "FG109", problems),
        date=_date(data, "date", problems),
        modified=_date(data, "modified", problems),
        related=tuple(_related(data, problems)),
        custom={str(key): value for key, value in data.items() if key not in KNOWN_KEYS},
        name=_text(data, "name", problems),
        description=_text(data, "description", problems),
        author=_text(data, "author", problems),
        license=_text(data, "license", problems),
        taxonomy=_text(data, "taxonomy", problems),
        references=_texts(data, "references", problems),
        tags=_texts(data, "tags", problems),
        falsepositives=_texts(data, "falsepositives", problems),
        fields=_texts(data, "fields", problems),
        scope=_texts(data, "scope", problems),
    )
    return metadata, problems


def unite(parts: Sequence[Metadata]) -> Metadata:
    """The metadata of a collection: the first part's, with what only others have; every author, tag and reference, and the
    most severe level, since any part may alert. Other titles become part of the description."""
    first = parts[0]
    if len(parts) == 1:
        return first
    levels = [part.level for part in parts if part.level in LEVELS]
    titles = [part.title for part in parts if part.title != first.title]
    descriptions = [part.description for part in parts if part.description] + [f"It also holds: {title}" for title in titles]
    return replace(
        first,
        level=max(levels, key=LEVELS.index, default=first.level),
        author=", ".join(dict.fromkeys(part.author for part in parts if part.author)),
        description="\n\n".join(dict.fromkeys(descriptions)),
        status=next((part.status for part in parts if part.status), ""),
        date=next((part.date for part in parts if part.date), ""),
        modified=next((part.modified for part in parts if part.modified), ""),
        license=next((part.license for part in parts if part.license), ""),
        references=tuple(dict.fromkeys(text for part in parts for text in part.references)),
        tags=tuple(dict.fromkeys(text for part in parts for text in part.tags)),
        falsepositives=tuple(dict.fromkeys(text for part in parts for text in part.falsepositives)),
        fields=tuple(dict.fromkeys(text for part in parts for text in part.fields)),
        related=tuple(dict.fromkeys(related for part in parts for related in part.related)),
        custom={key: value for part in reversed(parts) for key, value in part.custom.items()},
    )


def is_uuid(value: str) -> bool:
    """Whether a text is a UUID in its usual form, as the Sigma specification wants rule ids."""
    return bool(_UUID.fullmatch(value))


def _text(data: Mapping[Any, Any], key: str, problems: list[Problem]) -> str:
    value = data.get(key)
    if value is None:
        return ""
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        if key != "author":
            problems.append(Problem((key,), "FG106", f"`{key}` should be text, not a list", ""))
        return ", ".join(value)
    if isinstance(value, Mapping | list):
        problems.append(Problem((key,), "FG106", f"`{key}` should be text", ""))
    return str(value).strip()


def _texts(data: Mapping[Any, Any], key: str, problems: list[Problem]) -> tuple[str, ...]:
    value = data.get(key)
    if value is None:
        return ()
    if not isinstance(value, list):
        if key != "scope":
            problems.append(Problem((key,), "FG106", f"`{key}` should be a list", f"Write `{key}:` and below it `  - …`."))
        value = [value]
    found = []
    for index, part in enumerate(value):
        if isinstance(part, Mapping) and len(part) == 1:  # `- note: see there`, where YAML saw a mapping in prose
            name, inner = next(iter(part.items()))
            problems.append(Problem((key, index), "FG106", f"this item of `{key}` reads as a mapping", "Put it in quotes."))
            found.append(f"{name}: {inner}")
        elif part is not None:
            found.append(str(part).strip())
    return tuple(text for text in found if text)


def _identifier(data: Mapping[Any, Any], problems: list[Problem]) -> str:
    value = data.get("id")
    if value is None:
        problems.append(Problem((), "FG103", "this rule has no id", ""))
        return ""
    text = str(value).strip()
    if is_uuid(text):
        return text.lower()
    problems.append(Problem(("id",), "FG104", f"the id {text!r} is not a UUID", ""))
    return text


def _choice(data: Mapping[Any, Any], key: str, known: tuple[str, ...], code: str, problems: list[Problem]) -> str:
    value = _text(data, key, problems)
    if not value or value.lower() in known:
        return value.lower()
    problems.append(Problem((key,), code, f"{value!r} is not a {key} of Sigma", f"Known are: {', '.join(known)}."))
    return value


def _date(data: Mapping[Any, Any], key: str, problems: list[Problem]) -> str:
    value = data.get(key)
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    match = _DATE.fullmatch(str(value).strip())
    if match:
        try:
            return datetime.date(int(match[1]), int(match[2]), int(match[3])).isoformat()
        except ValueError as error:
            problems.append(Problem((key,), "FG107", f"`{value}` is not a date: {error}", ""))
            return str(value)
    problems.append(Problem((key,), "FG107", f"`{value}` is not a date", ""))
    return str(value)


def _related(data: Mapping[Any, Any], problems: list[Problem]) -> Iterator[Related]:
    value = data.get("related")
    if value is None:
        return
    for index, part in enumerate(value if isinstance(value, list) else [value]):
        if isinstance(part, Mapping) and part.get("id") is not None:
            yield Related(str(part["id"]).strip().lower(), str(part.get("type") or ""), index)
        else:
            problems.append(Problem(("related", index), "FG106", "`related` wants items with `id` and `type`", ""))
