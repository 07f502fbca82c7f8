"""Every suffix has a reader, whatever its case."""

from importlib import import_module

import pytest

from runner.corpus.readers import Document
from runner.corpus.readers.choose import MODULES, read_document


@pytest.mark.parametrize("module", MODULES)
def test_every_reader_can_be_imported(module):
    assert import_module(f"runner.corpus.readers.{module}").read.__annotations__["return"] is Document


def test_a_suffix_may_have_capitals(tmp_path):
    (tmp_path / "CUP.MD").write_text("Ada won.\n")
    assert read_document(tmp_path / "CUP.MD", tmp_path).markdown == "Ada won.\n"
