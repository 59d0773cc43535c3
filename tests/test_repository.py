"""The repository as a whole: what must be there, what must not, and what a wheel made from it carries."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from jsonschema.validators import validator_for

from generator.config import STOCKED
from generator.diagnostics import CODES
from tests.site.screenshots import SCHEMES, SHOTS

REPOSITORY = Path(__file__).resolve().parents[1]

FILES = (
    ".ci/run",
    ".gitignore",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "constraints.txt",
    "docs/architecture.md",
    "docs/decisions.md",
    "mkdocs.yml",
    "pyproject.toml",
    "site/README.md",
)
FOLDERS = (
    "data_needed",
    "enrichments",
    "generator",
    "logging_policies",
    "rules",
    "schemas",
    "templates/cards",
    "templates/pages",
    "templates/theme",
    "tests",
    "triggers",
)

# What tells where somebody worked, or from where a machine fetched its packages. Each pattern has a class of one letter in
# it, so that it does not match itself.
HOME = re.compile(r"(?<![\w.*~-])/(?:ho[m]e|ro[o]t|Us[e]rs)/\w")
REGISTRY = re.compile(
    r"pyp[i]\.org|pythonho[s]ted|npmj[s]\.(?:org|com)|artifacto[r]y|nexus[-.]rep[o]|deb[i]an\.org"
    r"|index-u[r]l|find-li[n]ks|trusted-ho[s]t|/sim[p]le/",
    re.IGNORECASE,
)
# Log events, rules and ATT&CK's log sources speak of such folders because attackers and programs use them.
CONTENT = ("data_needed/", "enrichments/", "generator/attack/catalogue.json", "logging_policies/", "rules/", "tests/", "triggers/")


def tracked() -> list[str]:
    """What git tracks or would track; outside a git work tree (an unpacked archive), every file of the project's folders."""
    git = shutil.which("git")
    if git and (REPOSITORY / ".git").exists():
        listed = subprocess.run(
            [git, "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=REPOSITORY, capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
        return sorted(name for name in listed.split("\0") if name and (REPOSITORY / name).is_file())
    tops = {Path(name).parts[0] for name in (*FILES, *FOLDERS)}
    found = (path for top in tops for path in (REPOSITORY / top, *(REPOSITORY / top).rglob("*")) if path.is_file())
    made = ("site/docs/", "site/html/", "site/mkdocs.yml")
    names = (path.relative_to(REPOSITORY).as_posix() for path in found)
    return sorted(name for name in names if "cache" not in name and not name.startswith(made))


def lines_with(pattern: re.Pattern[str], names: list[str]) -> list[str]:
    """Every line of these files that the pattern matches, as path:line: text; bytes that are no text match nothing."""
    return [
        f"{name}:{number}: {line.strip()[:120]}"
        for name in names
        for number, line in enumerate((REPOSITORY / name).read_text(encoding="utf-8", errors="replace").splitlines(), start=1)
        if pattern.search(line)
    ]


def test_what_must_be_there_is_there() -> None:
    assert [name for name in FILES if not (REPOSITORY / name).is_file()] == []
    assert [name for name in FOLDERS if not (REPOSITORY / name).is_dir()] == []


def test_constraints_are_exact_versions_and_nothing_else() -> None:
    lines = (REPOSITORY / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not re.fullmatch(r"#(?!.*://).*|[A-Za-z0-9._-]+==[0-9][A-Za-z0-9.+!]*", line)] == []


def test_every_direct_dependency_is_pinned() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    pins = (REPOSITORY / "constraints.txt").read_text(encoding="utf-8")
    pinned = {_plain(line.split("==")[0]) for line in pins.splitlines() if "==" in line}
    assert sorted({_plain(re.split(r"[<>=!~\[ ;]", line)[0]) for line in wanted} - pinned) == []


def _plain(name: str) -> str:
    """A distribution's name as packaging compares names: lower case, with hyphens."""
    return re.sub(r"[-_.]+", "-", name).lower()


def test_no_file_names_somebodys_home_folder() -> None:
    assert lines_with(HOME, [name for name in tracked() if not name.startswith(CONTENT)]) == []


def test_no_file_names_the_folder_this_copy_lies_in() -> None:
    parent = REPOSITORY.parent
    if len(parent.name) < 2:  # a copy right below the root of the disk: nothing to look for
        parent = REPOSITORY
    assert lines_with(re.compile(rf"(?<![\w.-]){re.escape(str(parent))}/"), tracked()) == []


def test_no_file_names_a_package_registry() -> None:
    assert lines_with(REGISTRY, tracked()) == []


@pytest.mark.parametrize("text", ["see /home/lena/notes", "path = '/root/x'", "file:///Users/lena/x"])
def test_a_home_folder_is_recognised(text: str) -> None:
    assert HOME.search(text)


def test_pyproject_lists_every_package() -> None:
    """A package that is missing from the list would be missing from the wheel."""
    settings = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    mapped = {"generator._schemas", "generator._templates", *(f"generator._stock.{kind}" for kind in STOCKED)}
    on_disk = {".".join(path.parent.relative_to(REPOSITORY).parts) for path in (REPOSITORY / "generator").rglob("__init__.py")}
    assert set(settings["packages"]) - mapped == on_disk


def test_a_wheel_carries_the_catalogue_the_templates_the_schemas_and_the_stock(tmp_path: Path) -> None:
    """Built from a copy, because setuptools leaves folders where it builds."""
    names = tracked()
    for name in names:
        (tmp_path / "source" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(REPOSITORY / name, tmp_path / "source" / name)
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path / "dist"), str(tmp_path / "source")]
    build = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert build.returncode == 0, build.stdout
    (wheel,) = (tmp_path / "dist").glob("fieldguide-*.whl")
    packed = set(zipfile.ZipFile(wheel).namelist())
    expected = {name for name in names if name.startswith("generator/") and name.endswith((".py", "catalogue.json"))}
    for folder in ("templates", "schemas"):
        expected |= {f"generator/_{name}" for name in names if name.startswith(f"{folder}/") and not name.endswith("/.gitkeep")}
    for folder in STOCKED:
        expected |= {f"generator/_stock/{name}" for name in names if name.startswith(f"{folder}/")}
    assert sorted(expected - packed) == []


def test_the_formats_list_every_code() -> None:
    text = (REPOSITORY / "docs/formats.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| (FG\d+) \| (\w+) \| ([^|]+) \|", text, re.MULTILINE)
    assert listed == [(code, str(kind.severity), kind.name) for code, kind in CODES.items()]


def test_the_tour_shows_every_screenshot_in_both_schemes() -> None:
    shown = re.findall(r'src="screenshots/([^"]+)"', (REPOSITORY / "docs/tour.md").read_text(encoding="utf-8"))
    images = sorted(path.name for path in (REPOSITORY / "docs/screenshots").iterdir())
    assert sorted(shown) == images == sorted(f"{name}-{scheme}.webp" for name in SHOTS for scheme in SCHEMES)
    assert sum((REPOSITORY / "docs/screenshots" / name).stat().st_size for name in images) < 2_000_000


def test_schemas_are_json_schema() -> None:
    for path in sorted((REPOSITORY / "schemas").rglob("*.json")):
        schema = json.loads(path.read_text(encoding="utf-8"))
        validator_for(schema, default=None).check_schema(schema)
