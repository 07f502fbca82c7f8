"""An examiner of the tests' own: it asks for the words of a fact, and answers from the section as it is asked to."""

import json
import re

from tests.teacher import taught


def wrote(text: str) -> str:
    """Questions, answers that confirm them, or what the teacher says to other requests."""
    if text.startswith("Below are a section of a document and one fact"):
        words = re.findall(r"[^\W_]+", text.split("Fact: ")[1])
        (count,) = map(int, re.findall(r"Write (\d+) different", text))
        return json.dumps([asked(" ".join(words[:-1]), words[-1], number) for number in range(count)])
    if text.startswith("Below are a section of a document and numbered questions"):
        body, questions = text.split("Questions:\n")
        numbered = re.findall(r"^(\d+)\. (.*)$", questions, re.MULTILINE)
        return json.dumps([{"question": number, "answer": _found(body, question)} for number, question in numbered])
    return taught(text)


def asked(beginning: str, word: str, number: int) -> dict[str, str]:
    """A question on the last word of a statement, with another way to write the answer."""
    return {"question": f"In way {number}, which word ends: {beginning}?", "answer": f"{word} | the word {word}"}


def _found(body: str, question: str) -> str:
    """The word behind the words of a question, as the section has it."""
    beginning = question.partition("ends: ")[2].rstrip("?").split()
    words = re.findall(r"[^\W_]+", body.split("Section: ")[1])
    places = [place for place in range(len(words)) if words[place : place + len(beginning)] == beginning]
    return words[places[0] + len(beginning)] if places else "NOT STATED"
