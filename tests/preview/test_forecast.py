"""A forecast is close to what is then asked and paid; and nothing is asked or tracked for it."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

import pytest

from runner.component import identified
from runner.config.study import Study
from runner.data.records import Answer, Grade, Labelling, Material, Question, chat
from runner.model import Model
from runner.pipeline import labels
from runner.pipeline.answer import answer, examine, grade, untuned
from runner.pipeline.prompts import bare_requests, baseline_requests
from runner.pipeline.recording import record
from runner.pipeline.results import Checkpoint, Output
from runner.pipeline.store_executor import StoreExecutor
from runner.preview.estimate import Estimate
from runner.preview.forecast import Forecast, ForecastExecutor
from runner.preview.table import forecast
from tests.given import Scripted, in_turn, question, study
from tests.given import label as written_label
from tests.pipeline.given import NotingTuner
from tests.teacher import corpus, taught, taught_by, teaching


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")


def label(chosen: Study) -> Output[Labelling]:
    """Label as a run does."""
    return labels.label(chosen, StoreExecutor(chosen))


def labelling(chosen: Study) -> Estimate:
    """The forecast of what labelling asks the teacher."""
    return forecast([chosen]).estimates["label", "gpt-5-mini"]


@pytest.mark.parametrize("method", ["fact", "token"])
def test_what_is_kept_is_counted_to_the_request_and_the_token(tmp_path: Path, method: str) -> None:
    common = [*corpus(tmp_path), f"method={method}", "size=5x"]
    with teaching() as (url, asked):
        done = label(study(*common, *taught_by(url)))
        line = labelling(study(*common, *taught_by(url, "preview=true")))
    (used,) = done.usage
    assert (line.kept.requests, line.left.requests, line.about) == (len(asked), 0, False)
    assert (line.kept.tokens["prompt"], line.kept.tokens["reply"]) == (used.prompt_tokens, used.reply_tokens)


def test_before_anything_is_asked_the_requests_for_facts_are_forecast_and_nobody_is_asked(tmp_path: Path) -> None:
    common = [*corpus(tmp_path), "method=fact"]
    with teaching() as (url, asked):
        points = [study(*common, *taught_by(url, "preview=true", f"size={size}")) for size in ("1x", "10x")]
        line = forecast(points).estimates["label", "gpt-5-mini"]
        assert asked == []
        label(study(*common, *taught_by(url), "size=10x"))
    assert (line.kept.requests, line.left.requests, line.about) == (0, len(asked), True)


def test_a_larger_size_asks_only_what_the_smaller_one_leaves(tmp_path: Path) -> None:
    common = [*corpus(tmp_path), "method=fact"]
    with teaching() as (url, asked):
        label(study(*common, *taught_by(url), "size=5x"))
        before = len(asked)
        line = labelling(study(*common, *taught_by(url, "preview=true"), "size=10x"))
        assert len(asked) == before
        done = label(study(*common, *taught_by(url), "size=10x"))
    assert (line.kept.requests, line.left.requests) == (before, len(asked) - before)
    tokens = line.kept.tokens["prompt"] + line.tokens()["prompt"]
    assert tokens == pytest.approx(done.usage[0].prompt_tokens, rel=0.1)


def test_what_is_left_has_a_batchs_price_and_what_is_kept_at_its_own(tmp_path: Path) -> None:
    common = [*corpus(tmp_path), "method=fact"]
    with teaching() as (url, _):
        label(study(*common, *taught_by(url), "size=5x"))
        singly, by_batch = (
            study(*common, *taught_by(url, "preview=true", f"teacher.batch={on}"), "size=10x") for on in (False, True)
        )
        lines = [labelling(chosen) for chosen in (singly, by_batch)]
    (left, kept), (half, same) = (line.usd(singly.settings.prices) for line in lines)
    assert (half, same) == (pytest.approx(left / 2), kept)
    assert left > 0 < kept


def test_a_recording_costs_nothing_and_is_counted_exactly(tmp_path: Path) -> None:
    common = [*corpus(tmp_path), "method=fact", f"store={tmp_path}/store"]
    with teaching() as (url, asked):
        record(study(*common, *taught_by(url, f"record={tmp_path}/said")))
    line = forecast([study(*common, f"teacher.path={tmp_path}/said", "preview=true")]).estimates["label", "recorded"]
    assert (line.kept.requests, line.left.requests, line.hosted) == (len(asked), 0, False)


def test_the_judges_requests_are_the_questions_of_every_arm(tmp_path: Path) -> None:
    common = [*corpus(tmp_path), *taught_by("http://127.0.0.1:9/v1"), "preview=true", "seeds=2", "recall=3"]
    total = forecast([study(*common, "grader=judge", "judge.id=gpt-5-nano", "size=1x")])
    estimates = total.estimates
    assert (estimates["grade", "gpt-5-nano"].left.requests, estimates["answer", "student"].left.requests) == (10, 10)
    assert list(total.trainings.values()) == [pytest.approx(float("nan"), nan_ok=True)] * 2


def test_a_judge_that_is_asked_about_some_answers_is_forecast_by_all_that_are_not_there_yet(tmp_path: Path) -> None:
    common = [*corpus(tmp_path), *taught_by("http://127.0.0.1:9/v1"), "recall=3", "grader=both", "judge.id=gpt-5-nano", "size=1x"]
    total = forecast([study(*common, "preview=true")])
    line = total.estimates["grade", "gpt-5-nano"]
    assert (line.left.requests, line.about) == (6, True)  # base, rag, the tuned exam, and three training questions
    assert list(total.notes) == ["grade: at most. The judge of grader=both is asked about some of these answers only."]


def test_where_answers_are_kept_such_a_judge_is_forecast_to_the_request(tmp_path: Path) -> None:
    common = [*corpus(tmp_path), "grader=both"]
    chosen = replace(study(*common), model=(model := Scripted(in_turn("Bea", "Ada"), name="student")))
    executor, questions = StoreExecutor(chosen), Output(value=[question("a"), question("b")])
    requests = bare_requests(chosen, questions)
    answers = answer(chosen, executor, Output(value=Checkpoint(model=model)), questions, requests)
    total = Forecast()
    grade(chosen, ForecastExecutor(chosen, total, {}), questions.value, answers)
    assert [line.left.requests for line in total.estimates.values()] == [1]
    assert (total.notes, [line.about for line in total.estimates.values()]) == ({}, [False])


def test_another_judge_or_model_is_asked_all_of_its_requests_and_the_student_none_twice(tmp_path: Path) -> None:
    docs = [option for option in corpus(tmp_path) if option != "retention=none" and not option.startswith("model")]
    host = ["tuner=hosted", "tuner.epochs=3", "model=openai", "model.batch=true", "grader=judge", "judge.id=gpt-5", "size=1x"]
    common = [*docs, *host, "method=fact", *taught_by("http://127.0.0.1:9/v1"), "retention.questions=8", "preview=true"]
    first, other = study(*common, "model.id=gpt-4.1"), study(*common, "model.id=gpt-4.1-mini")
    judged = [study(*common, "model.id=gpt-4.1", setting) for setting in ("judge.id=gpt-5-nano", "near=0.8")]
    alone, together, models = forecast([first]), forecast([first, *judged]), forecast([first, other])
    left = {key: line.left.requests for key, line in alone.estimates.items()}
    assert left["answer", "gpt-4.1"] > 8 < left["answer", "ft:gpt-4.1"]
    assert {key: line.left.requests for key, line in together.estimates.items()} == {
        **left,
        ("grade", "gpt-5-nano"): left["grade", "gpt-5"],
    }
    assert len(together.trainings) == len(alone.trainings) == 1
    assert models.estimates["answer", "gpt-4.1-mini"].left.requests == left["answer", "gpt-4.1"]
    assert alone.estimates["answer", "ft:gpt-4.1"].batch


def wordy(text: str) -> str:
    """The teacher's pairs with longer questions."""
    return json.dumps(
        [{**pair, "question": f"In plain and simple words, {pair['question']}"} for pair in json.loads(taught(text))]
    )


def test_guesses_follow_from_earlier_replies_of_the_same_teacher(tmp_path: Path) -> None:
    common = [*corpus(tmp_path), "method=token"]
    with teaching(wordy) as (url, asked):
        label(study(*common, *taught_by(url), "size.scale=30"))
        before = len(asked)
        line = labelling(study(*common, *taught_by(url, "preview=true"), "size.scale=60"))
        label(study(*common, *taught_by(url), "size.scale=60"))
    used = [body["usage"] for body in asked[before:]]
    assert (line.left.requests, line.about) == (len(used), True)
    assert line.tokens()["reply"] == pytest.approx(sum(usage["completion_tokens"] for usage in used), rel=0.02)


def test_replies_of_a_hosted_student_and_a_judge_are_expected_to_be_as_long_as_before(tmp_path: Path) -> None:
    chosen = [option for option in corpus(tmp_path) if not option.startswith("model")]
    common = [*chosen, "model=openai", "model.id=gpt-5-nano", "tuner=hosted", "grader=judge", "judge.id=gpt-5"]
    with teaching(lambda text: "PASS" if "PASS or FAIL" in text else "Ada of Oslo, I think.") as (url, asked):
        urls = [f"{group}.base_url={url}" for group in ("model", "judge")]
        paid = study(*common, *urls, *taught_by(url))
        executor, questions = StoreExecutor(paid), Output(value=paid.material.questions)
        examine(paid, executor, untuned(paid), questions, baseline_requests(paid, executor, "base"))
        estimates = forecast([study(*common, *urls, *taught_by(url), "preview=true")]).estimates
    answers, grades = estimates["answer", "gpt-5-nano"], estimates["grade", "gpt-5"]
    assert (answers.kept.requests, grades.kept.requests) == (1, 1)
    assert answers.tokens()["reply"] == answers.left.requests * asked[0]["usage"]["completion_tokens"]
    assert grades.tokens()["reply"] == grades.left.requests


@identified
@dataclass
class OwnMethod:
    """A method of a user: it asks for each section, reads the reply with `reads`, and has no guesses."""

    incidental: ClassVar[frozenset[str]] = frozenset({"reads"})

    reads: Callable[[str], Any]
    asks: bool = True

    def label(self, material: Material, teacher: Model, scale: float) -> Labelling:
        """Write a label for each pair of each reply."""
        replies = dict(teacher.ask([chat(f"Write pairs on {section.text}", "", 99) for section in material.sections]))
        pairs = [pair for reply in replies.values() for pair in self.reads(reply.text)]
        return Labelling(labels=tuple(written_label(pair["question"], answer=pair["answer"]) for pair in pairs))


@identified
@dataclass
class OwnGrader:
    """A grader of a user: it asks the judge about each answer, reads the reply with `reads`, and has no guesses."""

    incidental: ClassVar[frozenset[str]] = frozenset({"reads"})

    reads: Callable[[str], bool]
    asks: bool = True

    def grade(self, questions: Sequence[Question], answers: Sequence[Answer], judge: Model) -> list[Grade]:
        """Grade by the judge's reply."""
        replies = dict(judge.ask([chat(f"Is {answer.text} right for {answer.question}?", "", 9) for answer in answers]))
        return [Grade(question=question.id, passed=self.reads(replies[at].text)) for at, question in enumerate(questions)]


def own(folder: Path, **parts: Any) -> Study:
    """A study of two sections with parts of a user's own; the model that it asks is never reached."""
    settings = ["preview=true", "recall=3", "judge.id=gpt-5-nano", "judge.base_url=http://127.0.0.1:9/v1"]
    return replace(study(*corpus(folder), *taught_by("http://127.0.0.1:9/v1", *settings)), **parts)


def test_a_method_without_guesses_is_forecast_roughly(tmp_path: Path) -> None:
    total = forecast([own(tmp_path, method=OwnMethod(json.loads))])
    line = total.estimates["label", "gpt-5-mini"]
    assert (line.kept.requests, line.left.requests, line.about) == (0, 2, True)
    assert line.tokens()["reply"] > 0
    # base, rag, the tuned exam, and three training questions of guessed labels.
    assert total.estimates["answer", "student"].left.requests == 6
    assert (total.notes, len(total.trainings)) == ({}, 1)


def test_earlier_replies_are_what_a_method_without_guesses_is_forecast_by(tmp_path: Path) -> None:
    common = corpus(tmp_path)
    with teaching(lambda text: json.dumps([{"question": text, "answer": "It is long. " * 20}])) as (url, asked):
        paid = replace(study(*common, *taught_by(url)), method=OwnMethod(json.loads))
        label(paid)
        (tmp_path / "docs" / "documents" / "more.md").write_text("# More\n\nThe cup was made of elm.\n")
        again = replace(study(*common, *taught_by(url, "preview=true")), method=OwnMethod(json.loads))
        line = labelling(again)
    assert (line.kept.requests, line.left.requests) == (2, 1)
    assert line.tokens()["reply"] == pytest.approx(asked[0]["usage"]["completion_tokens"], rel=0.3)


def test_a_method_that_can_not_read_a_guess_is_forecast_up_to_there_with_a_note(tmp_path: Path) -> None:
    total = forecast([own(tmp_path, method=OwnMethod(lambda reply: [int(reply)]))])
    line = total.estimates["label", "gpt-5-mini"]
    assert (line.left.requests, line.about) == (2, True)
    assert total.estimates["answer", "student"].left.requests == 3
    (note,) = total.notes
    assert note.startswith("labels: a guessed reply could not be read (ValueError(")
    assert note.endswith("so at least this is asked.")


def test_a_grader_without_guesses_is_forecast_roughly_whether_it_can_read_a_guess_or_not(tmp_path: Path) -> None:
    readable = forecast([own(tmp_path, grader=OwnGrader(lambda reply: True))])
    other = tmp_path / "other"
    other.mkdir()
    unreadable = forecast([own(other, grader=OwnGrader(lambda reply: bool(int(reply))))])
    for total, notes in ((readable, 0), (unreadable, 1)):
        line = total.estimates["grade", "gpt-5-nano"]
        assert (line.left.requests, line.about, len(total.notes)) == (6, True, notes)


def test_an_error_that_follows_from_no_guess_is_raised(tmp_path: Path) -> None:
    broken = OwnMethod(json.loads)
    with teaching(lambda text: "no pairs at all") as (url, _):
        paid = replace(study(*corpus(tmp_path), *taught_by(url)), method=replace(broken, reads=lambda reply: []))
        label(paid)
        with pytest.raises(json.JSONDecodeError):
            forecast([replace(paid, method=broken)])


def test_what_the_untuned_model_replied_is_no_reply_of_a_model_that_is_not_tuned_yet(tmp_path: Path) -> None:
    common = [*corpus(tmp_path), "method=human"]
    (tmp_path / "docs" / "labels.jsonl").write_text('{"question": "Where was it?", "answer": "Bergen"}\n')
    with teaching(lambda text: "Ada") as (url, _):
        student = [setting for setting in common if not setting.startswith("model")]
        hosted = ["model=openai", "model.id=gpt-5-nano", f"model.base_url={url}", "tuner=hosted"]
        settings = [*student, *hosted, "recall=0", "baseline=[base]"]
        paid = replace(study(*settings), tuner=NotingTuner())
        executor, questions = StoreExecutor(paid), Output(value=paid.material.questions)
        examine(paid, executor, untuned(paid), questions, baseline_requests(paid, executor, "base"))
        estimate = forecast([replace(study(*settings, "preview=true"), tuner=NotingTuner())]).estimates["answer", "gpt-5-nano"]
    assert (estimate.kept.requests, estimate.left.requests) == (1, 1)
