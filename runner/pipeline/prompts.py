"""Questions to the requests that an arm answers, with passages where a baseline retrieves them.

The prompt of RAG itself is `baseline.rag.prompt` (conf/baseline/rag.yaml), filled in by runner/baseline/rag.py.
"""

from collections.abc import Sequence
from pathlib import Path

from runner.component import identity
from runner.config.study import Study
from runner.data.records import Prompt, Question, Request, chat, read, write
from runner.pipeline.executor import Asking, Done, Executor, Stage


def bare_prompt(study: Study, question: str) -> Prompt:
    """Put one question to a student, in training as in the exam."""
    return chat(question, study.settings.instruction, study.settings.reply_tokens)


def bare_requests(study: Study, questions: Done[Sequence[Question]]) -> Done[Sequence[Request]]:
    """Put questions to a student as they stand."""
    return Done(
        value=[Request(prompt=bare_prompt(study, question.question)) for question in questions.value], guess=questions.guess
    )


def baseline_requests(study: Study, executor: Executor, name: str) -> Done[Sequence[Request]]:
    """Put the exam to the untuned model as a baseline does."""
    questions, sections = study.material.questions, study.material.sections
    chosen = study.baseline[name]

    def make(folder: Path, asking: Asking) -> None:
        write(folder / "exam.jsonl", chosen.ask(questions, sections, study.retriever))

    def requests(folder: Path) -> Sequence[Request]:
        return read(folder / "exam.jsonl", Request)

    searched = [identity(study.retriever), sections] if chosen.retrieves else None
    return executor.do(Stage(name="exams", inputs=[identity(chosen), searched, questions], make=make, read=requests))
