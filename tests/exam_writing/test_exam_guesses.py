"""Guesses lead through all requests of an exam, and confirm what an examiner wrote before."""

import json

from runner.exam_writing.exam_guesses import ExamGuesses
from tests.exam_writing.given import MATERIAL, written
from tests.given import Scripted, said


def test_an_exam_of_guesses_has_the_size_that_is_asked_for() -> None:
    exam = written(facts=3, practice=1)
    guesses = exam.guesses()
    guessed = exam.write(MATERIAL, Scripted(lambda prompt: guesses.guess(said(prompt))))
    assert (len(guessed.questions), len(guessed.practice)) == (9, 3)


def test_the_check_of_a_question_that_was_written_before_is_guessed_to_confirm_it() -> None:
    exam = written(facts=1, questions=1, spare=0)
    guesses = ExamGuesses(exam.settings)

    def reply(text: str) -> str:
        if "one fact" in text[:60]:
            written_before = json.dumps([{"question": "What is it made of?", "answer": "tin | the tin"}])
            guesses.learn(text, written_before)
            return written_before
        return guesses.guess(text)

    model = Scripted(lambda prompt: reply(said(prompt)))
    (question,) = exam.write(MATERIAL, model).questions
    assert question.answer == "tin"
