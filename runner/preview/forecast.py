"""Built studies to what each of their stages would ask of each model; nothing is asked, and nothing is tracked.

The methods and graders run as they are, on a model that gives the replies that the store or a recording holds, and guesses the
others (`guesses`, of a method or grader) by those that are kept. So a larger size counts only what a smaller one leaves, and what
is kept counts exactly.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

from runner.component import identity
from runner.config.study import Study
from runner.data.records import Answer, Asked, Draw, Labelling, Prompt, Question, Reply, canonical, digest, fingerprint
from runner.exam_checks.training_questions import repeated
from runner.pipeline.stages import Student, answer, bare, exam, taught, tune, without_leaks
from runner.preview.estimate import Line
from runner.preview.history import per_example
from runner.spending.usage import Spent, batched, hosted, member, spent_in
from runner.store.local import Unmade
from runner.store.reply_cache import Remembering


class Foresight:
    """Adds up what studies would ask, each request once; `lines` are the stages, by stage and model."""

    def __init__(self) -> None:
        """Nothing is asked yet."""
        self.lines: dict[tuple[str, str], Line] = {}
        self.short: dict[str, str] = {}  # by arm, in words, where there are fewer labels than are asked for
        self.trainings: dict[str, float] = {}  # by what is trained, the seconds that are left of it
        self._seen: set[bytes] = set()
        self._paces: dict[str, float] = {}

    def add(self, study: Study) -> None:
        """Everything that one run asks."""
        questions, general = study.material.questions, study.knowledge.questions
        labelling, exact = self._label(study)
        draw = study.size.draw(labelling, study.subset_seed)
        if draw.shortage:
            guessed = "" if exact else ", as far as can be guessed"
            self.short[study.title("tuned")] = f"{draw.shortage}; {len(draw.labels)} would be trained on{guessed}"
        untuned = canonical(identity(study.model))
        for name, baseline in study.baseline.items():
            self._sit(study, Student(study.model), f"{canonical(identity(baseline))} {untuned}", questions, _exam(study, name))
        self._sit(study, Student(study.model), untuned, general)
        lessons = repeated(draw.labels, questions, study.recall) if exact else _lessons(draw, study.recall)
        self.line("answer", _answering(study, None)).about |= bool(lessons) and not exact
        for seed in study.seeds_of_training:
            arm = f"{_trained(study)} {seed}"
            student, spent = _tuned(study, draw, seed) if exact else (None, ())
            if arm not in self.trainings and hosted(study.tuner):
                self._train(study, draw, student, spent)
            self.trainings[arm] = 0.0 if student else self._seconds(study, draw)
            for asked in (questions, lessons, general):
                self._sit(study, student, arm, asked)

    def _label(self, study: Study) -> tuple[Labelling, bool]:
        """The labels, and whether they are those that the run will have."""
        teacher = _Foreseen(self, study, "label", study.teacher, getattr(study.method, "guesses", None))
        try:
            labelling = study.method.label(study.material, teacher, study.size.scale)
        except Unmade:
            self.line("label", study.teacher).unknown = True
            return Labelling(labels=()), False
        return without_leaks(study, labelling), not teacher.guessed

    def _train(self, study: Study, draw: Draw, student: Student | None, spent: Sequence[Spent]) -> None:
        """A job at the student's host."""
        line, tuner = self.line("tune", study.model), cast(Any, study.tuner)
        line.unknown |= not draw.labels
        count = line.kept if student else line.left
        count.requests += 1
        count.trained += sum(one.trained_tokens for one in spent) if student else tuner.tokens(taught(study, draw))[0]

    def _seconds(self, study: Study, draw: Draw) -> float:
        """What a training may take, by those that were done before."""
        of = digest([identity(study.tuner), identity(study.model)])
        if of not in self._paces:
            self._paces[of] = per_example(study.store.folder, of)
        return self._paces[of] * len(draw.labels) * (1 + study.tuner.replay)

    def _sit(
        self, study: Study, student: Student | None, who: str, questions: Sequence[Question], asked: Sequence[Asked] = ()
    ) -> None:
        """Answers and grades; where there are no answers yet, the references stand in for them."""
        asked = asked or bare(study, questions)
        if not questions:
            return
        try:
            answers = answer(study, student, questions, asked)[0] if student else None
        except Unmade:
            answers = None
        stand_ins = [Answer(question=one.id, text=one.answer) for one in questions]
        if self._new(f"{who} {canonical([asked, [question.id for question in questions]])}"):
            line = self.line("answer", _answering(study, student))
            replies = Remembering(student.model, study.store.folder / "replies") if student and line.hosted else None
            for one, said in zip(asked, answers or stand_ins, strict=True):
                found = replies.find(one.prompt) if replies else None
                (line.keep if found or answers else line.leave)(one.prompt, found or Reply(text=said.text))
        if study.grader.asks:
            judge = _Foreseen(self, study, "grade", study.judge, getattr(study.grader, "guesses", None), "" if answers else who)
            try:
                study.grader.grade(questions, answers or stand_ins, judge)
            except Unmade:
                self.line("grade", study.judge).unknown = True

    def line(self, stage: str, model: Any) -> Line:
        """What a stage asks of a model."""
        return self.lines.setdefault((stage, model.name), Line(stage, model.name, hosted(model), batched(model)))

    def _new(self, request: str) -> bool:
        """Whether this is asked for the first time."""
        key, before = fingerprint(request), len(self._seen)
        self._seen.add(key)
        return len(self._seen) > before

    def count(self, stage: str, model: Any, prompt: Prompt, reply: Reply, kept: bool, who: str) -> None:
        """A request of a stage, unless another study made it too; `who` is whose answers stand in."""
        if self._new(canonical([stage, model.name, prompt, who])):
            line = self.line(stage, model)
            (line.keep if kept else line.leave)(prompt, reply)
            line.about |= not kept and (stage == "label" or bool(who))


class _Foreseen:
    """A model that gives the replies that are kept, and guesses the others."""

    def __init__(
        self, foresight: Foresight, study: Study, stage: str, model: Any, guesses: Callable[[], Any] | None, who: str = ""
    ) -> None:
        self.foresight, self.stage, self.model, self.who = foresight, stage, model, who
        self.guesses = guesses() if guesses else None
        self.name, self.guessed = model.name, False
        self.kept = Remembering(model, study.store.folder / "replies")

    def check(self) -> None:
        self.model.check()

    def ask(self, prompts: Sequence[Prompt]) -> Iterator[tuple[int, Reply]]:
        found = dict(self.model.ask(prompts)) if getattr(self.model, "replays", False) else {}
        for place, prompt in enumerate(prompts):
            if kept := found.get(place) or self.kept.find(prompt):
                found[place] = kept
                if self.guesses:
                    self.guesses.learn(prompt.messages[-1].content, kept.text)
        for place, prompt in enumerate(prompts):
            reply = found.get(place) or self._guess(prompt)
            self.foresight.count(self.stage, member(self.model, prompt), prompt, reply, place in found, self.who)
            yield place, reply

    def _guess(self, prompt: Prompt) -> Reply:
        if not self.guesses:
            raise Unmade(self.stage)
        self.guessed = True
        return Reply(text=self.guesses.guess(prompt.messages[-1].content))


@dataclass(frozen=True)
class _HostTuned:
    """What a host will have tuned: its replies have a price of their own."""

    name: str
    batch: bool
    hosted: bool = True


def _answering(study: Study, student: Student | None) -> Any:
    """Who answers for a student, which is none where it is not tuned yet."""
    tuned = student is None or bool(student.tuned)
    return _HostTuned(f"ft:{study.model.name}", batched(study.model)) if tuned and hosted(study.tuner) else study.model


def _trained(study: Study) -> str:
    """What decides a tuned student, but for the seed of its training."""
    parts = {name: identity(getattr(study, name)) for name in ("model", "method", "size", "tuner")}
    teacher = identity(study.teacher) if study.method.asks else None
    return digest([parts, teacher, study.material, study.subset_seed, study.instruction, study.reply_tokens])


def _tuned(study: Study, draw: Draw, seed: int) -> tuple[Student | None, Sequence[Spent]]:
    """The student of a training that is done, and what that cost."""
    try:
        _, student, kept = tune(study, draw, seed)
    except Unmade:
        return None, ()
    return student, spent_in(kept.folder)


def _lessons(draw: Draw, most: int) -> list[Question]:
    """Stand-ins for the training questions that are asked again, where it is not known which labels there will be."""
    return [
        Question(id=f"label-{place}", question=label.question, answer=label.answer, category=label.category)
        for place, label in enumerate(draw.labels[:most])
    ]


def _exam(study: Study, name: str) -> Sequence[Asked]:
    """What a baseline is asked; searched for anew where that was not done yet, which asks no model for a reply."""
    try:
        return exam(study, name)
    except Unmade:
        return study.baseline[name].ask(study.material.questions, study.material.sections, study.retriever)
