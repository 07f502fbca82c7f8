"""What a command would ask and pay is told before it is, close to what it then is; and nothing is asked or tracked."""

import json
from pathlib import Path

import pytest

from runner.config.study import Study
from runner.pipeline.recording import record
from runner.pipeline.stages import Student, exam, label, sit
from runner.preview.forecast import Foresight
from runner.spending.usage import spent_in
from tests.given import study
from tests.teacher import corpus, taught, taught_by, teaching


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")


def foreseen(*studies: Study) -> Foresight:
    found = Foresight()
    for one in studies:
        found.add(one)
    return found


@pytest.mark.parametrize("method", ["fact", "token"])
def test_what_is_kept_is_told_to_the_request_and_the_token(tmp_path: Path, method: str) -> None:
    common = [*corpus(tmp_path), f"method={method}", "size=5x"]
    with teaching() as (url, asked):
        _, kept = label(study(*common, *taught_by(url)))
        line = foreseen(study(*common, *taught_by(url, "preview=true"))).lines["label", "gpt-5-mini"]
    (used,) = spent_in(kept.folder)
    assert (line.kept.requests, line.left.requests, line.about) == (len(asked), 0, False)
    assert (line.kept.tokens["prompt"], line.kept.tokens["reply"]) == (used.prompt_tokens, used.reply_tokens)


def test_before_anything_is_asked_the_requests_for_facts_are_foreseen_and_nobody_is_asked(tmp_path: Path) -> None:
    common = [*corpus(tmp_path), "method=fact"]
    with teaching() as (url, asked):
        points = [study(*common, *taught_by(url, "preview=true", f"size={size}")) for size in ("1x", "10x")]
        line = foreseen(*points).lines["label", "gpt-5-mini"]
        assert asked == []
        label(study(*common, *taught_by(url), "size=10x"))
    assert (line.kept.requests, line.left.requests, line.about) == (0, len(asked), True)


def test_a_larger_size_is_told_only_what_the_smaller_one_leaves(tmp_path: Path) -> None:
    common = [*corpus(tmp_path), "method=fact"]
    with teaching() as (url, asked):
        label(study(*common, *taught_by(url), "size=5x"))
        before = len(asked)
        line = foreseen(study(*common, *taught_by(url, "preview=true"), "size=10x")).lines["label", "gpt-5-mini"]
        assert len(asked) == before
        _, kept = label(study(*common, *taught_by(url), "size=10x"))
    assert (line.kept.requests, line.left.requests) == (before, len(asked) - before)
    told = {side: line.kept.tokens[side] + line.tokens()[side] for side in ("prompt", "reply")}
    assert told["prompt"] == pytest.approx(spent_in(kept.folder)[0].prompt_tokens, rel=0.1)


def test_what_is_left_is_told_at_a_batchs_price_and_what_is_kept_at_its_own(tmp_path: Path) -> None:
    common = [*corpus(tmp_path), "method=fact"]
    with teaching() as (url, _):
        label(study(*common, *taught_by(url), "size=5x"))
        singly, by_batch = (
            study(*common, *taught_by(url, "preview=true", f"teacher.batch={on}"), "size=10x") for on in (False, True)
        )
        lines = [foreseen(one).lines["label", "gpt-5-mini"] for one in (singly, by_batch)]
    (left, kept), (half, same) = (line.usd(singly.prices) for line in lines)
    assert (half, same) == (pytest.approx(left / 2), kept)
    assert left > 0 < kept


def test_a_recording_costs_nothing_and_is_told_exactly(tmp_path: Path) -> None:
    common = [*corpus(tmp_path), "method=fact", f"store={tmp_path}/store"]
    with teaching() as (url, asked):
        record(study(*common, *taught_by(url, f"record={tmp_path}/said")))
    line = foreseen(study(*common, f"teacher.path={tmp_path}/said", "preview=true")).lines["label", "recorded"]
    assert (line.kept.requests, line.left.requests, line.hosted) == (len(asked), 0, False)


def test_the_judges_requests_are_the_questions_of_every_arm(tmp_path: Path) -> None:
    common = [*corpus(tmp_path), *taught_by("http://127.0.0.1:9/v1"), "preview=true", "seeds=2", "recall=3"]
    found = foreseen(study(*common, "grader=judge", "judge.id=gpt-5-nano", "size=1x"))
    assert (found.lines["grade", "gpt-5-nano"].left.requests, found.lines["answer", "student"].left.requests) == (10, 10)
    assert list(found.trainings.values()) == [pytest.approx(float("nan"), nan_ok=True)] * 2


def test_another_judge_or_model_is_told_all_of_its_requests_and_the_student_none_twice(tmp_path: Path) -> None:
    docs = [option for option in corpus(tmp_path) if option != "retention=none" and not option.startswith("model")]
    host = ["tuner=hosted", "tuner.epochs=3", "model=openai", "model.batch=true", "grader=judge", "judge.id=gpt-5", "size=1x"]
    common = [*docs, *host, "method=fact", *taught_by("http://127.0.0.1:9/v1"), "retention.questions=8", "preview=true"]
    one, other = study(*common, "model.id=gpt-4.1"), study(*common, "model.id=gpt-4.1-mini")
    judged = [study(*common, "model.id=gpt-4.1", setting) for setting in ("judge.id=gpt-5-nano", "near=0.8")]
    alone, together, models = foreseen(one), foreseen(one, *judged), foreseen(one, other)
    left = {of: line.left.requests for of, line in alone.lines.items()}
    assert left["answer", "gpt-4.1"] > 8 < left["answer", "ft:gpt-4.1"]
    assert {of: line.left.requests for of, line in together.lines.items()} == {
        **left,
        ("grade", "gpt-5-nano"): left["grade", "gpt-5"],
    }
    assert len(together.trainings) == len(alone.trainings) == 1
    assert models.lines["answer", "gpt-4.1-mini"].left.requests == left["answer", "gpt-4.1"]
    assert alone.lines["answer", "ft:gpt-4.1"].batch


def wordy(text: str) -> str:
    """The teacher's pairs with longer questions."""
    return json.dumps(
        [{**pair, "question": f"In plain and simple words, {pair['question']}"} for pair in json.loads(taught(text))]
    )


def test_guesses_follow_from_what_the_same_teacher_said_before(tmp_path: Path) -> None:
    common = [*corpus(tmp_path), "method=token"]
    with teaching(wordy) as (url, asked):
        label(study(*common, *taught_by(url), "size.scale=30"))
        before = len(asked)
        line = foreseen(study(*common, *taught_by(url, "preview=true"), "size.scale=60")).lines["label", "gpt-5-mini"]
        label(study(*common, *taught_by(url), "size.scale=60"))
    used = [body["usage"] for body in asked[before:]]
    assert (line.left.requests, line.about) == (len(used), True)
    assert line.tokens()["reply"] == pytest.approx(sum(one["completion_tokens"] for one in used), rel=0.02)


def test_what_a_hosted_student_and_a_judge_said_before_tells_how_long_their_replies_will_be(tmp_path: Path) -> None:
    chosen = [option for option in corpus(tmp_path) if not option.startswith("model")]
    common = [*chosen, "model=openai", "model.id=gpt-5-nano", "tuner=hosted", "grader=judge", "judge.id=gpt-5"]
    with teaching(lambda text: "PASS" if "PASS or FAIL" in text else "Ada of Oslo, I think.") as (url, asked):
        urls = [f"{group}.base_url={url}" for group in ("model", "judge")]
        one = study(*common, *urls, *taught_by(url))
        sit(one, Student(one.model), one.material.questions, exam(one, "base"))
        lines = foreseen(study(*common, *urls, *taught_by(url), "preview=true")).lines
    answers, grades = lines["answer", "gpt-5-nano"], lines["grade", "gpt-5"]
    assert (answers.kept.requests, grades.kept.requests) == (1, 1)
    assert answers.tokens()["reply"] == answers.left.requests * asked[0]["usage"]["completion_tokens"]
    assert grades.tokens()["reply"] == grades.left.requests
