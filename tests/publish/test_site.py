"""The configuration for stock MkDocs, the build with it, and the folders that a build may empty."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort

from generator.cache import Cache
from generator.publish import Means, SiteError, UnsafeFolder, build_html, refuse_unsafe, site_address, site_configuration
from generator.publish.folders import MARK
from generator.workers import Workers
from tests.render.reading import parse, text

REPOSITORY = Path(__file__).resolve().parents[2]
THEME = REPOSITORY / "templates" / "theme"
KINDS = ("rules", "tactics", "techniques", "data_needed", "logging_policies", "enrichments", "triggers")
CODE = "a\tb  \n\n   \n\t| `c` <d> &amp; \xa0"
STOPS_HALF_WAY = """
from pathlib import Path

def on_page_markdown(*_, **__):
    if Path(__file__).with_name("stop").exists():
        raise RuntimeError("half way")
"""
CARD = f'# Card\n\n=== "One"\n\n    ```yaml\n    {CODE.replace(chr(10), chr(10) + "    ")}\n    ```\n\n| a |\n| --: |\n| b |\n'


def knowledge_base(folder: Path, mkdocs_yml: str, **pages: str) -> Path:
    """A folder with a configuration and pages below site/docs; gives the path of the configuration for stock MkDocs."""
    (folder / "mkdocs.yml").write_text(mkdocs_yml, "utf-8")
    for name, markdown in {"index": "# Home\n", **pages}.items():
        page = folder / "site" / "docs" / f"{name}.md"
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(markdown, "utf-8")
    return folder / "site" / "mkdocs.yml"


def configure(folder: Path, out: Path) -> Path:
    """Writes the configuration for stock MkDocs."""
    docs = folder / "site" / "docs"
    out.write_text(site_configuration(folder / "mkdocs.yml", docs, folder / "site" / "html", THEME, out), "utf-8")
    return out


def configured(folder: Path, mkdocs_yml: str) -> MkDocsConfig:
    """What MkDocs reads in the configuration made from this one."""
    return load_config(str(configure(folder, knowledge_base(folder, mkdocs_yml))))


def built(configuration: Path) -> list[str]:
    """Builds and publishes a site; its warnings."""
    site = build_html(configuration, Means(Cache(None), Workers()))
    site.publish()
    return list(site.warnings)


def article(page: Path) -> str:
    """The article of a built page, as it stands in the file."""
    html = page.read_text("utf-8")
    return html[html.index("<article") : html.index("</article>")]


@pytest.fixture(scope="module")
def repository_site(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """The repository's own configuration over tiny pages: the folder `site`, and the build's warnings."""
    folder = tmp_path_factory.mktemp("base")
    pages = {f"{kind}/index": f"# {kind}\n\n[card](card.md)\n" for kind in KINDS} | {f"{kind}/card": CARD for kind in KINDS}
    pages |= {name: f"# {name}\n" for name in ("health", "sources", "browse", "matrix")}
    out = knowledge_base(folder, (REPOSITORY / "mkdocs.yml").read_text("utf-8"), **pages)
    return folder / "site", built(configure(folder, out))


def documents(site: Path) -> dict[str, Element]:
    return {path.name: parse(path.read_text("utf-8")) for path in (site / "html").rglob("*.html")}


def test_the_repositorys_configuration_builds_without_a_warning(repository_site: tuple[Path, list[str]]) -> None:
    site, warnings = repository_site
    assert warnings == []
    assert {path.parent.name for path in (site / "html").rglob("card.html")} == set(KINDS)


def test_code_stands_in_the_built_page_to_the_byte(repository_site: tuple[Path, list[str]]) -> None:
    body = parse((repository_site[0] / "html" / "rules" / "card.html").read_text("utf-8"))
    assert [text(code) for code in body.iter("code")] == [CODE + "\n"]


def test_no_page_asks_another_host_or_has_a_style_in_its_article(repository_site: tuple[Path, list[str]]) -> None:
    for name, document in documents(repository_site[0]).items():
        asked = [element.get("src") for element in document.iter() if element.get("src")]
        asked += [link.get("href") for link in document.iter("link") if link.get("rel") != "canonical"]
        assert len(asked) > 3, name
        assert not [address for address in asked if address and ("//" in address or address.startswith("data:"))], name
        assert not [element.tag for part in document.iter("article") for element in part.iter() if element.get("style")], name


def test_our_style_sheet_is_linked_and_there(repository_site: tuple[Path, list[str]]) -> None:
    page = repository_site[0] / "html" / "rules" / "card.html"
    sheets = [link.get("href") or "" for link in parse(page.read_text("utf-8")).iter("link")]
    ours = [page.parent / href for href in sheets if href.endswith("assets/fieldguide.css")]
    assert [sheet.read_bytes() for sheet in ours] == [(THEME / "assets" / "fieldguide.css").read_bytes()]


def test_stock_mkdocs_makes_the_same_articles(repository_site: tuple[Path, list[str]], tmp_path: Path) -> None:
    site, _ = repository_site
    command = [sys.executable, "-m", "mkdocs", "build", "-q", "--strict", "-f", str(site / "mkdocs.yml"), "-d", str(tmp_path / "stock")]
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    pages = sorted(path.relative_to(site / "html") for path in (site / "html").rglob("*.html") if path.name != "404.html")
    assert len(pages) == 5 + 2 * len(KINDS)
    assert [article(tmp_path / "stock" / page) for page in pages] == [article(site / "html" / page) for page in pages]


def test_warnings_are_given_back_and_stop_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    mkdocs_yml = "site_name: x\nstrict: true\nnav: [index.md]\ntheme: material\nplugins: [fieldguide]\n"
    out = configure(tmp_path, knowledge_base(tmp_path, mkdocs_yml, index="# Home\n\n[lost](nowhere.md)\n"))
    handlers = list(logging.getLogger("mkdocs").handlers)
    warnings = built(out)
    assert len(warnings) == 1
    assert "nowhere.md" in warnings[0]
    assert logging.getLogger("mkdocs").handlers == handlers
    assert "Building documentation" not in "".join(capfd.readouterr())
    assert (tmp_path / "site" / "html" / "index.html").is_file()


def test_a_build_that_fails_leaves_no_trace_and_the_next_one_may_go_on(tmp_path: Path) -> None:
    (tmp_path / "hook.py").write_text(STOPS_HALF_WAY)
    (tmp_path / "stop").touch()
    out = configure(tmp_path, knowledge_base(tmp_path, "site_name: x\nhooks: [hook.py]\ntheme: material\nplugins: [fieldguide]\n"))
    docs, html = tmp_path / "site" / "docs", tmp_path / "site" / "html"
    with pytest.raises(RuntimeError, match="half way"):
        built(out)
    refuse_unsafe(docs, html)
    assert not html.exists()
    (tmp_path / "stop").unlink()
    built(out)
    (html / "stale.html").write_text("from nobody's build")
    built(out)
    refuse_unsafe(docs, html)
    assert not (html / "stale.html").exists()
    assert [path.name for path in html.parent.iterdir() if path.name.startswith(".")] == []


def test_what_mkdocs_refuses_is_a_site_error(tmp_path: Path) -> None:
    out = configure(tmp_path, knowledge_base(tmp_path, "site_name: x\ntheme: no-such-theme\nplugins: [fieldguide]\n"))
    with pytest.raises(SiteError, match="no-such-theme"):
        built(out)


@pytest.mark.parametrize(
    ("plugins", "left"),
    [
        ("plugins: [fieldguide]", []),
        ("plugins: [search, fieldguide]", ["search"]),
        ("plugins:\n  - fieldguide:\n      rules: [r]\n  - search", ["search"]),
        ("plugins:\n  fieldguide: {rules: [r]}\n  search: {}", ["search"]),
        ("plugins:\n  fieldguide:", []),
        ("", ["search"]),
    ],
)
def test_only_our_plug_in_goes(tmp_path: Path, plugins: str, left: list[str]) -> None:
    """An empty list stays one: whoever lists only our plug-in has turned MkDocs' search off, here as there."""
    names = configured(tmp_path, f"site_name: x\ntheme: mkdocs\n{plugins}\n").plugins
    assert list(names) == left


def test_tags_of_mkdocs_live_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIELDGUIDE_TEST_NAME", "from the environment")
    mkdocs_yml = """
site_name: !ENV [FIELDGUIDE_TEST_NAME, none]
plugins: [fieldguide]
markdown_extensions:
  - toc: {slugify: !!python/name:markdown.extensions.toc.slugify_unicode , permalink: true}
  - pymdownx.snippets: {base_path: !relative $config_dir/parts}
"""
    config = configured(tmp_path, mkdocs_yml)
    assert config.site_name == "from the environment"
    assert config.mdx_configs["toc"]["slugify"].__name__ == "slugify_unicode"
    base = os.path.normpath(os.fspath(config.mdx_configs["pymdownx.snippets"]["base_path"]))
    assert Path(base).resolve() == (tmp_path / "parts").resolve()


def test_paths_lead_where_they_led(tmp_path: Path) -> None:
    for name in ("watched", "look"):
        (tmp_path / name).mkdir()
    (tmp_path / "hook.py").write_text("")
    (tmp_path / "base.yml").write_text("theme: {name: mkdocs, custom_dir: look, locale: en}\nhooks: [hook.py]\nsite_author: base\n")
    mkdocs_yml = "INHERIT: base.yml\nsite_name: x\nwatch: [watched]\nplugins: [fieldguide]\ntheme: {locale: de}\n"
    config = configured(tmp_path, mkdocs_yml)
    assert (config.site_author, config.theme.name, str(config.theme.locale)) == ("base", "mkdocs", "de")
    assert Path(config.theme.custom_dir or "").resolve() == (tmp_path / "look").resolve()
    assert [Path(hook.__file__ or "").resolve() for hook in config["hooks"].values()] == [(tmp_path / "hook.py").resolve()]
    assert [Path(path).resolve() for path in config.watch] == [(tmp_path / "watched").resolve()]
    assert Path(config.docs_dir).resolve() == (tmp_path / "site" / "docs").resolve()
    assert Path(config.site_dir).resolve() == (tmp_path / "site" / "html").resolve()


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("", ""),
        ("site_url:\n", ""),
        ("site_url: ''\n", ""),
        ("site_url: https://a.example/b\n", "https://a.example/b/"),
        ("site_url: !ENV [FIELDGUIDE_TEST_URL, 'https://b.example/']\n", "https://c.example/"),
        ("site_url: !ENV FIELDGUIDE_TEST_NOTHING\n", ""),
        ("INHERIT: base.yml\n", "https://base.example/"),
    ],
)
def test_the_address_is_the_one_that_mkdocs_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, setting: str, expected: str) -> None:
    monkeypatch.setenv("FIELDGUIDE_TEST_URL", "https://c.example")
    (tmp_path / "base.yml").write_text("site_url: https://base.example/\n")
    config = configured(tmp_path, f"{setting}site_name: x\nplugins: [fieldguide]\n")
    assert site_address(tmp_path / "mkdocs.yml") == expected == (config.site_url or "")


def test_an_address_that_is_none_is_a_site_error(tmp_path: Path) -> None:
    (tmp_path / "mkdocs.yml").write_text("site_name: x\nsite_url: a.example\n")
    with pytest.raises(SiteError, match="site_url"):
        site_address(tmp_path / "mkdocs.yml")


@pytest.mark.parametrize("theme", ["", "theme: material", "theme: {name: material}"])
def test_the_shipped_theme_is_used_where_none_is_named(tmp_path: Path, theme: str) -> None:
    config = configured(tmp_path, f"site_name: x\nplugins: [fieldguide]\n{theme}\n")
    assert config.theme.name == "material"
    assert Path(config.theme.custom_dir or "").resolve() == THEME


def test_the_configuration_may_move_with_its_folder(tmp_path: Path) -> None:
    out = configure(tmp_path, knowledge_base(tmp_path, "site_name: x\nplugins: [fieldguide]\n"))
    lines = out.read_text("utf-8").splitlines()
    assert lines[0].startswith("# ")
    assert "Do not edit" in lines[0]
    assert {"docs_dir: docs", "site_dir: html"} <= set(lines)
    assert str(tmp_path) not in out.read_text("utf-8")


@pytest.mark.parametrize("mkdocs_yml", ["INHERIT: nowhere.yml\nsite_name: x\n", "- a\n", "", "a: [\n"])
def test_settings_that_cannot_be_read_are_a_site_error(tmp_path: Path, mkdocs_yml: str) -> None:
    with pytest.raises(SiteError, match=r"\.yml"):
        configure(tmp_path, knowledge_base(tmp_path, mkdocs_yml))


@pytest.mark.parametrize(("docs", "site"), [("a", "a"), ("a", "a/b"), ("a/b", "a"), ("a", "x/../a"), ("a", "link")])
def test_folders_that_hold_each_other_are_refused(tmp_path: Path, docs: str, site: str) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "a")
    with pytest.raises(UnsafeFolder, match="must not contain each other"):
        refuse_unsafe(tmp_path / docs, tmp_path / site)


@pytest.mark.parametrize("made", ["rules", "rules/docs", ".", "link"])
@pytest.mark.parametrize("option", ["--docs-dir", "--site-dir"])
def test_a_folder_that_a_build_reads_is_refused(tmp_path: Path, made: str, option: str) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "rules")
    docs, site = (made, "../elsewhere") if option == "--docs-dir" else ("../elsewhere", made)
    with pytest.raises(UnsafeFolder, match=option):
        refuse_unsafe(tmp_path / docs, tmp_path / site, [tmp_path / "rules"])


def test_a_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    docs, site = tmp_path / "docs", tmp_path / "site"
    refuse_unsafe(docs, site)  # not there yet
    site.mkdir()
    refuse_unsafe(docs, site)  # empty
    (site / "thesis.txt").write_text("years of work")
    with pytest.raises(UnsafeFolder, match="is not empty"):
        refuse_unsafe(docs, site)
    (site / MARK).touch()
    refuse_unsafe(docs, site)
    file = tmp_path / "file"
    file.write_text("x")
    with pytest.raises(UnsafeFolder, match="is a file"):
        refuse_unsafe(docs, file)


def test_the_plug_in_takes_any_setting_and_asks_for_pages(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    settings = "site_name: x\nplugins:\n  - fieldguide: {rules: [r], anything: {goes: 1}}\ndocs_dir: site/docs\nsite_dir: site/html\n"
    knowledge_base(tmp_path, settings + "theme: mkdocs\n")
    mkdocs_build(load_config(str(tmp_path / "mkdocs.yml")))
    assert (tmp_path / "site" / "html" / "index.html").is_file()
    (tmp_path / "site" / "docs" / "index.md").unlink()
    with pytest.raises(Abort):
        mkdocs_build(load_config(str(tmp_path / "mkdocs.yml")))
    assert "run `fieldguide build --no-site` first" in caplog.text


@pytest.mark.parametrize("theme", ["", "theme: material", "theme: {name: material, language: de}"])
def test_a_short_configuration_asks_no_host_for_fonts(tmp_path: Path, theme: str) -> None:
    config = configured(tmp_path, f"site_name: x\nuse_directory_urls: true\nplugins: [fieldguide]\n{theme}\n")
    assert config.theme.name == "material"
    assert config.theme["font"] is False
    assert config.use_directory_urls is False


def test_a_font_that_the_user_wants_stays(tmp_path: Path) -> None:
    theme = "theme: {name: material, font: {text: Inter}}"
    assert configured(tmp_path, f"site_name: x\nplugins: [fieldguide]\n{theme}\n").theme["font"] == {"text": "Inter"}
