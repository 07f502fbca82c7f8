"""Questions in, the requests that an arm answers out.

The prompt of RAG is `baseline.rag.prompt` in conf/baseline/rag.yaml. runner/baseline/rag.py fills it in.
"""

import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from runner.baseline import Shortenable
from runner.component import identity
from runner.config.contracts import returned_each
from runner.config.study import RAG, Study
from runner.data.records import Prompt, Question, Request, chat, read, write
from runner.model import Limited
from runner.pipeline.executor import Executor, ModelAccess, Stage
from runner.pipeline.results import NOTHING, Output, Retrieval
from runner.pipeline.retrieval import FoundBefore, search
from runner.retriever import Retriever

log = logging.getLogger("runner")

T = TypeVar("T")
Questions = Sequence[Question] | None  # None stands for the exam


def bare_prompt(study: Study, question: str) -> Prompt:
    """Put a question to a student without passages."""
    if not question:  # of a label that is plain text, as those of method=passage
        return Prompt(messages=(), tokens=study.settings.reply_tokens)
    # One form for training and exam: a student that is asked in another form than it was trained in answers worse.
    return chat(question, study.settings.instruction, study.settings.reply_tokens)


def text_asked(question: Question) -> str:
    """Return the text that a student is asked."""
    return question.prompt or question.question


def bare_requests(study: Study, questions: Output[Sequence[Question]]) -> Output[Sequence[Request]]:
    """Put questions to a student without passages."""
    requests = [Request(prompt=bare_prompt(study, text_asked(question))) for question in questions.value]
    return Output(value=requests, guess=questions.guess)  # what was guessed in the questions is guessed in the requests too


def exam_requests(study: Study, executor: Executor, questions: Questions = None) -> Output[Sequence[Request]]:
    """Put the exam, or other questions, to a tuned student."""
    if study.retrieval.retrieves:
        return baseline_requests(study, executor, RAG, study.retrieval, questions=questions)
    return bare_requests(study, Output(value=study.material.questions if questions is None else questions))


def passages_for(
    study: Study, executor: Executor, name: str, retriever: Retriever | None = None, questions: Questions = None
) -> Retrieval:
    """Search the passages that a baseline's prompts hold.

    By default the study's retriever finds them, and the questions are the exam.
    """
    asked = [question.question for question in (study.material.questions if questions is None else questions)]
    return search(study, executor, retriever or study.retriever, asked) if study.baseline[name].retrieves else NOTHING


def baseline_requests(
    study: Study,
    executor: Executor,
    name: str,
    retriever: Retriever | None = None,
    retrieval: Retrieval | None = None,
    questions: Questions = None,
) -> Output[Sequence[Request]]:
    """Put questions to a model in a baseline's way.

    By default they are the exam, and the study's retriever finds the passages. `retrieval` is what it found already.
    """
    questions, sections = study.material.questions if questions is None else questions, study.material.sections
    chosen, retriever = study.baseline[name], retriever or study.retriever
    rankings = (retrieval or passages_for(study, executor, name, retriever, questions)).rankings

    def make(folder: Path, access: ModelAccess) -> None:
        requests = chosen.ask(questions, sections, FoundBefore(retriever, sections, rankings.value))
        write(folder / "exam.jsonl", returned_each(chosen, "ask", requests, Request, len(questions)))

    def requests(folder: Path) -> Sequence[Request]:
        return read_each(folder / "exam.jsonl", Request, len(questions))

    # A stage, since a baseline of one's own may take long.
    inputs = [identity(chosen), study.searched(name, retriever), questions]
    output = executor.do(Stage(name="exams", inputs=inputs, make=make, read=requests, after=[rankings]))
    # After the stage, which is that of every student.
    return replace(output, value=_with_fewer_passages(study, name, questions, output.value))


def _with_fewer_passages(
    study: Study, name: str, questions: Sequence[Question], requests: Sequence[Request]
) -> Sequence[Request]:
    """Take passages out of prompts beyond the context."""
    baseline, fitting = study.baseline[name], list(requests)
    if not isinstance(study.model, Limited) or not isinstance(baseline, Shortenable):
        return requests
    changed, places = set[int](), list(range(len(fitting)))
    # Those that are still too long lose one passage more in each round. The others are not counted again.
    while long := study.model.too_long([(fitting[place].prompt, None) for place in places]):
        places = [places[number] for number in long if fitting[places[number]].passages]
        changed |= {*places}
        for place in places:
            fitting[place] = baseline.shortened(questions[place], fitting[place])
    if changed:
        log.warning(
            "%s: %d of %d prompts are longer than the %d tokens that %s reads, and get fewer passages (%d of them none)",
            *(name, len(changed), len(requests), study.model.context(), study.model.name),
            sum(not fitting[place].passages for place in changed),
        )
    return fitting


def read_each(path: Path, kind: type[T], count: int) -> tuple[T, ...]:
    """Read `count` records, such as one for each question.

    Raise a ValueError if there are not so many: a file of an older store may have lost its last lines.
    """
    records = read(path, kind)
    if len(records) != count:
        raise ValueError(f"{path} has {len(records)} lines, expected {count}")
    return records
