"""ATT&CK: the catalogue of its facts, the importer that makes one from a STIX bundle, and what a rule's tags mean.

A catalogue comes with Fieldguide, so nothing here needs the network. ATT&CK is (c) The MITRE Corporation, reproduced and
distributed with its permission; the catalogue has only its facts, none of its prose.
"""

from generator.attack.catalogue import KINDS, Catalogue, ListedStrategy, StrategyAnswer, StrategyState
from generator.attack.errors import BundleError
from generator.attack.facts import (
    Analytic,
    DataComponent,
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
from generator.attack.importer import import_bundle
from generator.attack.show import describe
from generator.attack.storage import load_catalogue, shipped_catalogue, write_catalogue
from generator.attack.storage import to_bytes as catalogue_bytes
from generator.attack.tagged import Resolution, TaggedGroup, TaggedSoftware, TaggedTactic, TaggedTechnique, TagProblem
from generator.attack.tags import resolve_tags

__all__ = [
    "KINDS",
    "Analytic",
    "BundleError",
    "Catalogue",
    "DataComponent",
    "Fact",
    "Group",
    "Inherited",
    "Linked",
    "ListedStrategy",
    "LogSource",
    "Mitigation",
    "Resolution",
    "Software",
    "Strategy",
    "StrategyAnswer",
    "StrategyState",
    "Tactic",
    "TagProblem",
    "TaggedGroup",
    "TaggedSoftware",
    "TaggedTactic",
    "TaggedTechnique",
    "Technique",
    "catalogue_bytes",
    "describe",
    "import_bundle",
    "load_catalogue",
    "resolve_tags",
    "shipped_catalogue",
    "write_catalogue",
]
