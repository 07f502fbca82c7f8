"""Every suffix has a reader, whatever its case."""

import re
from importlib import import_module
from pathlib import Path

import pytest

from runner.corpus.readers import Document
from runner.corpus.readers.choose import READERS, read_document


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.module)
def test_every_reader_can_be_imported(reader):
    assert import_module(f"runner.corpus.readers.{reader.module}").read.__annotations__["return"] is Document


@pytest.mark.parametrize("library", sorted({library for reader in READERS for library in reader.libraries}))
def test_a_library_whose_version_counts_is_one_that_an_extra_installs(library):
    project = (Path(__file__).parents[3] / "pyproject.toml").read_text()
    assert re.search(rf'"{re.escape(library)}[><=]', project)


def test_a_suffix_may_have_capitals(tmp_path):
    (tmp_path / "CUP.MD").write_text("Ada won.\n")
    assert read_document(tmp_path / "CUP.MD", tmp_path).markdown == "Ada won.\n"
