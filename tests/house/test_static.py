"""What browsers get: vendored files are what they claim to be, and nothing on a page is inline or from elsewhere."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader

from summit.app import create_app
from tests.conftest import settings_for

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "summit" / "static"
TEMPLATES = ROOT / "templates"
VENDORED = json.loads((STATIC / "vendor" / "vendored.json").read_text(encoding="utf-8"))
PAGES = sorted(
    path.relative_to(TEMPLATES).as_posix()
    for path in TEMPLATES.rglob("*.html")
    if path.relative_to(TEMPLATES).parts[0] != "mail"
)
EVERY_TEMPLATE = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*") if path.is_file())
ELSEWHERE = re.compile(r"""(?:https?:)?//[\w.-]+""")


def sha512(path: Path) -> str:
    """Give a file's hash in the form npm records it."""
    return "sha512-" + base64.b64encode(hashlib.sha512(path.read_bytes()).digest()).decode("ascii")


def without_jinja(source: str) -> str:
    """Drop Jinja's own marks, keeping the HTML between them."""
    return re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", source, flags=re.DOTALL)


class Inline(HTMLParser):
    """Collects whatever a strict content security policy would refuse."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name for name, _ in attrs}
        kind = dict(attrs).get("type")
        if tag == "style":
            self.found.append("<style>")
        if tag == "script" and "src" not in names and kind != "application/json":
            self.found.append("<script> without src")
        self.found += [f"{name}= on <{tag}>" for name in names if name == "style" or name.startswith(("on", "hx-on"))]
        self.found += [f"{name}=javascript:" for name, value in attrs if (value or "").startswith("javascript:")]


def inline_parts(source: str) -> list[str]:
    """List what is inline in a template's HTML."""
    parser = Inline()
    parser.feed(without_jinja(source))
    return parser.found


def test_every_vendored_file_is_recorded_and_has_the_recorded_hash():
    folders = {path.name for path in (STATIC / "vendor").iterdir() if path.is_dir()}

    on_disk = {
        folder: {file.name: sha512(file) for file in (STATIC / "vendor" / folder).iterdir()} for folder in folders
    }

    assert on_disk == {folder: entry["files"] for folder, entry in VENDORED.items()}


def test_every_vendored_folder_names_its_version_and_carries_its_licence():
    for folder, entry in VENDORED.items():
        assert folder.endswith("-" + entry["version"])
        assert "LICENSE" in entry["files"]
        assert entry["package_integrity"].startswith("sha512-")


def test_the_stylesheet_asks_nothing_from_other_hosts():
    sheets = sorted(STATIC.glob("*.css"))

    assert [sheet.name for sheet in sheets] == ["summit.css"]
    for sheet in sheets:
        source = sheet.read_text(encoding="utf-8")
        assert re.findall(r"@import|url\(", source) == []
        assert ELSEWHERE.findall(source) == []


def test_our_scripts_ask_nothing_from_other_hosts_and_stay_small():
    scripts = sorted((STATIC / "js").glob("*.js"))

    assert scripts
    for script in scripts:
        source = script.read_text(encoding="utf-8")
        assert re.findall(r"https?://", source) == [], script.name
        assert re.findall(r"\beval\(|new Function|innerHTML|window\.\w+ =", source) == [], script.name
        assert len(source.splitlines()) < 200, script.name


def test_every_module_that_app_imports_is_there():
    source = (STATIC / "js" / "app.js").read_text(encoding="utf-8")

    imported = re.findall(r'from "\./([\w.-]+)"', source)

    assert imported
    assert [name for name in imported if not (STATIC / "js" / name).is_file()] == []


@pytest.mark.parametrize(
    "broken",
    [
        '<p style="color:red">',
        "<button {% if x %}class='a'{% endif %} onclick='go()'>",
        "<script>go()</script>",
        "<style>p{}</style>",
        "<a href='javascript:go()'>",
    ],
)
def test_the_check_for_inline_parts_finds_each_kind(broken):
    assert inline_parts(broken) != []


@pytest.mark.parametrize("name", PAGES)
def test_no_page_has_anything_inline(name):
    source = (TEMPLATES / name).read_text(encoding="utf-8")

    assert inline_parts(source) == []
    assert re.findall(r"\bstyle\s*=", source) == []


@pytest.mark.parametrize("name", PAGES)
def test_no_page_loads_from_other_hosts(name):
    source = without_jinja((TEMPLATES / name).read_text(encoding="utf-8"))

    loaded = re.findall(r"""<(?:script|link|img|iframe|source)\b[^>]*?(?:src|href)=["']([^"']*)""", source)

    assert [address for address in loaded if ELSEWHERE.match(address)] == []


@pytest.fixture(scope="module")
def applications_templates():
    """The environment of the application itself, with its filters."""
    return create_app(settings_for("sqlite://")).jinja_env


@pytest.mark.parametrize("name", EVERY_TEMPLATE)
def test_every_template_parses_with_the_filters_of_the_application(applications_templates, name):
    assert applications_templates.get_template(name).name == name


@pytest.mark.parametrize("name", EVERY_TEMPLATE)
def test_every_icon_that_a_template_names_is_drawn(name):
    icons = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, extensions=["jinja2.ext.i18n"]
    ).get_template("components/icons.html")
    drawn = set(icons.module.paths)

    named = set(re.findall(r"""\b(?:icon|reason)\("([\w-]+)\"""", (TEMPLATES / name).read_text(encoding="utf-8")))

    assert drawn
    assert named - drawn == set()
