"""Every link leads somewhere: to a file of the site, to an id in it, or openly to another host."""

from __future__ import annotations

import json
import shutil
from pathlib import Path, PurePosixPath
from posixpath import normpath
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element

import pytest

from tests.render.reading import parse, text
from tests.site.building import REPOSITORY, Site, article, build

RULES = ("rules", "rules-emerging-threats", "rules-threat-hunting")
# The page for what is not found is served from any depth, so its addresses begin at the server's root.
NOT_FOUND = "404.html"


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory, shared: Path) -> Site:
    """The site of every 20th file of SigmaHQ's rules."""
    folder = tmp_path_factory.mktemp("sample")
    corpus = shared / "corpora" / "sigmahq"
    files = sorted(path for name in RULES for path in (corpus / name).rglob("*.yml"))[::20]
    assert len(files) > 140
    for path in files:
        target = folder / "rules" / path.relative_to(corpus)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    return build(REPOSITORY / "mkdocs.yml", folder, "--rules", folder / "rules")


def addresses(document: Element) -> list[str]:
    """Every address that a document names, but for the scripts' own data."""
    return [value for element in document.iter() for name in ("href", "src") if (value := element.get(name)) is not None]


def problems(site: Site) -> list[str]:
    """What is wrong with the site's links and ids, in words."""
    documents = site.pages
    files = {path.relative_to(site.html).as_posix() for path in site.html.rglob("*") if path.is_file()}
    ids = {path: [value for element in document.iter() if (value := element.get("id"))] for path, document in documents.items()}
    found = [f"{path}: the id {one} stands twice" for path, names in ids.items() for one in set(names) if names.count(one) > 1]
    for path, document in documents.items():
        if path != NOT_FOUND:
            found += [f"{path}: {address}: {why}" for address in addresses(document) if (why := _problem(path, address, files, ids))]
    return found


def _problem(path: str, address: str, files: set[str], ids: dict[str, list[str]]) -> str:
    parts = urlsplit(address)
    if parts.scheme in ("http", "https"):
        return "" if parts.hostname else "names no host"
    if parts.scheme or parts.netloc:
        return "is of another kind"
    if parts.path.startswith("/"):
        return "begins at the server's root"
    target = normpath((PurePosixPath(path).parent / unquote(parts.path)).as_posix()) if parts.path else path
    if target.startswith(".."):
        return "leaves the site"
    if target not in files:
        return "there is no such file"
    if target == "browse.html" and "=" in parts.fragment:
        return ""  # the state of Browse, which its script reads
    if parts.fragment and target in ids and unquote(parts.fragment) not in ids[target]:
        return "there is no such id"
    return ""


def differing_queries(site: Site) -> list[str]:
    """The queries and sources of the JSON that stand in no code element of their card, as title and target."""
    found = []
    for rule in json.loads((site.html / "api/rules.json").read_text("utf-8")):
        blocks = [text(code).removesuffix("\n") for code in article(site.pages[rule["path"]]).iter("code")]
        for query in rule["queries"]:
            for words in (query["text"], query["without_filters"]):
                if words is not None and words.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n") not in blocks:
                    found.append(f"{rule['title']}: {query['target']}")
    return found


def missing_sources(site: Site, folder: Path) -> list[str]:
    """The rule files below a folder whose whole text stands in no code element, line ends aside; for files of one document."""
    blocks = {text(code) for path, page in site.pages.items() if path.startswith("rules/") for code in article(page).iter("code")}
    # reading as text makes every line end a line feed, as MkDocs does with a page
    texts = {path.name: path.read_text("utf-8-sig") for path in sorted(folder.rglob("*.yml"))}
    single = {name: words for name, words in texts.items() if "\n---" not in words}
    assert len(single) > 30
    return [name for name, words in single.items() if words.removesuffix("\n") + "\n" not in blocks]


def test_links_of_the_own_site(own: Site) -> None:
    assert problems(own) == []
    assert own.report["site_warnings"] == []


def test_queries_of_the_own_site_stand_in_their_cards(own: Site) -> None:
    assert differing_queries(own) == []
    assert missing_sources(own, REPOSITORY / "rules") == []


def test_every_page_can_be_reached_from_the_home_page(own: Site) -> None:
    documents = own.pages
    reached, waiting = {"index.html"}, ["index.html"]
    while waiting:
        path = waiting.pop()
        for address in addresses(documents[path]):
            parts = urlsplit(address)
            target = normpath((PurePosixPath(path).parent / unquote(parts.path)).as_posix())
            if not parts.scheme and target in documents and target not in reached:
                reached.add(target)
                waiting.append(target)
    assert sorted(documents.keys() - reached - {NOT_FOUND}) == []


def test_a_permalink_leads_to_the_card_of_its_rule(own: Site) -> None:
    for rule in json.loads((own.html / "api/rules.json").read_text("utf-8")):
        page = own.html / "r" / rule["key"] / "index.html"
        (link,) = parse(page.read_text("utf-8")).iter("a")
        assert (page.parent / unquote(link.get("href") or "")).resolve() == (own.html / rule["path"]).resolve()


def test_the_check_sees_what_is_wrong(tmp_path: Path) -> None:
    """A check that finds nothing proves nothing before it has found something."""
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b.html").write_text("<h1 id=here>x</h1>")
    (tmp_path / "index.html").write_text(
        "<a href='a/b.html#here'>good</a><a href='https://a.example/'>good</a><a href='#one'>good</a><p id=one></p>"
        "<a href='a/b.html#there'></a><a href='c.html'></a><img src='../x.png'><a href='/a/b.html'></a><p id=two></p><p id=two></p>"
        "<a href='ftp://a.example/'></a><a href='a/'></a>"
    )
    found = problems(Site(tmp_path, tmp_path, 0, "", {}))
    assert [problem.removeprefix("index.html: ") for problem in found] == [
        "the id two stands twice",
        "a/b.html#there: there is no such id",
        "c.html: there is no such file",
        "../x.png: leaves the site",
        "/a/b.html: begins at the server's root",
        "ftp://a.example/: is of another kind",
        "a/: there is no such file",
    ]


@pytest.mark.corpus
def test_links_of_a_sample_of_sigmahq(sample: Site) -> None:
    assert problems(sample) == []
    assert sample.report["site_warnings"] == []


@pytest.mark.corpus
def test_queries_of_a_sample_of_sigmahq_stand_in_their_cards(sample: Site) -> None:
    assert sample.report["rules"] > 140
    assert differing_queries(sample) == []
    assert missing_sources(sample, sample.docs.parents[1] / "rules") == []
