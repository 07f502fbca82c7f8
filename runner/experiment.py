"""One run, from a built study to tracked numbers: sections, labels, subset, tune, answer, grade, measure, track."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from runner.component import identity
from runner.fault import Fault
from runner.model import Model
from runner.records import Answer, Asked, Draw, Grade, Labelling, Ledger, Prompt, Tuning, chat, read, write
from runner.results import Sitting, account, arm, track, track_tuning
from runner.store import Kept
from runner.study import Study
from runner.wording import normal


def experiment(study: Study) -> None:
    """Label, draw, tune, sit the exam, and track it, with the baselines' exams; what is finished is not done again."""
    study.tracker.check(study.corpus.name)
    with arm(study, "tuned") as run:
        if run.finished:
            return
        study.check()
        labelling, labelled = label(study)
        draw = study.size.draw(labelling, study.seed)
        if not draw.labels:
            raise Fault(f"no label is left to train on.\n{account(labelling.ledgers)}")
        others = {name: baseline(study, name) for name in study.baseline}
        tuning, tuned = tune(study, draw)
        student = study.model.tuned_in(tuned.folder)
        exam = [Asked(prompt=_chat(study, of.question)) for of in study.material.questions]
        sitting = sit(study, student, exam, tuned.key)
        track(run, study, sitting)
        track_tuning(run, labelling, draw, tuning, {"label": labelled.seconds, "tune": tuned.seconds})
        run.log(sitting.beside(others), {})


def baseline(study: Study, name: str) -> Sitting:
    """The exam of one baseline, tracked once however many runs ask for it."""
    questions, sections = study.material.questions, study.material.sections
    chosen = study.baseline[name]

    def ask(folder: Path) -> None:
        write(folder / "exam.jsonl", chosen.ask(questions, sections, study.retriever))

    made_of = [identity(chosen), [identity(study.retriever), sections] if chosen.retrieves else None, questions]
    kept = study.store.keep("exams", made_of, ask)
    with arm(study, name) as run:
        sitting = sit(study, study.model, read(kept.folder / "exam.jsonl", Asked))
        if not run.finished:
            track(run, study, sitting)
    return sitting


def label(study: Study) -> tuple[Labelling, Kept]:
    """The method's labels up to the size's scale, without those that ask what the exam asks."""
    material, scale = study.material, study.size.scale
    teacher = identity(study.teacher) if study.method.asks else None
    made_of = [identity(study.method), teacher, scale, material.sections, material.labels, material.purpose]

    def make(folder: Path) -> None:
        labelling = study.method.label(material, study.store.remember(study.teacher), scale)
        write(folder / "labelling.jsonl", [labelling])

    kept = study.store.keep("labels", made_of, make)
    (labelling,) = read(kept.folder / "labelling.jsonl", Labelling)
    asked = {normal(question.question) for question in material.questions}
    safe = tuple(label for label in labelling.labels if normal(label.question) not in asked)
    leaks = {"asked in the exam": len(labelling.labels) - len(safe)}
    ledger = Ledger(stage="leaks", requested=len(labelling.labels), kept=len(safe), filtered=leaks)
    return replace(labelling, labels=safe, ledgers=(*labelling.ledgers, ledger)), kept


def tune(study: Study, draw: Draw) -> tuple[Tuning, Kept]:
    """How the tuning went, and the folder of the tuned weights."""
    examples = [(_chat(study, label.question), label.answer) for label in draw.labels]

    def make(folder: Path) -> None:
        write(folder / "tuning.jsonl", [study.tuner.tune(study.model, examples, study.seed, folder)])

    kept = study.store.keep("tunings", [identity(study.tuner), identity(study.model), examples, study.seed], make)
    return read(kept.folder / "tuning.jsonl", Tuning)[0], kept


def sit(study: Study, model: Model, exam: Sequence[Asked], tuned: str = "") -> Sitting:
    """Answers to the exam, their grades, and the numbers; `tuned` is the key of the tuning, if any."""
    questions, judge = study.material.questions, study.store.remember(study.judge)

    def answer(folder: Path) -> None:
        replies = dict(model.ask([asked.prompt for asked in exam]))
        pairs = enumerate(zip(questions, exam, strict=True))
        write(
            folder / "answers.jsonl",
            [Answer(question=of.id, text=replies[at].text, passages=asked.passages) for at, (of, asked) in pairs],
        )

    answered = study.store.keep("answers", [identity(study.model), tuned, exam, [of.id for of in questions]], answer)
    answers = read(answered.folder / "answers.jsonl", Answer)

    def grade(folder: Path) -> None:
        write(folder / "grades.jsonl", study.grader.grade(questions, answers, judge))

    judged = identity(study.judge) if study.grader.asks else None
    graded = study.store.keep("grades", [identity(study.grader), judged, questions, answers], grade)
    grades = read(graded.folder / "grades.jsonl", Grade)
    numbers = {name: value for metric in study.metric.values() for name, value in metric.measure(questions, grades).items()}
    return Sitting(answers, grades, {**numbers, "seconds/answer": answered.seconds, "seconds/grade": graded.seconds})


def _chat(study: Study, question: str) -> Prompt:
    return chat(question, study.instruction, study.reply_tokens)
