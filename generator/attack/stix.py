"""Reading a STIX 2.0 or 2.1 bundle: its objects, their ATT&CK ids, and the relations between them.

Sources: STIX 2.1 (OASIS), sections 2 to 5 and 8, and the ATT&CK data model in MITRE's attack-stix-data repository. STIX 2.0
bundles differ only in what is absent (no `spec_version` on an object), and nothing here asks for that. A field of the
wrong type counts as absent: one odd object must not cost the others.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from generator.attack.errors import BundleError

StixObject: TypeAlias = Mapping[str, object]

# Techniques of the first Mobile bundles are called MOB-T1005.
_ATTACK_ID: Final = re.compile(r"(?:MOB-)?[A-Z]+\d+(?:\.\d+)?")

_WAY_OUT: Final = (
    "Give the JSON file of an ATT&CK domain, for example enterprise-attack.json from MITRE's attack-stix-data repository."
)


@dataclass(frozen=True)
class Bundle:
    """The objects of a bundle in their latest version, by STIX type and by STIX id."""

    by_type: Mapping[str, tuple[StixObject, ...]]
    by_ref: Mapping[str, StixObject]

    def named(self, *types: str) -> dict[str, StixObject]:
        """The objects of these STIX types by ATT&CK id, sorted; of two with one id, the live and then the newer one."""
        found: dict[str, StixObject] = {}
        for obj in sorted((o for t in types for o in self.by_type.get(t, ())), key=_standing):
            if ident := attack_id(obj):
                found[ident] = obj
        return dict(sorted(found.items()))

    def relations(self, name: str, sources: Iterable[str], targets: Iterable[str]) -> list[tuple[str, str]]:
        """The (source, target) ATT&CK ids of this relationship type between objects of these STIX types.

        Withdrawn relations are left out, except for `revoked-by`: old bundles have successors that only a withdrawn
        relation names, so those come first and a later one in the list outweighs them.
        """
        kept = [o for o in self.by_type.get("relationship", ()) if text(o, "relationship_type") == name]
        if name != "revoked-by":
            kept = [o for o in kept if is_live(o)]
        pairs = []
        for obj in sorted(kept, key=_standing):
            source, target = self._end(obj, "source_ref", sources), self._end(obj, "target_ref", targets)
            if source and target:
                pairs.append((source, target))
        return pairs

    def _end(self, relation: StixObject, key: str, types: Iterable[str]) -> str:
        obj = self.by_ref.get(text(relation, key), {})
        return attack_id(obj) if text(obj, "type") in types else ""


def read_bundle(path: Path) -> Bundle:
    """The bundle in a file. Raises `BundleError` when the file cannot be read or is no STIX bundle."""
    try:
        data = json.loads(path.read_bytes())
    except OSError as error:
        raise BundleError(f"{path} cannot be read: {error.strerror}.", _WAY_OUT) from error
    except (ValueError, RecursionError) as error:
        raise BundleError(f"{path} is not JSON.", _WAY_OUT) from error
    if not isinstance(data, dict) or data.get("type") != "bundle":
        raise BundleError(f"{path} is JSON, but no STIX bundle.", _WAY_OUT)
    latest: dict[str, StixObject] = {}
    for obj in sorted(parts(data, "objects"), key=_modified):
        latest[text(obj, "id")] = obj
    by_type: defaultdict[str, list[StixObject]] = defaultdict(list)
    for obj in latest.values():
        by_type[text(obj, "type")].append(obj)
    return Bundle({kind: tuple(objects) for kind, objects in by_type.items()}, latest)


def attack_id(obj: StixObject) -> str:
    """The ATT&CK id of an object, from the reference that MITRE is the source of; empty when it has none.

    Data components had no id before v18: there the name stands for it.
    """
    references = (ref for ref in parts(obj, "external_references") if text(ref, "source_name").startswith("mitre-"))
    own = (text(ref, "external_id").upper() for ref in references)
    substitute = text(obj, "name") if text(obj, "type") == "x-mitre-data-component" else ""
    return next((ident for ident in own if _ATTACK_ID.fullmatch(ident)), substitute)


def text(obj: StixObject, key: str) -> str:
    """A text field without surrounding blanks; empty when absent."""
    value = obj.get(key)
    return value.strip() if isinstance(value, str) else ""


def texts(obj: StixObject, key: str) -> tuple[str, ...]:
    """A field with a list of texts, without repetitions, in its order."""
    value = obj.get(key)
    return tuple(dict.fromkeys(v for v in value if isinstance(v, str))) if isinstance(value, list) else ()


def parts(obj: StixObject, key: str) -> tuple[StixObject, ...]:
    """A field with a list of objects."""
    value = obj.get(key)
    return tuple(v for v in value if isinstance(v, dict)) if isinstance(value, list) else ()


def is_revoked(obj: StixObject) -> bool:
    """Whether another object took its place."""
    return obj.get("revoked") is True


def is_deprecated(obj: StixObject) -> bool:
    """Whether MITRE withdrew it."""
    return obj.get("x_mitre_deprecated") is True


def is_live(obj: StixObject) -> bool:
    """Neither revoked nor deprecated."""
    return not (is_revoked(obj) or is_deprecated(obj))


def _modified(obj: StixObject) -> str:
    # Without the "Z" the times compare as texts even where they give a different number of decimals.
    return text(obj, "modified").rstrip("Z")


def _standing(obj: StixObject) -> tuple[bool, bool, str, str]:
    return not is_revoked(obj), not is_deprecated(obj), _modified(obj), text(obj, "id")
