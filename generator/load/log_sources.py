"""A rule's log source: `logsource` as it is written, to the product, category and service that Sigma means by it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice, product
from typing import Any

from generator.load.detection import Problem
from generator.load.entries import LogSource

# Windows categories that are written as a service now and then.
_CATEGORIES = (
    "create_remote_thread", "dns_query", "driver_load", "file_delete", "file_event", "image_load", "network_connection", "pipe_created",
    "process_access", "process_creation", "ps_module", "ps_script", "registry_event", "registry_set", "wmi_event",
)  # fmt: skip

# What public collections write in place of Sigma's own names for Windows: key and name there, key and name of Sigma. Only names
# that can mean nothing else. The last ones are Sigma's, under the wrong key.
_OTHER_NAMES: Mapping[tuple[str, str], tuple[str, str]] = {
    ("category", "file_creation"): ("category", "file_event"),
    ("category", "file_create"): ("category", "file_event"),
    ("category", "image_loaded"): ("category", "image_load"),
    ("category", "module_load"): ("category", "image_load"),
    ("category", "driver_loaded"): ("category", "driver_load"),
    ("category", "process_create"): ("category", "process_creation"),
    ("category", "network_connect"): ("category", "network_connection"),
    ("category", "pipe_creation"): ("category", "pipe_created"),
    ("category", "remote_thread"): ("category", "create_remote_thread"),
    ("service", "bits"): ("service", "bits-client"),
    ("service", "defender"): ("service", "windefend"),
    ("service", "windows-defender"): ("service", "windefend"),
    ("service", "codeintegrity"): ("service", "codeintegrity-operational"),
    ("service", "task-scheduler"): ("service", "taskscheduler"),
    ("service", "wmi-activity"): ("service", "wmi"),
    ("service", "image_loaded"): ("category", "image_load"),
    **{("category", name): ("service", name) for name in ("security", "system", "application", "sysmon", "powershell")},
    **{("service", name): ("category", name) for name in _CATEGORIES},
}


# Products that are written as a category now and then.
_PRODUCTS = ("windows", "linux", "macos")

# So many log sources of one rule are read; no rule that people write has more.
MOST = 50


def single_log_sources(data: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The rule once for each log source where `logsource` has several values, as some collections write it; else as it is."""
    given = data.get("logsource")
    lists = {key: names for key, value in given.items() if (names := _names(key, value))} if isinstance(given, Mapping) else {}
    for values in islice(product(*lists.values()), MOST):
        yield {**data, "logsource": {**given, **dict(zip(lists, values, strict=True))}} if lists and given else data


def several_log_sources(data: Mapping[str, Any]) -> Iterator[Problem]:
    """A problem for each key of `logsource` that has several values."""
    given = data.get("logsource")
    for key, value in given.items() if isinstance(given, Mapping) else ():
        if _names(key, value):
            help = f"Write a rule for each of them; until then each is taken as a log source of its own, up to {MOST} of them."
            yield Problem(("logsource", key), "FG106", f"`logsource` has several values as its {key}, where Sigma allows one", help)


def _names(key: str, value: Any) -> list[Any]:
    """The several names in one value of a log source, a list or a text with commas; none where there is one name only."""
    if key not in LogSource.model_fields:
        return []
    if isinstance(value, str) and "," in value:
        return [name.strip() for name in value.split(",") if name.strip()]
    return value if isinstance(value, list) else []


def read_log_source(data: Mapping[str, Any]) -> tuple[LogSource, list[Problem]]:
    """The log source of a rule in Sigma's own names, and what is wrong with it as it is written."""
    value = data.get("logsource")
    if not isinstance(value, Mapping):
        return LogSource(), [Problem(("logsource",), "FG112", "this rule has no `logsource` mapping")]
    written = LogSource.model_validate({key: value.get(key) for key in LogSource.model_fields})
    if not any(written.triple):
        return written, [Problem(("logsource",), "FG112", "`logsource` names no product, category or service")]
    problems: list[Problem] = []
    if not written.product and written.category in _PRODUCTS:
        message = f"Sigma has no category `{written.category}`; it is taken as the product"
        problems.append(Problem(("logsource", "category"), "FG114", message, f"Write `product: {written.category}`."))
        written = written.model_copy(update={"category": "", "product": written.category})
    if written.product != "windows":
        return written, problems
    for key, name in written.model_dump().items():
        of, meant = _OTHER_NAMES.get((key, name), (key, name))
        # A name under the wrong key moves to the right one, unless that has a name of its own.
        if (of, meant) != (key, name) and (of == key or not getattr(written, of)):
            written = written.model_copy(update={key: "", of: meant})
            message = f"Sigma has no {key} `{name}`; it is taken as the {of} `{meant}`"
            problems.append(Problem(("logsource", key), "FG114", message, f"Write `{of}: {meant}`."))
    return written, problems


def as_sigma_spells(data: Mapping[str, Any], log_source: LogSource) -> Mapping[str, Any]:
    """The data with its log source in Sigma's own names: a converter would not know `Windows`, and drop the channel."""
    given = data.get("logsource")
    if not isinstance(given, Mapping):
        return data
    spelled = {key: value or None for key, value in log_source.model_dump().items() if value or isinstance(given.get(key), str)}
    return {**data, "logsource": {**given, **spelled}}
