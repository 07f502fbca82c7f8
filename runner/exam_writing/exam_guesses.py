"""Guesses of an examiner's replies: requests in, likely replies out."""

import json
import re

from runner.data.records import Reply, digest
from runner.data.templates import unfill
from runner.exam_writing.writing_settings import WritingSettings
from runner.method.forms import Pair
from runner.method.guessing import FactGuesses, PairGuesses
from runner.method.reading import read


class ExamGuesses:
    """Guesses for the requests that write questions and check them.

    Other requests list facts and filter them, as those of method=fact do.
    """

    def __init__(self, settings: WritingSettings) -> None:
        """Begin without any earlier reply."""
        self._questions, self._check, self._asked = settings.questions_prompt, settings.check_prompt, settings.asked
        pairs = PairGuesses(settings.questions_prompt, settings.asked)
        self._facts = FactGuesses(settings.facts_prompt, settings.filter_prompt, pairs)
        self._answers = dict[str, str]()

    def learn(self, text: str, reply: str) -> None:
        """Note an earlier reply."""
        if unfill(self._questions, text):
            self._answers |= {pair.question: pair.answer for pair in read(Reply(text=reply), Pair).entries}
        elif not unfill(self._check, text):
            self._facts.learn(text, reply)

    def guess(self, text: str) -> str:
        """Return questions, or answers that confirm them."""
        if unfill(self._questions, text):
            # As long as usual ones, each with words of its own: equal questions would count as duplicates.
            names = [digest([text, number])[:8] for number in range(self._asked)]
            questions = [f"In which part of the document, and by what, is {name} set?" for name in names]
            self._answers |= dict.fromkeys(questions, "Bergen | Bergen in Norway")
            return json.dumps([{"question": question, "answer": self._answers[question]} for question in questions])
        if values := unfill(self._check, text):
            asked = re.findall(r"^(\d+)\. (.*)$", values["questions"], re.MULTILINE)
            answers = [(number, self._answers.get(question, "Bergen").partition("|")[0].strip()) for number, question in asked]
            return json.dumps([{"question": number, "answer": answer} for number, answer in answers])
        return self._facts.guess(text)
