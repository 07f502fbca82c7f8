"""A judge at a real server decides on the labels that a rule would drop, and on no others."""

from dataclasses import replace

import pytest

from runner.config.study import Study
from runner.data.records import Label, Labelling
from runner.data.reviews import Review, Standing, label_item
from runner.pipeline.filtering import filtered
from runner.pipeline.results import Output
from runner.pipeline.store_executor import StoreExecutor
from runner.preview.forecast import Forecast, ForecastExecutor
from runner.spending.usage import cost_metrics
from tests import given
from tests.teacher import teaching

# By the words of the section, the second and the third are in doubt.
LABELS = (
    given.label("Who won?", answer="Ada."),
    given.label("Who lost?", answer="Bea of Bergen."),
    given.label("Who came third?", answer="Cleo."),
    given.label("Who won again?", answer="Ada."),
)
PASS, FAIL = "Reason: it follows.\nVerdict: PASS", "Reason: nothing says so.\nVerdict: FAIL"


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key for the server of a test."""
    monkeypatch.setenv("OPENAI_API_KEY", given.KEY)


def judging(study: Study, url: str, *overrides: str) -> Study:
    """The study with `supported`, whose judge is asked at a server."""
    judge = ["model@judge=openai", f"judge.base_url={url}", "judge.id=gpt-5-nano", "filter.supported.judge.asks=true"]
    chosen = given.study("model=huggingface", f"model.id={study.model.id}", "filter=[supported]", *judge, *overrides)
    asking = replace(study, filter=chosen.filter, judge=chosen.judge)
    vars(asking)["material"] = replace(study.material, sections=(given.section("Ada won."),))
    return asking


def decided(text: str) -> str:
    """The reply of a judge who keeps what was said of the one who lost."""
    return PASS if "lost" in text else FAIL


def kept(study: Study, labels: tuple[Label, ...] = LABELS) -> Output[Labelling]:
    """What the filters keep of labels that the teacher was paid for."""
    return filtered(study, StoreExecutor(study), Output(value=Labelling(labels=labels), key="labels", seconds=1.0))


def test_a_judge_keeps_doubtful_labels_at_their_place_and_is_asked_about_no_others(study: Study) -> None:
    with teaching(decided) as (url, asked):
        asking = judging(study, url)
        output = kept(asking)
        assert kept(asking).value == output.value
    assert [label.question for label in output.value.labels] == ["Who won?", "Who lost?", "Who won again?"]
    assert output.value.labels[1] == LABELS[1]
    assert [(label.question, label.extra["reason"], label.extra["detail"]) for label in output.value.dropped] == [
        ("Who came third?", "words not in the section", "cleo; the judge: Reason: nothing says so. Verdict: FAIL")
    ]
    assert dict(output.value.ledgers[-1].filtered) == {"words not in the section": 1}
    said = [body["messages"][-1]["content"] for body in asked]
    assert len(said) == 2  # and none again for the second time
    assert all("<text>Ada won.</text>" in text for text in said)
    assert sorted(text.rpartition("<question>")[2].split("<")[0] for text in said) == ["Who came third?", "Who lost?"]


def test_what_the_judge_was_paid_is_a_cost_of_the_labels(study: Study) -> None:
    with teaching(decided) as (url, asked):
        output = kept(judging(study, url))
    metrics = cost_metrics({"label": output.usage}, study.settings.prices)
    assert metrics["cost/label/requests"] == 2
    sent = sum(body["usage"]["prompt_tokens"] for body in asked)
    received = sum(body["usage"]["completion_tokens"] for body in asked)
    assert metrics["cost/label/usd"] == pytest.approx((0.05 * sent + 0.4 * received) / 1e6)
    assert (output.key, output.seconds > 1) == ("labels", True)


def test_a_reply_without_a_verdict_is_asked_for_again_and_then_the_label_is_dropped(
    study: Study, caplog: pytest.LogCaptureFixture
) -> None:
    with teaching(lambda text: "well" if "lost" in text else PASS) as (url, asked):
        output = kept(judging(study, url, "filter.supported.judge.attempts=2"))
    assert len(asked) == 3
    assert [(label.question, label.extra["reason"]) for label in output.value.dropped] == [
        ("Who lost?", "no verdict of the judge")
    ]
    assert str(output.value.dropped[0].extra["detail"]).startswith("name not in the section: bergen")
    assert dict(output.value.ledgers[-1].filtered) == {"no verdict of the judge": 1}
    (told,) = [record.getMessage() for record in caplog.records if "no verdict" in record.getMessage()]
    assert "filter=supported: 1 of 2 labels have no verdict of the judge that can be read, and are dropped" in told
    assert "One reply began 'well'" in told


def test_the_requests_of_a_judge_are_forecast(study: Study) -> None:
    with teaching(decided) as (url, asked):
        asking = judging(study, url)
        forecast = Forecast()
        output = filtered(asking, ForecastExecutor(asking, forecast, {}), Output(value=Labelling(labels=LABELS)))
        assert {place: estimate.left.requests for place, estimate in forecast.estimates.items()} == {("filter", "gpt-5-nano"): 2}
        assert (output.value.labels, bool(output.guess), asked) == (LABELS, True, [])
        kept(asking)
        later = Forecast()
        exact = filtered(asking, ForecastExecutor(asking, later, {}), Output(value=Labelling(labels=LABELS)))
    estimate = later.estimates["filter", "gpt-5-nano"]
    assert (estimate.left.requests, estimate.kept.requests, exact.guess) == (0, 2, "")
    assert len(exact.value.labels) == 3


def test_of_labels_that_are_not_written_yet_all_are_counted_and_the_preview_says_so(study: Study) -> None:
    asking = judging(study, "http://127.0.0.1:9/v1")
    forecast = Forecast()
    guessed = Output(value=Labelling(labels=LABELS), guess="labels")
    filtered(asking, ForecastExecutor(asking, forecast, {}), guessed)
    assert forecast.estimates["filter", "gpt-5-nano"].left.requests == 4
    assert list(forecast.notes) == ["filter: at most. The judge of filter=supported is asked about some of these labels only."]


def test_a_label_that_a_person_accepted_is_kept_without_asking(study: Study) -> None:
    with teaching(lambda text: FAIL) as (url, asked):
        asking = judging(study, url)
        accepted = label_item(LABELS[1])
        review = Review(verdict="accept", before=accepted, who="Bea", when="2026-11-30T10:00:00+00:00")
        vars(asking)["label_reviews"] = {accepted.id: Standing(verdict="accept", reviews=(review,))}
        output = kept(asking)
    assert [label.question for label in output.value.dropped] == ["Who came third?"]
    assert len(asked) == 1


def test_who_judges_decides_the_arm_only_where_a_filter_asks(study: Study) -> None:
    asking, rule = judging(study, "http://127.0.0.1:9/v1"), judging(study, "http://127.0.0.1:9/v1").filter
    quiet = {"supported": replace(rule["supported"], judge=None)}
    judges = [given.Scripted(str, name=name) for name in ("first", "second")]
    asked = [replace(asking, judge=judge).key("tuned") for judge in judges]
    unasked = [replace(asking, judge=judge, filter=quiet).key("tuned") for judge in judges]
    assert asked[0] != asked[1]
    assert unasked[0] == unasked[1]
