"""Formats that pandoc reads arrive whole, with their title, headings and tables."""

import json
import re
import subprocess

import pypandoc
import pytest

from runner.corpus.outline import outline
from runner.corpus.readers import limited, office_archive
from runner.corpus.readers.pandoc import convert, read
from runner.errors import Fault

SOURCE = """---
title: DMA Controller
---
# Overview

The DMA has **four** channels.[^1]

[^1]: Of which two are secure.

# Registers

## CTRL

| Field | Bits |
|---|---|
| EN | 0 |
| LEN | 15:1 |

- Größe: 5 µs
- 長さ
"""


def written(tmp_path, suffix):
    """The source in another format."""
    file = tmp_path / f"dma.{suffix}"
    subprocess.run([pypandoc.get_pandoc_path(), "--standalone", "-o", file], input=SOURCE.encode(), check=True)
    return file


@pytest.mark.parametrize("suffix", ["docx", "epub", "rst", "tex", "org"])
def test_title_headings_and_text_arrive_whole(tmp_path, suffix):
    title, parts = outline(read(written(tmp_path, suffix), tmp_path).markdown)
    texts = {part.headings: " ".join(part.text.split()) for part in parts if part.text.strip()}
    assert title == "DMA Controller"
    assert texts["Overview",] == "The DMA has **four** channels. (Of which two are secure.)"
    assert "Größe: 5 µs" in texts["Registers", "CTRL"]
    assert "長さ" in texts["Registers", "CTRL"]


@pytest.mark.parametrize("suffix", ["docx", "odt", "epub", "rst", "tex", "org", "ipynb", "rtf"])
def test_a_table_has_a_line_for_each_row(tmp_path, suffix):
    lines = read(written(tmp_path, suffix), tmp_path).markdown.split("\n")
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    assert ["EN", "0"] in rows
    assert ["LEN", "15:1"] in rows


def test_asciidoc_is_read_with_its_attributes(tmp_path):
    (tmp_path / "uart.adoc").write_text("= UART\n:baud: 115200\n\nThe rate is {baud} baud.\n\n== Frames\n\nEight bits.\n")
    markdown = read(tmp_path / "uart.adoc", tmp_path).markdown
    assert markdown.split("\n\n") == ["# UART", "The rate is 115200 baud.", "## Frames", "Eight bits.\n"]


@pytest.mark.parametrize("suffix", ["docx", "odt", "epub"])
def test_a_broken_file_is_a_fault_that_names_it(tmp_path, suffix):
    (tmp_path / f"dma.{suffix}").write_bytes(b"PK\x03\x04 no archive")
    with pytest.raises(Fault, match=rf"dma\.{suffix} can't be read as {suffix.upper()}: .*leave it out"):
        read(tmp_path / f"dma.{suffix}", tmp_path)


def test_a_document_reads_no_other_file(tmp_path):
    (tmp_path / "secret.txt").write_text("A password.")
    (tmp_path / "a.rst").write_text("A\n=\n\n.. include:: secret.txt\n\nText.\n")
    assert "password" not in read(tmp_path / "a.rst", tmp_path).markdown


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.adoc", "= Cup\n\n== Final\n\nBefore.\n\ninclude::part.adoc[]\n\nAfter.\n"),
        ("a.rst", "Cup\n===\n\nFinal\n-----\n\nBefore.\n\n.. include:: part.adoc\n\nAfter.\n"),
        ("a.tex", "\\section{Final}\n\nBefore.\n\n\\input{part.adoc}\n\nAfter.\n"),
    ],
)
def test_a_file_that_includes_another_document_is_read_without_it(tmp_path, name, text):
    (tmp_path / "part.adoc").write_text("Part.\n")
    (tmp_path / name).write_text(text)
    document = read(tmp_path / name, tmp_path)
    assert "Before.\n\nAfter." in document.markdown
    assert (document.included, document.notes) == (("part.adoc",), ())


@pytest.mark.parametrize("suffix", ["docx", "odt", "epub"])
def test_an_archive_that_unpacks_to_too_much_is_not_given_to_pandoc(tmp_path, monkeypatch, suffix):
    source = "# Cup\n\nAda won.\n"
    command = [pypandoc.get_pandoc_path(), "--from=markdown", f"--to={suffix}", f"--output={tmp_path / f'a.{suffix}'}"]
    subprocess.run(command, input=source.encode(), check=True)
    monkeypatch.setattr(office_archive, "LARGEST", 1000)
    with pytest.raises(Fault, match=r"unpacks to [\d,]+ bytes, more than the 1,000"):
        read(tmp_path / f"a.{suffix}", tmp_path)


def test_a_text_that_is_too_large_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(limited, "LARGEST", 10)
    (tmp_path / "a.rst").write_text("word " * 9)
    with pytest.raises(Fault, match=r"a\.rst has 45 bytes"):
        read(tmp_path / "a.rst", tmp_path)


@pytest.mark.parametrize(
    ("cell", "line"),
    [
        ("one<br>two", "| one two | 0x1 |"),
        ("<pre>one\ntwo</pre>", "| `one two` | 0x1 |"),
        ("<table><tr><td>one</td><td>two</td></tr></table>", "| one; two | 0x1 |"),
    ],
)
def test_a_cell_of_several_lines_stays_one_row(tmp_path, cell, line):
    page = f"<table><tr><th>Name</th><th>Reset</th></tr><tr><td>{cell}</td><td>0x1</td></tr></table>"
    rows = convert(tmp_path / "a.html", "html", page.encode()).markdown.split("\n")
    assert line in [re.sub(" +", " ", row) for row in rows]


def test_a_table_that_a_notebook_holds_as_html_is_read(tmp_path):
    page = "<table><tr><th>Name</th><th>Reset</th></tr>\n<tr><td><a href=c>CTRL</a></td><td>0x1<br>on start</td></tr></table>"
    cell = {"cell_type": "markdown", "metadata": {}, "source": ["# UART\n", "\n", *page.splitlines(keepends=True)]}
    (tmp_path / "uart.ipynb").write_text(json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    rows = [line.replace(" ", "") for line in read(tmp_path / "uart.ipynb", tmp_path).markdown.split("\n") if "|" in line]
    assert rows[0] == "|Name|Reset|"
    assert rows[2:] == ["|CTRL|0x1onstart|"]


def test_an_abstract_and_a_subtitle_are_read(tmp_path):
    (tmp_path / "a.tex").write_text(
        "\\documentclass{article}\n\\title{Cup}\n\\begin{document}\n\\maketitle\n"
        "\\begin{abstract}Ada won.\\end{abstract}\n\\section{Final}\nFour goals.\n\\end{document}\n"
    )
    (tmp_path / "a.org").write_text("#+TITLE: Cup\n#+SUBTITLE: Ada won.\n\n* Final\n\nFour goals.\n")
    for name in ("a.tex", "a.org"):
        assert read(tmp_path / name, tmp_path).markdown == "# Cup\n\nAda won.\n\n## Final\n\nFour goals.\n"


def test_lines_may_end_as_windows_writes_them(tmp_path):
    lines = ["The title", "====", "", "Text.", "", "A part of it", "----", "", "More."]
    (tmp_path / "a.rst").write_bytes("\r\n".join(lines).encode())
    title, parts = outline(read(tmp_path / "a.rst", tmp_path).markdown)
    assert (title, [part.headings for part in parts[1:]]) == ("The title", [(), ("A part of it",)])
