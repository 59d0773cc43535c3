"""The configuration: every mistake is named with its line, and what is right is read."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from generator.config import STOCKED, Configuration, ConfigurationError, read_configuration, shipped_stock
from generator.convert import SHIPPED


def configured(base: Path, text: str) -> Configuration:
    """A configuration read from a file with this text."""
    path = base / "mkdocs.yml"
    path.write_text(dedent(text), "utf-8")
    return read_configuration(path)


def mistakes(base: Path, text: str) -> list[str]:
    """What is wrong with a configuration, each as `line:column CODE message (help)`."""
    with pytest.raises(ConfigurationError) as caught:
        configured(base, text)
    return [
        f"{d.position.line}:{d.position.column} {d.code} {d.message}" + (f" ({d.help})" if d.help else "")
        for d in caught.value.diagnostics
    ]


PLUGIN = "plugins:\n  - search\n  - fieldguide:\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rulez: [rules]", "4:7 FG901 there is no setting `rulez` (Did you mean `rules`?)"),
        ("colour: blue", "4:7 FG901 there is no setting `colour`"),
        ("rules: {a: b}", "4:"),
        ("rules: [1]", "4:"),
        ("templates: [a]", "4:7 FG902 `templates`: "),
        ("targets:\n        - kibana\n        - kibanna", "6:11 FG902 `targets.1`: `kibanna` is no shipped target"),
        ("targets:\n        - name: own\n          backend: eql\n          pipeline: sysmon", "7:11 FG901 there is no setting `pipeline`"),
        ("targets:\n        - name: kibana\n          options: {size: many}", "6:21 FG902 `targets.0.options.size`: "),
        ("targets:\n        - {name: own, backend: klingon}", "5:23 FG902 target own: no installed backend is called 'klingon'"),
        ("targets:\n        - {name: kibana, format: poem}", "5:26 FG902 target kibana: the backend 'lucene' has no format 'poem'"),
        ("targets:\n        - {name: kibana, pipelines: [sysmon, nowhere.yml]}", "5:26 FG902 target kibana: 'nowhere.yml' is neither"),
        ("targets:\n        - kibana\n        - kibana", "6:11 FG902 two targets are called kibana"),
        ("targets:\n        - watcher", "5:11 FG902 target watcher: there is no target kibana to build on"),
        ("targets: [kibana, {name: watcher, options: {interval: soon}}]", "4:50 FG902 target watcher: interval: 'soon' is not a duration"),
        ("targets:\n        - name: kibana\n          backend_options:\n            index_name: [x]",
         "7:13 FG902 target kibana: the backend 'lucene' has no option 'index_name'; did you mean index_names?"),
        ("targets:\n        - {name: defender, backend_options: {speed: 1}}",
         "5:46 FG902 target defender: the backend 'kusto' has no option 'speed'; it has: none"),
        ("attack: nowhere.json", "4:7 FG902 there is no ATT&CK catalogue nowhere.json"),
        ("rules: ruls", "4:14 FG008 `rules`: there is no folder ruls (Did you mean `rules`?)"),
        ("rules:\n        - rules\n        - rules/windws",
         "6:11 FG008 `rules`: there is no folder rules/windws (Did you mean `rules/windows`?)"),
        ("triggers: [elsewhere/x]", "4:18 FG008 `triggers`: there is no folder elsewhere/x"),
    ],
)
def test_every_mistake_has_its_line(tmp_path: Path, text: str, expected: str) -> None:
    (tmp_path / "rules" / "windows").mkdir(parents=True)
    (found,) = mistakes(tmp_path, f"{PLUGIN}      {text}\n")
    assert found.startswith(expected)
    assert "Traceback" not in found


def test_several_mistakes_are_told_at_once(tmp_path: Path) -> None:
    found = mistakes(tmp_path, f"{PLUGIN}      rulez: x\n      attack: [y]\n      trigers: z\n")
    assert [text.split()[0] for text in found] == ["5:7", "4:7", "6:7"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plugins: [search]\n", "1:"),
        ("site_name: x\n", "1:1 FG902 `plugins` has no entry `fieldguide` (Add `- fieldguide` below `plugins:`.)"),
        ("plugins:\n  - search\n", "1:1 FG902 `plugins` has no entry `fieldguide` (Add `- fieldguide` below `plugins:`.)"),
        ("plugins:\n  - search\n  - field-guide\n", "3:5 FG902 there is no plug-in `field-guide` (Did you mean `fieldguide`?)"),
        ("plugins:\n  - Fieldguide: {rules: x}\n", "2:5 FG902 there is no plug-in `Fieldguide` (Did you mean `fieldguide`?)"),
        ("plugins:\n  search:\n  fieldguid:\n", "3:3 FG902 there is no plug-in `fieldguid` (Did you mean `fieldguide`?)"),
        ("plugins:\n  - fieldguide: rules\n", "2:5 FG902 `fieldguide` wants a mapping of settings"),
        ("- a list\n", "1:1 FG902 the configuration must be a mapping (Write `plugins: [search, fieldguide]` into it"),
        ("", "1:1 FG902 the configuration must be a mapping (Write `plugins: [search, fieldguide]` into it"),
        ("plugins: [\n", "2:1 FG902 not valid YAML: expected the node content, but found '<stream end>' (Mend the YAML at this place"),
    ],
)
def test_a_file_that_is_no_configuration(tmp_path: Path, text: str, expected: str) -> None:
    (found,) = mistakes(tmp_path, text)
    assert found.startswith(expected)


BESIDE = "does not stand below `fieldguide:` and would be ignored (Indent it by two more spaces than `fieldguide:`, and likewise"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plugins:\n  - search\n  - fieldguide:\n    rules: [x]\n", f"4:5 FG901 `rules` {BESIDE}"),
        ("plugins:\n  - fieldguide:\n    rulez: [x]\n", f"3:5 FG901 `rulez` {BESIDE}"),
        ("plugins:\n  - fieldguide:\n  - targets: [kibana]\n", f"3:5 FG901 `targets` {BESIDE}"),
        ("plugins:\n  fieldguide:\n  search:\n  rules: [x]\n", f"4:3 FG901 `rules` {BESIDE}"),
        ("plugins: [search]\nfieldguide:\n  rules: [x]\n", "2:1 FG901 `fieldguide` does not belong to MkDocs but to the plug-in"),
        ("plugins:\n  - fieldguide:\nrules: [x]\n", "3:1 FG901 `rules` does not belong to MkDocs but to the plug-in `fieldguide`"),
    ],
)
def test_settings_that_are_not_indented_enough_are_not_ignored(tmp_path: Path, text: str, expected: str) -> None:
    (found,) = mistakes(tmp_path, text)
    assert found.startswith(expected)


def test_an_option_of_a_backend_may_be_a_variable_of_a_pipeline(tmp_path: Path) -> None:
    (tmp_path / "own.yml").write_text("name: Ours\npostprocessing:\n  - {type: template, template: '{{ pipeline.vars.backend_team }}'}\n")
    targets = "targets: [{name: kibana, pipelines: own.yml, backend_options: {team: blue, index_names: [a]}}]"
    (target,) = configured(tmp_path, f"{PLUGIN}      {targets}\n").targets
    assert target.backend_options == {"team": "blue", "index_names": ["a"]}


def test_no_file_at_all(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="FG903 the configuration cannot be read"):
        read_configuration(tmp_path / "mkdocs.yml")


@pytest.mark.parametrize("text", ["plugins: [fieldguide]\n", "plugins:\n  fieldguide:\n", "plugins:\n  - fieldguide: {}\n"])
def test_without_settings_all_defaults_hold(tmp_path: Path, text: str) -> None:
    (tmp_path / "rules").mkdir()
    found = configured(tmp_path, text)
    assert [target.name for target in found.targets] == list(SHIPPED)
    assert found.folders.rules == (tmp_path / "rules",)
    assert found.folders.triggers == (), "a default folder that is not there is not missed"
    assert (found.docs_dir, found.site_dir) == (tmp_path / "site" / "docs", tmp_path / "site" / "html")
    assert (found.templates, found.attack, found.site_name) == (None, None, "Fieldguide")


@pytest.mark.parametrize(
    ("own", "setting", "used"),
    [(False, "", True), (True, "", False), (True, "stock: true", True), (False, "stock: false", False)],
)
def test_the_shipped_stock_stands_in_where_there_are_no_entries(tmp_path: Path, own: bool, setting: str, used: bool) -> None:
    if own:
        (tmp_path / "data_needed").mkdir()
    folders = configured(tmp_path, f"plugins:\n  - fieldguide:\n      {setting or 'templates: t'}\n").folders
    for kind in STOCKED:
        shipped = [folder for folder in getattr(folders, kind) if folder == shipped_stock() / kind]
        assert bool(shipped) is used
        assert all(any(folder.rglob("*.yml")) for folder in shipped)
    assert (tmp_path / "data_needed" in folders.data_needed) is own


def test_folders_are_lists_below_the_file(tmp_path: Path) -> None:
    for name in ("a", "b/c", "d"):
        (tmp_path / name).mkdir(parents=True)
    found = configured(tmp_path, f"{PLUGIN}      rules: [a, b/c]\n      triggers: d\n")
    assert found.folders.rules == (tmp_path / "a", tmp_path / "b" / "c")
    assert found.folders.triggers == (tmp_path / "d",)


def test_a_pipeline_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "pipelines").mkdir()
    (tmp_path / "pipelines" / "own.yml").write_text(
        "name: Our fields\npriority: 90\ntransformations:\n  - id: fields\n    type: field_name_mapping\n    mapping: {Image: process}\n"
    )
    found = configured(tmp_path, f"{PLUGIN}      targets:\n        - {{name: kibana, pipelines: [sysmon, pipelines/own.yml]}}\n")
    assert found.targets[0].pipelines == ("sysmon", "pipelines/own.yml")
    (tmp_path / "pipelines" / "own.yml").write_text("name: Our fields\ntransformations:\n  - type: magic\n")
    (mistake,) = mistakes(tmp_path, f"{PLUGIN}      targets:\n        - {{name: kibana, pipelines: pipelines/own.yml}}\n")
    assert mistake.startswith("5:26 FG902 target kibana: pipelines/own.yml: ")


def test_a_shipped_target_with_changes_keeps_the_rest(tmp_path: Path) -> None:
    text = f"{PLUGIN}      targets:\n        - kibana\n        - name: watcher\n          title: Own\n          options: {{interval: 1h}}\n"
    watcher = configured(tmp_path, text).targets[1]
    assert (watcher.over, watcher.title, watcher.language) == ("kibana", "Own", "json")
    assert (watcher.options.interval, watcher.options.index) == ("1h", ("logs-*", "*beat-*"))


def test_a_shipped_name_with_a_backend_is_a_target_of_ones_own(tmp_path: Path) -> None:
    (own,) = configured(tmp_path, f"{PLUGIN}      targets: [{{name: splunk, backend: splunk}}]\n").targets
    assert (own.pipelines, own.title) == ((), "")


def test_tags_of_mkdocs_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "r").mkdir()
    found = configured(
        tmp_path,
        """\
        site_name: Ours
        docs_dir: pages
        site_url: !ENV [URL, "https://example.com/"]
        markdown_extensions:
          - pymdownx.superfences:
              custom_fences: [{name: x, class: x, format: !!python/name:some.module.function }]
          - pymdownx.emoji: {emoji_index: !!python/name:nowhere.at.all ''}
        hooks: !relative x
        plugins:
          - search: {lang: !ENV LANG}
          - fieldguide: {rules: r}
        """,
    )
    assert (found.site_name, found.docs_dir, found.folders.rules) == ("Ours", tmp_path / "pages", (tmp_path / "r",))
