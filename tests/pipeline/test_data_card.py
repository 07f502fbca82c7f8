"""A data card says which licence is known, and else that none is."""

from pathlib import Path

from runner.pipeline.data_card import licence, licence_files
from tests import given


def test_the_licence_is_the_setting_or_a_file_of_the_corpus_or_unknown(tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir()
    study = given.study("corpus=folder", f"corpus.path={tmp_path}")
    assert "is unknown" in licence(study)
    (tmp_path / "documents" / "LICENSE.txt").write_text("Do as you like.")
    (tmp_path / "license-notes.md").write_text("not one")
    assert licence_files(study) == ["LICENSE.txt"]
    assert "holds LICENSE.txt" in licence(study)
    assert "this licence: mit" in licence(given.study("labels_licence=mit"))
