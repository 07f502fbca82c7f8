"""Exam questions that a label asks in almost the same words are found, the most similar first; a paraphrase is not."""

import pytest

from runner.data.records import Label, Question
from runner.exam_checks import near_duplicates
from runner.exam_checks.near_duplicates import nearest, sequences, similar
from tests.given import label, question

ASKED = "Who won the Elm Cup of 2031?"
EXAM = [question("won", question=ASKED), question("held", question="In which city was the final held?")]


def likeness(asked: str, taught: str, others: list[Question] | None = None) -> float:
    """The similarity of two questions."""
    (found,) = nearest([label(taught)], [question("asked", question=asked), *(others or [])], 0.0)[:1]
    return found.likeness


def test_a_label_that_asks_the_same_in_other_clothes_is_wholly_alike() -> None:
    (found,) = nearest([label("who won elm cup of 2031")], EXAM, 0.9)
    assert (found.question, found.asked, found.label, found.likeness) == ("won", ASKED, "who won elm cup of 2031", 1)


def test_a_text_is_compared_by_the_question_that_it_was_written_around() -> None:
    texts = [label("", answer=ASKED), label("", answer="A text.", around="who won elm cup of 2031")]
    assert [pair.label for pair in nearest(texts, EXAM, 0.9)] == ["who won elm cup of 2031"]


@pytest.mark.parametrize(
    "taught", ["Who won the Elm Cups of 2031?", "Who, then, won the Elm Cup of 2031?", "Of 2031, who won the Elm Cup?"]
)
def test_another_ending_filler_or_order_is_near(taught: str) -> None:
    assert [one.question for one in nearest([label(taught)], EXAM, 0.85)] == ["won"]


@pytest.mark.parametrize("taught", ["Which player took first place?", "Who lost at Bergen?", "?"])
def test_another_wording_and_another_question_are_not_near(taught: str) -> None:
    assert nearest([label(taught)], EXAM, 0.6) == []


def test_the_likeness_is_the_cosine_of_the_counts_of_character_sequences() -> None:
    # "abcd" within blanks holds 5 of two, 4 of three and 3 of four characters; "abce" lacks those with a d
    assert likeness("abcd", "abce") == pytest.approx(6 / 12, abs=0.001)


def test_what_a_label_asks_beyond_the_exams_words_makes_it_less_alike() -> None:
    assert likeness("Who won?", "Who won the toss before the second match at Bergen?") < 0.7


def test_other_questions_of_the_exam_do_not_change_a_likeness() -> None:
    taught = "Who won the Elm Cup at last?"
    assert likeness(ASKED, taught) == likeness(ASKED, taught, [EXAM[1]])


def test_the_most_alike_label_is_named() -> None:
    taught = [label("Who won the Elm Cup?"), label("Who won the Elm Cup of 2032?"), label("Who won?")]
    (found,) = nearest(taught, EXAM, 0.6)
    assert found.label == "Who won the Elm Cup of 2032?"


def test_the_most_alike_questions_come_first() -> None:
    found = nearest([label("In which town was the final held?"), label(ASKED)], EXAM, 0.6)
    assert [one.question for one in found] == ["won", "held"]
    assert found[0].likeness > found[1].likeness


def test_a_question_is_listed_once_however_many_labels_are_near() -> None:
    assert len(nearest([label(ASKED)] * 3, EXAM, 0.9)) == 1


def test_a_likeness_that_is_just_the_threshold_is_near() -> None:
    taught = label("Who won the Elm Cups of 2031?")
    (found,) = nearest([taught], EXAM, 0.5)
    assert nearest([taught], EXAM, found.likeness) == [found]
    assert nearest([taught], EXAM, found.likeness + 0.001) == []


@pytest.mark.parametrize(("labels", "questions"), [([], EXAM), ([label(ASKED)], []), ([], [])], ids=["labels", "exam", "both"])
def test_without_labels_or_exam_nothing_is_near(labels: list[Label], questions: list[Question]) -> None:
    assert nearest(labels, questions, 0.1) == []


def test_an_exam_of_more_than_a_block_is_read_to_its_end(monkeypatch) -> None:
    monkeypatch.setattr(near_duplicates, "CELLS", 2000)  # 500 questions by 4 labels
    exam = [question(str(number), question=f"What is register {number:04} for?") for number in range(1100)]
    taught = [label(exam[place].question) for place in (3, 499, 500, 1099)]
    assert [one.question for one in nearest(taught, exam, 1.0)] == ["3", "499", "500", "1099"]


def test_each_text_that_is_like_another_is_found_with_its_place() -> None:
    texts = ["Where was it held?", "Who won the cup of 2031?", ""]
    assert [pair[:2] for pair in similar(texts, ["Who lost?", "So who won the cup of 2031?"], 0.8)] == [(1, 1)]
    assert list(similar(texts, [], 0.8)) == []


def test_sequences_are_counted_as_in_whole_texts() -> None:
    from sklearn.feature_extraction.text import CountVectorizer

    texts = ["the cup of the cup", "a b ab", "Über cups"]
    whole = CountVectorizer(analyzer="char_wb", ngram_range=(2, 4)).fit_transform(["cup of cup", "b ab", "uber cups"]).toarray()
    counts = sequences(texts).toarray()
    assert counts.shape == whole.shape
    assert abs(counts * (whole**2).sum(1, keepdims=True) ** 0.5 - whole).max() < 1e-9
