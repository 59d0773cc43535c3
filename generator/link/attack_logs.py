"""Which Data Needed entries the log sources of ATT&CK's data components and analytics stand for.

ATT&CK names a log source by a name and a channel, such as `WinEventLog:Sysmon` and `EventCode=1`. A Windows one is read as
the events that it numbers; other names are looked up in a table of Sigma's log sources. What says neither is left alone:
a sentence such as "unusual DLL loads" names no event.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from generator import attack
from generator.link.nodes import DataNode

# ATT&CK's short names of Windows logs: the channels they stand for. Other names are channels themselves.
_CHANNELS: Mapping[str, tuple[str, ...]] = {
    "applocker": ("microsoft-windows-applocker/exe and dll", "microsoft-windows-applocker/msi and script"),
    "codeintegrity": ("microsoft-windows-codeintegrity/operational",),
    "powershell": ("microsoft-windows-powershell/operational", "windows powershell"),
    "sysmon": ("microsoft-windows-sysmon/operational",),
    "taskscheduler": ("microsoft-windows-taskscheduler/operational",),
    "winrm": ("microsoft-windows-winrm/operational",),
    "wmi": ("microsoft-windows-wmi-activity/operational",),
}

# ATT&CK's names of other logs: the Sigma log sources (product, category, service) that mean the same log.
_TRIPLES: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    "auditd:syscall": (("linux", "", "auditd"),),
    "auditd:execve": (("linux", "", "auditd"), ("linux", "process_creation", "")),
    "auditd:path": (("linux", "", "auditd"),),
    "aws:cloudtrail": (("aws", "", "cloudtrail"),),
    "azure:activity": (("azure", "", "activitylogs"),),
    "azure:audit": (("azure", "", "auditlogs"),),
    "azure:signinlogs": (("azure", "", "signinlogs"),),
    "gcp:audit": (("gcp", "", "gcp.audit"),),
    "kubernetes:apiserver": (("kubernetes", "", "audit"),),
    "kubernetes:audit": (("kubernetes", "", "audit"),),
    "linux:cron": (("linux", "", "cron"),),
    "linux:syslog": (("linux", "", "syslog"),),
    "m365:exchange": (("m365", "", "exchange"),),
    "m365:unified": (("m365", "", "audit"),),
    "okta:systemlog": (("okta", "", "okta"),),
    "saas:github": (("github", "", "audit"),),
    "saas:okta": (("okta", "", "okta"),),
}

_WINDOWS = "wineventlog:"
_EVENT_CODE = re.compile(r"EventCode\s*=\s*(\d+(?:\s*,\s*\d+)*)")

Providers = Mapping[attack.LogSource, tuple[DataNode, ...]]


def providers(catalogue: attack.Catalogue, nodes: Iterable[DataNode]) -> Providers:
    """For each log source that the catalogue names: the entries that provide it; those without one are left out."""
    events: dict[tuple[str, str], list[DataNode]] = {}
    triples: dict[tuple[str, str, str], list[DataNode]] = {}
    for node in nodes:
        if node.entry.event_id:
            events.setdefault((node.entry.channel.lower(), node.entry.event_id), []).append(node)
        for log_source in node.entry.log_sources:
            triples.setdefault(log_source.triple, []).append(node)
    named = {source for component in catalogue.data_components for source in component.log_sources}
    named |= {source for analytic in catalogue.analytics for source in analytic.references}
    found = {}
    for source in named:
        keys = _events(source)
        by_event = [node for key in keys for node in events.get(key, [])]
        nodes_of = by_event if keys else [node for key in _triples(source) for node in triples.get(key, [])]
        if nodes_of:
            found[source] = tuple(dict.fromkeys(nodes_of))
    return found


def add_components(catalogue: attack.Catalogue, provided: Providers) -> None:
    """Gives each entry the data components whose log sources it provides, after those that it declares."""
    for component in catalogue.data_components:
        for source in component.log_sources:
            # Only a numbered event names an entry closely enough; `auditd:SYSCALL` is the log of a hundred components.
            for node in provided.get(source, ()) if _events(source) else ():
                node.named_by.setdefault(component.id, []).append(source)
                if component not in node.components:
                    node.components.append(component)


def _events(source: attack.LogSource) -> list[tuple[str, str]]:
    """The (channel in lower case, event id) pairs of a Windows log source that numbers its events."""
    name = source.name.lower()
    if not name.startswith(_WINDOWS):
        return []
    log = name.removeprefix(_WINDOWS)
    numbers = [number for group in _EVENT_CODE.findall(source.channel) for number in re.findall(r"\d+", group)]
    return [(channel, number) for channel in _CHANNELS.get(log, (log,)) for number in numbers]


def _triples(source: attack.LogSource) -> tuple[tuple[str, str, str], ...]:
    name = source.name.lower()
    if name == "auditd:syscall" and "execve" in source.channel.lower():
        name = "auditd:execve"  # two records of one event
    return _TRIPLES.get(name, ())
