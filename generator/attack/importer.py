"""From a STIX bundle of ATT&CK to the catalogue: facts only, and every link to a revoked technique followed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final, TypeAlias

from generator.attack.catalogue import KINDS, AnyFact, Catalogue, as_short_name, by_id, live_end
from generator.attack.errors import BundleError
from generator.attack.facts import (
    Analytic,
    DataComponent,
    Edition,
    Group,
    Inherited,
    LogSource,
    Mitigation,
    Software,
    Strategy,
    Tactic,
    Technique,
)
from generator.attack.stix import (
    Bundle,
    StixObject,
    attack_id,
    is_deprecated,
    is_revoked,
    parts,
    read_bundle,
    text,
    texts,
)

TECHNIQUE: Final = ("attack-pattern",)
GROUP: Final = ("intrusion-set",)
SOFTWARE: Final = ("malware", "tool")
MITIGATION: Final = ("course-of-action",)
DATA_COMPONENT: Final = ("x-mitre-data-component",)
STRATEGY: Final = ("x-mitre-detection-strategy",)
ANALYTIC: Final = ("x-mitre-analytic",)

# The kill chain that the techniques of a domain belong to: the one sign of the domain that every bundle has had.
DOMAINS: Final[Mapping[str, str]] = {
    "mitre-attack": "enterprise-attack",
    "mitre-mobile-attack": "mobile-attack",
    "mitre-ics-attack": "ics-attack",
}

Head: TypeAlias = tuple[str, str, bool, bool, str | None]
Links: TypeAlias = tuple[tuple[str, ...], tuple[Inherited, ...]]
NO_LINKS: Final[Links] = ((), ())


def import_bundle(path: Path, versions: Mapping[str, str] | None = None) -> Catalogue:
    """The catalogue of an Enterprise, Mobile or ICS bundle in STIX 2.0 or 2.1.

    The version of every kind of object is that of the bundle's collection, unless `versions` (keys: `KINDS`) names
    another; without both it stays empty. It is not derived from dates: the newest `modified` of a kind only bounds its
    version from below, because a release in which nobody edits, say, a mitigation leaves those dates as they were.
    Raises `BundleError` when the file is no such bundle or `versions` has an unknown key.
    """
    bundle = read_bundle(path)
    domain = _domain(path, bundle)
    tactics = _tactics(bundle)
    techniques = _techniques(bundle, domain, tactics)
    known = by_id(techniques)
    strategies = _strategies(bundle, known)
    return Catalogue(
        domain=domain,
        versions=_versions(bundle, versions or {}),
        year=max(text(obj, "modified") for obj in bundle.by_ref.values())[:4],
        tactics=tactics,
        techniques=techniques,
        groups=_groups(bundle, known),
        software=_software(bundle, known),
        mitigations=_mitigations(bundle, known),
        data_components=_data_components(bundle),
        strategies=strategies,
        analytics=_analytics(bundle, strategies),
    )


def _domain(path: Path, bundle: Bundle) -> str:
    techniques = bundle.named(*TECHNIQUE).values()
    chains = {text(phase, "kill_chain_name") for obj in techniques for phase in parts(obj, "kill_chain_phases")}
    domains = sorted(DOMAINS[chain] for chain in chains & DOMAINS.keys())
    if not domains:
        raise BundleError(
            f"{path} is a STIX bundle, but has no technique of ATT&CK Enterprise, Mobile or ICS.",
            "Give the bundle of one of these domains.",
        )
    if len(domains) > 1:
        raise BundleError(f"{path} mixes several domains: {', '.join(domains)}.", "Import the bundle of one domain.")
    return domains[0]


def _versions(bundle: Bundle, overrides: Mapping[str, str]) -> dict[str, str]:
    given = {kind.replace("-", "_"): version.removeprefix("v") for kind, version in overrides.items()}
    if unknown := sorted(given.keys() - set(KINDS)):
        raise BundleError(f"No kind of object is called {', '.join(unknown)}.", f"The kinds are {', '.join(KINDS)}.")
    stated = {text(obj, "x_mitre_version") for obj in bundle.by_type.get("x-mitre-collection", ())}
    release = stated.pop() if len(stated) == 1 else ""
    return {kind: given.get(kind, release) for kind in KINDS}


def _tactics(bundle: Bundle) -> tuple[Tactic, ...]:
    # Mobile bundles have two matrices, the second of them deprecated since v11.
    matrices = sorted(bundle.by_type.get("x-mitre-matrix", ()), key=lambda m: (is_deprecated(m), text(m, "name")))
    in_matrix = [attack_id(bundle.by_ref.get(ref, {})) for m in matrices for ref in texts(m, "tactic_refs")]
    heads = {head[0]: (obj, head) for obj, head in _heads(bundle, ("x-mitre-tactic",))}
    # Tactics of no matrix come last, by id.
    order = [ident for ident in dict.fromkeys([*in_matrix, *heads]) if ident in heads]
    found = (heads[ident] for ident in order)
    return tuple(Tactic(*head, as_short_name(text(obj, "x_mitre_shortname")), i) for i, (obj, head) in enumerate(found))


def _techniques(bundle: Bundle, domain: str, tactics: tuple[Tactic, ...]) -> tuple[Technique, ...]:
    order = {tactic.short_name: tactic.order for tactic in tactics}

    def columns(obj: StixObject) -> tuple[str, ...]:
        phases = (p for p in parts(obj, "kill_chain_phases") if DOMAINS.get(text(p, "kill_chain_name")) == domain)
        names = {as_short_name(text(phase, "phase_name")) for phase in phases}
        return tuple(sorted(names, key=lambda name: (order.get(name, len(order)), name)))

    return tuple(
        Technique(*head, columns(obj), texts(obj, "x_mitre_platforms"), _edition(obj)) for obj, head in _heads(bundle, TECHNIQUE)
    )


def _edition(obj: StixObject) -> Edition:
    return Edition(text(obj, "x_mitre_version"), text(obj, "created")[:10], text(obj, "modified")[:10])


def _groups(bundle: Bundle, techniques: Mapping[str, Technique]) -> tuple[Group, ...]:
    links = _technique_links(bundle, "uses", GROUP, techniques)
    tools = by_id(Software(*head) for _, head in _heads(bundle, SOFTWARE))
    software: defaultdict[str, set[str]] = defaultdict(set)
    for group, used in bundle.relations("uses", GROUP, SOFTWARE):
        software[group].add(_followed(tools, used))
    return tuple(
        Group(*head, *links.get(head[0], NO_LINKS), _aliases(obj, "aliases"), tuple(sorted(software[head[0]])))
        for obj, head in _heads(bundle, GROUP)
    )


def _software(bundle: Bundle, techniques: Mapping[str, Technique]) -> tuple[Software, ...]:
    links = _technique_links(bundle, "uses", SOFTWARE, techniques)
    return tuple(
        Software(*head, *links.get(head[0], NO_LINKS), _aliases(obj, "x_mitre_aliases"))
        for obj, head in _heads(bundle, SOFTWARE)
    )


def _mitigations(bundle: Bundle, techniques: Mapping[str, Technique]) -> tuple[Mitigation, ...]:
    links = _technique_links(bundle, "mitigates", MITIGATION, techniques)
    return tuple(Mitigation(*head, *links.get(head[0], NO_LINKS)) for _, head in _heads(bundle, MITIGATION))


def _data_components(bundle: Bundle) -> tuple[DataComponent, ...]:
    def logs(obj: StixObject, ident: str) -> tuple[LogSource, ...]:
        return tuple(sorted({_log_source(ident, log) for log in parts(obj, "x_mitre_log_sources")}))

    return tuple(DataComponent(*head, logs(obj, head[0])) for obj, head in _heads(bundle, DATA_COMPONENT))


def _log_source(component: str, obj: StixObject) -> LogSource:
    channel = text(obj, "channel")
    # ATT&CK v18 writes the word "None" for a log that has no channel.
    return LogSource(component, text(obj, "name"), "" if channel == "None" else channel)


def _strategies(bundle: Bundle, techniques: Mapping[str, Technique]) -> tuple[Strategy, ...]:
    links = _technique_links(bundle, "detects", STRATEGY, techniques)

    def analytics(obj: StixObject) -> tuple[str, ...]:
        idents = {attack_id(bundle.by_ref.get(ref, {})) for ref in texts(obj, "x_mitre_analytic_refs")}
        return tuple(sorted(idents - {""}))

    return tuple(
        Strategy(*head, *links.get(head[0], NO_LINKS), analytics(obj)) for obj, head in _heads(bundle, STRATEGY)
    )


def _analytics(bundle: Bundle, strategies: Iterable[Strategy]) -> tuple[Analytic, ...]:
    strategy_of = {ident: strategy.id for strategy in strategies for ident in strategy.analytics}

    def references(obj: StixObject) -> tuple[LogSource, ...]:
        found = set()
        for ref in parts(obj, "x_mitre_log_source_references"):
            component = attack_id(bundle.by_ref.get(text(ref, "x_mitre_data_component_ref"), {}))
            found.add(_log_source(component, ref))
        return tuple(sorted(found))

    return tuple(
        Analytic(*head, texts(obj, "x_mitre_platforms"), references(obj), strategy_of.get(head[0]))
        for obj, head in _heads(bundle, ANALYTIC)
    )


def _heads(bundle: Bundle, types: tuple[str, ...]) -> list[tuple[StixObject, Head]]:
    """Each object of these types with the fields that every fact begins with."""
    successors = {old: new for old, new in bundle.relations("revoked-by", types, types) if old != new}

    def head(ident: str, obj: StixObject) -> Head:
        successor = successors.get(ident) if is_revoked(obj) else None
        return ident, text(obj, "name"), is_revoked(obj), is_deprecated(obj), successor

    return [(obj, head(ident, obj)) for ident, obj in bundle.named(*types).items()]


def _technique_links(
    bundle: Bundle, relation: str, sources: tuple[str, ...], techniques: Mapping[str, Technique]
) -> dict[str, Links]:
    """The techniques that each source is linked to; a revoked one is replaced by its live successor, which says so."""
    own: defaultdict[str, set[str]] = defaultdict(set)
    moved: defaultdict[str, set[Inherited]] = defaultdict(set)
    for source, target in bundle.relations(relation, sources, TECHNIQUE):
        end = _followed(techniques, target)
        if end == target:
            own[source].add(target)
        else:
            moved[source].add(Inherited(end, target))
    links = {}
    for source in own.keys() | moved.keys():
        inherited = sorted(link for link in moved[source] if link.technique not in own[source])
        every = own[source] | {link.technique for link in inherited}
        links[source] = (tuple(sorted(every)), tuple(inherited))
    return links


def _followed(facts: Mapping[str, AnyFact], ident: str) -> str:
    end = live_end(facts, ident)
    return end.id if end else ident


def _aliases(obj: StixObject, key: str) -> tuple[str, ...]:
    """The other names, without the one that the object goes by."""
    return tuple(alias for alias in texts(obj, key) if alias != text(obj, "name"))
