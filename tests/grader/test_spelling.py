"""Words are compared in one form."""

import pytest

from runner.grader.spelling import singular, stem, whole


@pytest.mark.parametrize("forms", [("repair", "repairs", "repaired", "repairing"), ("child", "children"), ("grey", "gray")])
def test_forms_of_a_word_have_one_stem(forms: tuple[str, ...]) -> None:
    assert len({stem(form) for form in forms}) == 1


@pytest.mark.parametrize(("british", "american"), [("colour", "color"), ("synchronise", "synchronize"), ("metres", "meters")])
def test_british_and_american_spellings_are_one(british: str, american: str) -> None:
    assert stem(british) == stem(american)


def test_other_words_have_other_stems() -> None:
    assert stem("dams") != stem("damage")


def test_a_name_loses_its_plural_alone() -> None:
    assert singular("himalayas") == "himalaya"
    assert singular("ross") == "ross"
    assert singular("hauge") != singular("haug")


def test_abbreviations_are_written_in_full() -> None:
    assert [whole(word) for word in ("st", "dr", "mt", "lind")] == ["saint", "doctor", "mount", "lind"]
