"""A run of the pipeline: a stage is done once and kept, paid work is counted, an arm is tracked."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from runner.config.study import Study
from runner.data.records import chat
from runner.errors import Fault
from runner.pipeline.executor import ModelAccess, Stage
from runner.pipeline.results import Checkpoint, Output
from runner.pipeline.store_executor import StoreExecutor, cached
from runner.spending.budget import Budget
from runner.spending.ledger import OwnLedger, paying_from
from runner.spending.usage import Usage
from runner.tracker.known_address import known_address
from tests import given
from tests.pipeline.test_answer import Paid

ASKED = chat("Who won?", "", 5)


@pytest.fixture(autouse=True)
def ledger() -> Iterator[OwnLedger]:
    """What this command has paid for: nothing yet."""
    with paying_from(OwnLedger()) as own:
        yield own


def stage(made: list[str], asks: given.Scripted | None = None, role: str = "label", locks: Sequence[str] = ()) -> Stage[str]:
    """A stage that writes a word, and asks a model for it where there is one."""

    def make(folder: Path, access: ModelAccess) -> None:
        made.append("made")
        text = dict(access.model(role, asks).ask([ASKED]))[0].text if asks else "word"
        (folder / "word").write_text(text)

    return Stage(name="words", inputs=["word", role], make=make, read=lambda folder: (folder / "word").read_text(), locks=locks)


def test_a_stage_is_made_once_and_read_back(study: Study) -> None:
    made: list[str] = []
    first, again = (StoreExecutor(study).do(stage(made)) for _ in range(2))
    assert first == again
    assert (first.value, first.usage, first.guess, made) == ("word", (), "", ["made"])
    assert (study.store.folder / "words" / first.key / "word").exists()


def test_what_a_stage_asked_is_kept_with_it(study: Study) -> None:
    model = Paid(given.in_turn("Ada"))
    first, again = (StoreExecutor(study).do(stage([], model)) for _ in range(2))
    assert first.usage == again.usage == (Usage(model="scripted", hosted=True, requests=1),)
    assert len(model.asked) == 1


def test_what_a_stage_paid_in_another_way_than_by_requests_is_kept_with_it(study: Study) -> None:
    job = Usage(model="m", hosted=True, requests=1, trained_tokens=5)
    work = Stage(name="jobs", inputs=[1], make=lambda folder, access: access.paid(job), read=lambda folder: None)
    assert StoreExecutor(study).do(work).usage == (job,)


@pytest.mark.parametrize(
    ("kind", "role", "kept"), [(given.Scripted, "label", 1), (given.Scripted, "answer", 0), (Paid, "answer", 1)]
)
def test_all_replies_are_kept_one_by_one_but_those_of_a_student_on_this_machine(
    study: Study, kind: type[given.Scripted], role: str, kept: int
) -> None:
    StoreExecutor(study).do(stage([], kind(given.in_turn("Ada")), role))
    assert len(list(study.store.replies.glob("*/*.json"))) == kept


def test_a_stage_waits_for_another_one_that_holds_its_lock(study: Study) -> None:
    made: list[str] = []
    with study.store.lock("shared"):
        # FileLock is reentrant within an object, not within a process.
        thread = threading.Thread(target=StoreExecutor(study).do, args=[stage(made, locks=["other", "shared"])])
        thread.start()
        thread.join(0.3)
        assert made == []
    thread.join(10)
    assert made == ["made"]


def test_a_hosted_model_is_never_asked_past_the_budget(study: Study) -> None:
    limited = replace(study, settings=study.settings.model_copy(update={"budget": Budget(requests=1)}))
    model = Paid(given.in_turn("Ada"))
    assert [reply.text for _, reply in cached(limited, model).ask([ASKED])] == ["Ada"]
    with pytest.raises(Fault, match="stopped before the budget is passed"):
        list(cached(limited, model).ask([chat("Who lost?", "", 5)]))
    assert [reply.text for _, reply in cached(limited, model).ask([ASKED])] == ["Ada"]
    assert len(model.asked) == 1


def test_a_model_on_this_machine_is_reachable_as_it_is(study: Study) -> None:
    student = Output(value=Checkpoint(model=study.model, trainings=("a",)))
    with StoreExecutor(study).reachable(student) as tuned:
        assert tuned is student


def test_an_arm_is_tracked_under_its_parent_and_finished_the_second_time(
    tmp_path: Path, tracking_uri: str, student: list[str]
) -> None:
    study = given.study(*student, f"store={tmp_path}/store", f"tracker.uri={tracking_uri}")
    with study.tracker.run(study.corpus.name, "sweep", "sweep", {"runner.kind": "sweep"}) as parent:
        executor = StoreExecutor(study, parent.id)
        for finished in (False, True):
            with executor.arm("base") as arm:
                assert arm.finished is finished
    row = study.tracker.find(study.corpus.name, study.key("base"))
    assert row
    assert (row.tags["mlflow.parentRunId"], row.tags["runner.arm"], row.status) == (parent.id, "base", "FINISHED")


def test_an_arm_refers_to_the_stages_that_it_does_itself(tmp_path: Path, tracking_uri: str, student: list[str]) -> None:
    study = given.study(*student, f"store={tmp_path}/store", f"tracker.uri={tracking_uri}")
    executor = StoreExecutor(study)
    executor.do(stage([], role="shared"))
    with executor.arm("tuned"):
        tuned = executor.do(stage([], role="tuned"))
        with executor.arm("base"):
            base = executor.do(stage([], role="base"))
            # Noted at once, so that it holds for an arm that is killed here.
            noted = {use.run: use.items for use in study.store.uses().lists}
    expected = {study.key("tuned"): {f"words/{tuned.key}"}, study.key("base"): {f"words/{base.key}"}}
    assert noted == expected
    assert {use.tracker for use in study.store.uses().lists} == {known_address(study.tracker)}
    with executor.arm("tuned") as arm:
        assert arm.finished
        executor.do(stage([], role="later"))
    assert {use.run: use.items for use in study.store.uses().lists} == expected
