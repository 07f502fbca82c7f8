"""Tests of the README and the pages of the site: length, width, links."""

import re
import unicodedata
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
PAGES = sorted((ROOT / "docs").glob("*.md"))
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def text(file: Path) -> str:
    """Return a page without its code blocks.

    In code a bracket is no link, and a # is no heading.
    """
    return FENCE.sub("", file.read_text(encoding="utf-8"))


def anchors(file: Path) -> set[str]:
    """Return the anchors of a page's headings."""
    headings = re.findall(r"^#+ (.+)$", text(file), re.MULTILINE)
    return {slug(heading) for heading in headings}


def slug(heading: str) -> str:
    """Return the anchor of a heading.

    Python-Markdown and GitHub make the same of plain words: lower case, joined by hyphens, other characters left out.
    """
    plain = unicodedata.normalize("NFKD", heading).encode("ascii", "ignore").decode()
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", plain).strip().lower())


def broken(file: Path) -> list[str]:
    """List the relative links whose file or heading does not exist."""
    wrong = []
    for target in LINK.findall(text(file)):
        path, _, anchor = target.partition("#")
        linked = (file.parent / path).resolve() if path else file
        if "://" in target or target.startswith("mailto:"):
            continue
        if not linked.exists() or (anchor and anchor not in anchors(linked)):
            wrong.append(target)
    return wrong


def test_the_readme_is_short_enough_to_be_read() -> None:
    assert len(README.read_bytes()) <= 10_000


def test_no_code_line_of_the_readme_is_wider_than_a_terminal() -> None:
    blocks = FENCE.findall(README.read_text(encoding="utf-8"))
    assert len(blocks) >= 3
    assert [line for block in blocks for line in block.splitlines() if len(line) > 100] == []


@pytest.mark.parametrize("page", [README, *PAGES], ids=lambda page: page.name)
def test_every_link_leads_to_a_file_and_a_heading_that_exist(page: Path) -> None:
    assert broken(page) == []


def test_a_broken_link_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "other.md").write_text("# One heading\n")
    page = tmp_path / "page.md"
    page.write_text("[a](other.md) [b](other.md#one-heading) [c](other.md#two) [d](none.md) ![e](none.png) [f](#g)\n")
    assert broken(page) == ["other.md#two", "none.md", "none.png", "#g"]


def test_every_page_is_in_the_navigation_and_linked_from_the_readme() -> None:
    navigation = re.findall(r"[\w-]+\.md", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    names = {page.name for page in PAGES}
    assert set(navigation) == names
    assert {Path(link).name for link in LINK.findall(text(README)) if link.endswith(".md")} >= names


def test_no_page_loads_anything_from_another_host() -> None:
    assert "font: false" in (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    images = [link for page in PAGES for link in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", text(page))]
    assert images
    assert [image for image in images if "://" in image] == []


@pytest.mark.parametrize("page", [README, *PAGES], ids=lambda page: page.name)
def test_every_path_of_the_repository_that_a_page_names_exists(page: Path) -> None:
    named = re.findall(r"(?<![\w-])(?:runner|conf|bench|tests|hydra_plugins)/[\w./-]*\w", page.read_text(encoding="utf-8"))
    # GROUP and CHOICE stand for any name. The folder mine/ is the reader's own.
    paths = {path for path in named if not re.search(r"GROUP|CHOICE", path)}
    assert [path for path in sorted(paths) if not (ROOT / path).exists()] == []
