"""The catalogue as a file: compact JSON, one object a line, the same bytes for the same facts.

Every row of an object starts with id, name, a state (1 revoked, 2 deprecated, 3 both) and the successor's id or "".
Ids in a list stand in one string with spaces between; `T1685<T1562.001` is T1685, inherited from the revoked
T1562.001. Log sources stand once, and others point to them by their position.
"""

from __future__ import annotations

import importlib.resources
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from generator.attack.catalogue import KINDS, Catalogue
from generator.attack.errors import BundleError
from generator.attack.facts import (
    Analytic,
    DataComponent,
    Edition,
    Fact,
    Group,
    Inherited,
    Linked,
    LogSource,
    Mitigation,
    Software,
    Strategy,
    Tactic,
    Technique,
)

FORMAT: Final = "fieldguide-attack-catalogue-1"
_MAKE_ONE: Final = "Make one with `fieldguide attack import BUNDLE.json`."


def load_catalogue(path: Path | None = None) -> Catalogue:
    """The catalogue in a file that `write_catalogue` wrote, or, without a path, the one that comes with Fieldguide.

    Raises `BundleError` when the file cannot be read or is no catalogue of this format.
    """
    name = str(path) if path else "catalogue.json"
    source = path or importlib.resources.files("generator.attack").joinpath("catalogue.json")
    try:
        data = json.loads(source.read_bytes())
    except OSError as error:
        raise BundleError(f"{name} cannot be read: {error.strerror}.", _MAKE_ONE) from error
    except (ValueError, RecursionError) as error:
        raise BundleError(f"{name} is not JSON.", _MAKE_ONE) from error
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        bundle = isinstance(data, dict) and data.get("type") == "bundle"
        raise BundleError(f"{name} is {'a STIX bundle, not' if bundle else 'not'} an ATT&CK catalogue.", _MAKE_ONE)
    try:
        return decode(data)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise BundleError(f"{name} is a damaged ATT&CK catalogue.", _MAKE_ONE) from error


def shipped_catalogue() -> Path:
    """The catalogue that comes with Fieldguide."""
    return Path(__file__).with_name("catalogue.json")


def write_catalogue(catalogue: Catalogue, path: Path) -> None:
    """Write the catalogue to a file; `load_catalogue` reads it back. Raises `OSError` when that is not possible."""
    path.write_bytes(to_bytes(catalogue))


def to_bytes(catalogue: Catalogue) -> bytes:
    """The content of the catalogue's file: the same bytes for the same facts."""
    parts = []
    for key, value in encode(catalogue).items():
        if isinstance(value, list):
            text = "[\n" + ",\n".join(_json(row) for row in value) + "\n]" if value else "[]"
        else:
            text = _json(value)
        parts.append(f"{_json(key)}:{text}")
    return ("{\n" + ",\n".join(parts) + "\n}\n").encode()


def decode(data: Mapping[str, Any]) -> Catalogue:
    """The catalogue that these JSON values stand for; the inverse of `encode`. Raises what broken values provoke."""
    logs = [LogSource(*row) for row in data["log_sources"]]

    def pick(positions: list[int]) -> tuple[LogSource, ...]:
        return tuple([logs[position] for position in positions])

    return Catalogue(
        domain=data["domain"],
        versions={kind: data["versions"][kind] for kind in KINDS},
        year=data["year"],
        tactics=tuple(Tactic(*_head(r), r[4], order) for order, r in enumerate(data["tactics"])),
        techniques=tuple(Technique(*_head(r), tuple(r[4].split()), tuple(r[5]), _edition(r[6:])) for r in data["techniques"]),
        groups=tuple(Group(*_head(r), *_links(r[4]), tuple(r[5]), tuple(r[6].split())) for r in data["groups"]),
        software=tuple(Software(*_head(r), *_links(r[4]), tuple(r[5])) for r in data["software"]),
        mitigations=tuple(Mitigation(*_head(r), *_links(r[4])) for r in data["mitigations"]),
        data_components=tuple(DataComponent(*_head(r), pick(r[4])) for r in data["data_components"]),
        strategies=tuple(Strategy(*_head(r), *_links(r[4]), tuple(r[5].split())) for r in data["strategies"]),
        analytics=tuple(Analytic(*_head(r), tuple(r[4]), pick(r[5]), r[6] or None) for r in data["analytics"]),
    )


def encode(catalogue: Catalogue) -> dict[str, object]:
    """The catalogue as JSON values, as the head of this module describes them."""
    every = {log for holder in catalogue.data_components for log in holder.log_sources}
    every |= {log for holder in catalogue.analytics for log in holder.references}
    logs = sorted(every)
    place = {log: position for position, log in enumerate(logs)}
    c = catalogue
    return {
        "format": FORMAT,
        "notice": c.notice,
        "year": c.year,
        "domain": c.domain,
        "versions": {kind: c.versions[kind] for kind in KINDS},
        "tactics": [[*_row(t), t.short_name] for t in c.tactics],
        "techniques": [[*_row(t), " ".join(t.tactics), t.platforms, *_edition_row(t.edition)] for t in c.techniques],
        "groups": [[*_row(g), _linked(g), g.aliases, " ".join(g.software)] for g in c.groups],
        "software": [[*_row(s), _linked(s), s.aliases] for s in c.software],
        "mitigations": [[*_row(m), _linked(m)] for m in c.mitigations],
        "log_sources": [[log.component, log.name, log.channel] for log in logs],
        "data_components": [[*_row(d), [place[log] for log in d.log_sources]] for d in c.data_components],
        "strategies": [[*_row(s), _linked(s), " ".join(s.analytics)] for s in c.strategies],
        "analytics": [[*_row(a), a.platforms, [place[r] for r in a.references], a.strategy or ""] for a in c.analytics],
    }


def _head(row: Sequence[Any]) -> tuple[str, str, bool, bool, str | None]:
    return row[0], row[1], bool(row[2] & 1), bool(row[2] & 2), row[3] or None


def _row(fact: Fact) -> list[object]:
    return [fact.id, fact.name, fact.revoked + 2 * fact.deprecated, fact.successor or ""]


def _edition(row: Sequence[str]) -> Edition | None:
    """From the end of a technique's row, where catalogues made by an earlier Fieldguide have nothing."""
    return Edition(*row) if row else None


def _edition_row(edition: Edition | None) -> list[object]:
    return [edition.version, edition.created, edition.modified] if edition else []


def _links(text: str) -> tuple[tuple[str, ...], tuple[Inherited, ...]]:
    if "<" not in text:
        return tuple(text.split()), ()
    chains = [word.split("<") for word in text.split()]
    inherited = (Inherited(ident, revoked) for ident, *origins in chains for revoked in origins)
    return tuple(ident for ident, *_ in chains), tuple(inherited)


def _linked(item: Linked) -> str:
    return " ".join("<".join((ident, *item.inherited_from(ident))) for ident in item.techniques)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
