"""Questions in, a student's graded answers out."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from runner.component import full_name, identity
from runner.config.contracts import returned_each
from runner.config.study import Study
from runner.data.guesses import Forecastable
from runner.data.records import Answer, Grade, Question, Request, write
from runner.data.thinking import answer_aloud
from runner.errors import Fault
from runner.grader import AsksSometimes
from runner.grader.instructions import VERSION, follow_rules
from runner.grader.unread import tell_unread
from runner.model import ScoresText
from runner.model.text_version import text_version
from runner.pipeline.executor import Executor, ModelAccess, Stage
from runner.pipeline.prompts import bare_requests, read_each
from runner.pipeline.results import Checkpoint, ExamResult, GeneralResult, Output


def untuned(study: Study) -> Output[Checkpoint]:
    """Return the base model as a checkpoint without a training."""
    return Output(value=Checkpoint(model=study.model))


def examine(
    study: Study,
    executor: Executor,
    student: Output[Checkpoint],
    questions: Output[Sequence[Question]],
    requests: Output[Sequence[Request]] | None = None,
) -> ExamResult:
    """Let a student answer questions, and grade the answers.

    `requests` are those of a baseline; otherwise the questions are put as they are.
    """
    requests = requests or bare_requests(study, questions)
    # Two stages: another grader grades kept answers again, and asks the student nothing.
    answers = answer(study, executor, student, questions, requests)
    grades = grade(study, executor, questions.value, answers)
    return ExamResult(
        questions=questions.value,
        answers=answers.value,
        grades=grades.value,
        seconds={"answer": answers.seconds, "grade": grades.seconds},
        usage={"answer": answers.usage, "grade": grades.usage},
    )


def examine_general(study: Study, executor: Executor, student: Output[Checkpoint]) -> GeneralResult:
    """Ask the general questions, and measure the perplexity."""
    # For the untuned model and each student alike, so that what tuning broke shows question by question.
    questions = Output[Sequence[Question]](value=study.knowledge.questions)
    result = examine(study, executor, student, questions)
    return GeneralResult(result=result, perplexity=perplexity(study, executor, student))


def answer(
    study: Study,
    executor: Executor,
    student: Output[Checkpoint],
    questions: Output[Sequence[Question]],
    requests: Output[Sequence[Request]],
) -> Output[Sequence[Answer]]:
    """Let a student answer, in the order of the questions."""

    def make(folder: Path, access: ModelAccess) -> None:
        model = access.model("answer", student.value.model, lambda: References(questions.value, requests.value))
        # Replies come in the order in which they arrive, so they are put in order here.
        replies = dict(model.ask([request.prompt for request in requests.value]))
        answers = [
            Answer(question=question.id, text=replies[place].text, passages=request.passages)
            for place, (question, request) in enumerate(zip(questions.value, requests.value, strict=True))
        ]
        write(folder / "answers.jsonl", answers)

    texts = (message.content for request in requests.value for message in request.prompt.messages)
    # The identity of the base model and the keys of its trainings stand for the student: where its weights lie does not matter.
    answers = Stage[Sequence[Answer]](
        name="answers",
        inputs=[
            identity(study.model),
            student.value.key,
            requests.value,
            [question.id for question in questions.value],
            *text_version(study.model, texts),
        ],
        make=make,
        read=lambda folder: read_each(folder / "answers.jsonl", Answer, len(questions.value)),
        asks=True,
        after=[student, questions, requests],
        # Not on the student, which is asked the same before and after its training.
        requests_follow=bool(questions.guess or requests.guess),
    )
    return executor.do(answers)


def grade(
    study: Study, executor: Executor, questions: Sequence[Question], answers: Output[Sequence[Answer]]
) -> Output[Sequence[Grade]]:
    """Grade answers, in the order of the questions."""
    # Only what a student says is graded. Answers without thinking are the same, and so are their kept grades.
    spoken = [replace(answer, text=answer_aloud(answer.text)) for answer in answers.value]
    give_grades, most = study.grader.grade, ""
    # Whether an instruction was followed is no matter of a reference, and no judge is paid to tell.
    by_rules = {grade.question: grade for grade in follow_rules(questions, spoken)}
    left = [question for question in questions if question.id not in by_rules]
    # Only a forecast has answers that are guesses. They are reference answers, about which a judge is seldom asked.
    if answers.guess and isinstance(study.grader, AsksSometimes):
        give_grades = study.grader.ask_always
        most = f"grade: at most. The judge of grader={study.choices['grader']} is asked about some of these answers only."

    def make(folder: Path, access: ModelAccess) -> None:
        guesses = study.grader.guesses if isinstance(study.grader, Forecastable) else None
        judge = access.model("grade", study.judge, guesses)
        grades = give_grades(left, [answer for answer in spoken if answer.question not in by_rules], judge)
        # Checked here: a grade that is missing would count as no answer, in silence.
        each = returned_each(study.grader, "grade", grades, Grade, len(left))
        write(folder / "grades.jsonl", _ordered(study, questions, [*each, *by_rules.values()]))

    grades = Stage[Sequence[Grade]](
        name="grades",
        inputs=[identity(study.grader), study.judged_by, questions, spoken, *([["rules", VERSION]] if by_rules else [])],
        make=make,
        read=lambda folder: read_each(folder / "grades.jsonl", Grade, len(questions)),
        asks=True,
        stand_in=lambda: [Grade(question=question.id, passed=None) for question in questions],
        after=[answers],
        requests_follow=bool(answers.guess),
        most=most,
    )
    output = executor.do(grades)
    if not output.guess:
        tell_unread(study.grader, output.value)
    return output


def _ordered(study: Study, questions: Sequence[Question], grades: Sequence[Grade]) -> list[Grade]:
    """Put grades into the order of the questions; a grader may give them in any."""
    by_question = {grade.question: grade for grade in grades}
    if absent := [question.id for question in questions if question.id not in by_question]:
        raise Fault(f"{full_name(study.grader)}.grade returned no grade for the question {absent[0]!r}. See docs/extending.md")
    return [by_question[question.id] for question in questions]


def perplexity(study: Study, executor: Executor, student: Output[Checkpoint]) -> float | None:
    """Measure the perplexity of the page, or return None.

    It is None without a page, and for models that can't measure it, such as hosted ones.
    """
    # A loss of general language shows here even where no question was answered differently.
    page, model = study.knowledge.page, student.value.model
    if not page or not isinstance(model, ScoresText):
        return None

    def make(folder: Path, access: ModelAccess) -> None:
        (folder / "perplexity").write_text(repr(model.perplexity(page)))  # repr keeps every digit

    pages = Stage[float | None](
        name="perplexities",
        inputs=[identity(study.model), student.value.key, page, *text_version(study.model, [page])],
        make=make,
        read=lambda folder: float((folder / "perplexity").read_text()),
        stand_in=lambda: None,
        after=[student],
    )
    return executor.do(pages).value


class References:
    """Likely answers for a forecast: the reference answers."""

    def __init__(self, questions: Sequence[Question], requests: Sequence[Request]) -> None:
        """Look references up by the last turn of the requests."""
        # By its text, since a model is given prompts and no questions.
        pairs = zip(questions, requests, strict=True)
        self._answers = {request.prompt.messages[-1].content: question.answer for question, request in pairs}

    def learn(self, text: str, reply: str) -> None:
        """Ignore earlier answers, which say nothing about others."""

    def guess(self, text: str) -> str:
        """Return the reference answer of the question."""
        return self._answers[text]
