"""The sections of a corpus are printed, before there is an exam too."""

from pathlib import Path

import pytest

from runner.commands.list_sections import list_sections


def test_sections_are_printed_with_tokens_place_and_first_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "cup.md").write_text("# The Cup\n\n## Final\n\nAda won the cup.\n\n## Goals\n\nTwo.\n")
    (tmp_path / "documents" / "a.xyz").touch()
    list_sections(["corpus=folder", f"corpus.path={tmp_path}"])
    assert capsys.readouterr().out.splitlines() == [
        "5 tokens  line 3  cup.md#Final  Ada won the cup.",
        "2 tokens  line 7  cup.md#Goals  Two.",
        "2 sections of 1 document, 7 tokens",
        "1 of 2 files are of formats that are not read: 1 .xyz",
        "not read: a.xyz: no reader for such files",
    ]


def test_facts_are_counted_and_a_document_that_can_not_be_read_is_named_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "top.sv").write_text("module top (input logic clk, output logic done);\nendmodule\n")
    (tmp_path / "torn.docx").write_text("no archive")
    list_sections(["corpus=folder", f"corpus.path={tmp_path}"])
    lines = capsys.readouterr().out.splitlines()
    (total,) = [line for line in lines if "of 1 document" in line]
    assert total.endswith(" facts read without a teacher")
    assert sum("torn.docx" in line for line in lines) == 1


def test_the_sections_of_a_shipped_corpus_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    list_sections(["corpus=quick"])
    assert capsys.readouterr().out.splitlines()[-1].startswith("9 sections of 3 documents, ")
