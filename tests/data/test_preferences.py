"""A preference is part of a corpus, and of no hash but that of a refined arm."""

from runner.data.preferences import HumanPreference
from runner.data.records import Material, digest, read, write


def test_preferences_are_kept_with_the_corpus_and_change_no_hash(tmp_path):
    preferences = (HumanPreference(question="Who?", chosen="Ada", rejected="Bob"),)
    without, with_some = (Material(sections=(), questions=(), preferences=these) for these in ((), preferences))
    write(tmp_path / "material.jsonl", [with_some])
    assert read(tmp_path / "material.jsonl", Material) == (with_some,)
    assert digest(without) == digest(with_some)
