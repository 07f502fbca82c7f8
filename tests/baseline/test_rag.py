"""RAG puts the retrieved passages into the prompt, the best one next to the question."""

from pathlib import Path

import yaml

from runner.baseline.rag import Rag
from runner.data.records import Question, chat
from runner.retriever.lexical import Lexical
from tests.given import said, section

CONF = Path(__file__).resolve().parents[2] / "conf"
RETRIEVER = Lexical(passages=2, sentences=1)
SECTIONS = [section("Ada won in Moscow. It rained. Bea watched the final in Moscow rain.")]


def asking(text: str) -> Question:
    """A question of this text."""
    return Question(id="q", question=text, answer="a", category="c")


def rag(prompt: str = "{passages}|{question}|{other}") -> Rag:
    """The baseline with this template."""
    return Rag(prompt=prompt, instruction="Be brief.", reply_tokens=9)


def test_the_best_passage_stands_last_next_to_the_question():
    (asked,) = rag().ask([asking("Who won?")], SECTIONS, Lexical(passages=2, sentences=1))
    best, second = asked.passages
    assert best.text == "Ada won in Moscow."
    assert said(asked.prompt) == f"{second.text}\nAda won in Moscow.|Who won?|{{other}}"


def test_the_passages_are_those_that_the_retriever_finds():
    questions = [asking("Who won?"), asking("Who watched?")]
    found = RETRIEVER.find(["Who won?", "Who watched?"], SECTIONS)
    assert [asked.passages for asked in rag().ask(questions, SECTIONS, RETRIEVER)] == found


def test_the_instruction_and_the_length_are_those_of_every_student():
    (asked,) = rag("{question}").ask([asking("Who won?")], SECTIONS, RETRIEVER)
    assert asked.prompt == chat("Who won?", "Be brief.", 9)


def test_braces_in_a_document_and_a_question_survive_the_template():
    code = [section("Code { {question} \\1 } ends.")]
    (asked,) = rag().ask([asking("What is {passages} in code?")], code, RETRIEVER)
    assert said(asked.prompt) == "Code { {question} \\1 } ends.|What is {passages} in code?|{other}"


def test_the_shipped_template_holds_passages_and_question():
    values = yaml.safe_load((CONF / "baseline" / "rag.yaml").read_text())["rag"]
    (asked,) = rag(values["prompt"]).ask([asking("Who won?")], SECTIONS, Lexical(passages=1, sentences=1))
    assert said(asked.prompt) == "Passage: Ada won in Moscow.\n\nQuestion: Who won?"


def test_it_needs_a_retriever():
    assert Rag.retrieves


def test_a_shorter_prompt_leaves_out_the_worst_passage_until_there_is_none() -> None:
    (asked,) = rag().ask([asking("Who won?")], SECTIONS, RETRIEVER)
    shorter = rag().shortened(asking("Who won?"), asked)
    assert shorter.passages == asked.passages[:1]
    assert said(shorter.prompt) == "Ada won in Moscow.|Who won?|{other}"
    assert rag().shortened(asking("Who won?"), shorter).passages == ()
