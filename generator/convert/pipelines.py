"""Pipelines: what turns a rule's log source and field names into those of a product, before a backend converts it."""

from __future__ import annotations

from pathlib import Path

from sigma.exceptions import SigmaError
from sigma.plugins import InstalledSigmaPlugins
from sigma.processing.pipeline import ProcessingItem, ProcessingPipeline
from sigma.processing.transformations import AddConditionTransformation, FieldFunctionTransformation, SetStateTransformation

from generator.convert.quick import name_conditions
from generator.convert.targets import WHOLE_VALUE_BACKENDS, SettingError, Target
from generator.convert.whole_values import WholeValueTransformation


def make_pipeline(target: Target, plugins: InstalledSigmaPlugins, base: Path) -> ProcessingPipeline:
    """A target's pipelines as one, in pySigma's order of priorities, each log source condition once.

    `base` is the folder that paths are relative to. Raises `SettingError` for a pipeline that is not there or invalid.
    """
    parts = []
    beats = ("ecs_windows",) if target.options.field_names == "beats" and "ecs_windows" not in target.pipelines else ()
    for name in (*target.pipelines, *beats):  # Graylog's Beats fields are those of ECS, with underscores
        try:
            known = plugins.pipelines.get(name)
            pipeline = known() if known else ProcessingPipeline.from_yaml((base / name).read_text("utf-8"), source_path=str(base / name))
        except OSError as error:
            names = ", ".join(sorted(plugins.pipelines))
            raise SettingError("pipelines", f"{name!r} is neither an installed pipeline ({names}) nor a file that can be read") from error
        except (SigmaError, AttributeError, TypeError, ValueError, KeyError) as error:
            raise SettingError("pipelines", f"{name}: {error}") from error
        parts.append((pipeline.priority, name, pipeline))
    merged = sum((pipeline for _, _, pipeline in sorted(parts, key=lambda part: part[:2])), ProcessingPipeline())
    merged.items = [*_own_items(target), *_without_repetitions(merged.items), *_last_items(target)]
    name_conditions(merged.items)
    return merged


def _without_repetitions(items: list[ProcessingItem]) -> list[ProcessingItem]:
    """Two pipelines may add the same log source condition under one identifier; the later, in the target's names, stays."""
    conditions = {item.identifier: item for item in items if item.identifier and _adds_condition(item)}
    return [item for item in items if not _adds_condition(item) or conditions.get(item.identifier or "", item) is item]


def _adds_condition(item: ProcessingItem) -> bool:
    return isinstance(item.transformation, AddConditionTransformation)


def _own_items(target: Target) -> list[ProcessingItem]:
    items = []
    if target.options.index:
        index = SetStateTransformation("index", ",".join(target.options.index))
        items.append(ProcessingItem(identifier="fieldguide_index", transformation=index))
    if target.backend in WHOLE_VALUE_BACKENDS:
        items.append(ProcessingItem(identifier="fieldguide_regex", transformation=WholeValueTransformation()))
    return items


def _last_items(target: Target) -> list[ProcessingItem]:
    if target.options.field_names != "beats":
        return []
    underscores = FieldFunctionTransformation(transform_func=_graylog_field, mapping={})
    return [ProcessingItem(identifier="fieldguide_beats", transformation=underscores)]


def _graylog_field(name: str | None) -> str:
    """Graylog's Beats input flattens field names with underscores; `.caseless` is a multi-field of Elasticsearch alone."""
    return (name or "").removesuffix(".caseless").replace(".", "_")
