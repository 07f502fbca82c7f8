"""Questions in, the requests that an arm answers out.

The prompt of RAG is `baseline.rag.prompt` in conf/baseline/rag.yaml. runner/baseline/rag.py fills it in.
"""

from collections.abc import Sequence
from pathlib import Path

from runner.component import identity
from runner.config.contracts import returned_each
from runner.config.study import Study
from runner.data.records import Prompt, Question, Request, chat, read, write
from runner.pipeline.executor import Executor, ModelAccess, Stage
from runner.pipeline.results import Output


def bare_prompt(study: Study, question: str) -> Prompt:
    """Put a question to a student without passages."""
    # One form for training and exam: a student that is asked in another form than it was trained in answers worse.
    return chat(question, study.settings.instruction, study.settings.reply_tokens)


def bare_requests(study: Study, questions: Output[Sequence[Question]]) -> Output[Sequence[Request]]:
    """Put questions to a student without passages."""
    requests = [Request(prompt=bare_prompt(study, question.question)) for question in questions.value]
    return Output(value=requests, guess=questions.guess)  # what was guessed in the questions is guessed in the requests too


def baseline_requests(study: Study, executor: Executor, name: str) -> Output[Sequence[Request]]:
    """Put the exam to a model in a baseline's way."""
    questions, sections = study.material.questions, study.material.sections
    chosen = study.baseline[name]

    def make(folder: Path, access: ModelAccess) -> None:
        requests = chosen.ask(questions, sections, study.retriever)
        write(folder / "exam.jsonl", returned_each(chosen, "ask", requests, Request, len(questions)))

    def requests(folder: Path) -> Sequence[Request]:
        return read(folder / "exam.jsonl", Request)

    # A stage, since embedding all sections takes long.
    inputs = [identity(chosen), study.searched(name), questions]
    return executor.do(Stage(name="exams", inputs=inputs, make=make, read=requests))
