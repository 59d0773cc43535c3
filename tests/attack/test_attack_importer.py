"""The importer: one case is a pair of files, `bundles/NAME.json` and the catalogue it gives, `NAME.expected.json`."""

from __future__ import annotations

import copy
import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.attack import KINDS, BundleError, Catalogue, import_bundle, load_catalogue, write_catalogue

BUNDLES = Path(__file__).parent / "bundles"
CASES = sorted(path for path in BUNDLES.glob("*.json") if ".expected" not in path.name)
SHARED = Path(__file__).resolve().parents[2].parent / "shared"
SHIPPED = Path(__file__).resolve().parents[2] / "generator" / "attack" / "catalogue.json"


def bytes_of(catalogue: Catalogue, folder: Path) -> bytes:
    """What `write_catalogue` writes."""
    path = folder / "written.json"
    write_catalogue(catalogue, path)
    return path.read_bytes()


def import_objects(objects: list[Any], folder: Path) -> Catalogue:
    """The catalogue of a bundle with these objects."""
    path = folder / "bundle.json"
    path.write_text(json.dumps({"type": "bundle", "id": "bundle--1", "objects": objects}), encoding="utf-8")
    return import_bundle(path)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_bundle_gives_the_expected_catalogue(path: Path, tmp_path: Path) -> None:
    expected = path.with_suffix(".expected.json")
    assert bytes_of(import_bundle(path), tmp_path).decode() == expected.read_text(encoding="utf-8")
    assert bytes_of(load_catalogue(expected), tmp_path).decode() == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
@pytest.mark.parametrize("seed", range(5))
def test_order_of_the_objects_does_not_matter(path: Path, seed: int, tmp_path: Path) -> None:
    objects = json.loads(path.read_text(encoding="utf-8"))["objects"]
    random.Random(seed).shuffle(objects)
    catalogue = import_objects(objects, tmp_path)
    assert bytes_of(catalogue, tmp_path).decode() == path.with_suffix(".expected.json").read_text(encoding="utf-8")


def test_versions_come_from_the_collection_unless_told_otherwise() -> None:
    path = BUNDLES / "stix21_enterprise.json"
    plain = import_bundle(path)
    told = import_bundle(path, {"strategies": "18.1", "data-components": "v18.1"})
    assert set(plain.versions) == set(KINDS)
    assert set(plain.versions.values()) == {"19.1"} == {plain.version}
    changed = {kind for kind in KINDS if told.versions[kind] != "19.1"}
    assert changed == {"strategies", "data_components"}
    assert told.strategies_for(told.techniques[-1]).version == "18.1"


def test_unknown_kind_of_version_is_refused_with_the_known_ones() -> None:
    with pytest.raises(BundleError, match="strategy") as caught:
        import_bundle(BUNDLES / "ics.json", {"strategy": "18.1"})
    assert "strategies" in caught.value.help


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not JSON"),
        (b"\xff\xfe\x00", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "no STIX bundle"),
        (b'{"type": "report"}', "no STIX bundle"),
        (b'{"type": "bundle"}', "no technique of ATT&CK"),
        (b'{"type": "bundle", "objects": [1, null, "x", {"type": "attack-pattern"}]}', "no technique of ATT&CK"),
    ],
)
def test_file_that_is_no_attack_bundle_is_refused_with_a_way_out(content: bytes, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "some.json"
    path.write_bytes(content)
    with pytest.raises(BundleError, match=reason) as caught:
        import_bundle(path)
    assert str(path) in caught.value.message
    assert caught.value.help


def test_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="cannot be read"):
        import_bundle(tmp_path / "absent.json")


def test_domains_in_one_bundle_are_refused_by_name(tmp_path: Path) -> None:
    objects = [o for name in ("ics", "mobile") for o in json.loads((BUNDLES / f"{name}.json").read_text())["objects"]]
    for number, obj in enumerate(objects):
        obj["id"] = f"{obj['type']}--{number}"
    with pytest.raises(BundleError, match="ics-attack, mobile-attack"):
        import_objects(objects, tmp_path)


VALUE = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5), st.just([1, None]), st.just({"a": []}))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_odd_values_in_a_bundle_never_break_the_import(data: st.DataObject, tmp_path: Path) -> None:
    objects = copy.deepcopy(json.loads((BUNDLES / "stix21_enterprise.json").read_text(encoding="utf-8"))["objects"])
    for _ in range(data.draw(st.integers(1, 6))):
        obj = data.draw(st.sampled_from(objects))
        obj[data.draw(st.sampled_from(sorted(obj)))] = data.draw(VALUE)
    catalogue = import_objects(objects, tmp_path)
    written = bytes_of(catalogue, tmp_path)
    assert bytes_of(load_catalogue(tmp_path / "written.json"), tmp_path) == written
    assert len(catalogue.techniques) >= 1


@pytest.mark.corpus
def test_shipped_catalogue_is_what_the_bundle_gives(tmp_path: Path) -> None:
    older = ("groups", "software", "mitigations", "data_components", "strategies", "analytics")
    bundle = SHARED / "attack" / "enterprise-attack-19.1.json"
    catalogue = import_bundle(bundle, dict.fromkeys(older, "18.1"))
    assert bytes_of(catalogue, tmp_path) == SHIPPED.read_bytes()
