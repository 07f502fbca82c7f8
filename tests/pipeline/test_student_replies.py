"""Replies of a student are kept by how they were drawn, and each is graded by itself."""

import pytest

from runner.config.study import Study
from runner.data.records import Request, chat
from runner.errors import Fault
from runner.pipeline.answer import untuned
from runner.pipeline.store_executor import StoreExecutor
from runner.pipeline.student_replies import Draw, DrawnModel, replies, verdicts
from tests.given import Scripted
from tests.pipeline.practising import practising, question


def test_replies_are_kept_by_temperature_and_seed(study: Study) -> None:
    study = practising(study, "x")
    requests = [Request(prompt=chat("Which is pin 3?", "", 8))]
    draws = [None, Draw(1.0, 0), Draw(1.0, 0), Draw(0.5, 0), Draw(1.0, 1)]
    keys = [replies(study, StoreExecutor(study), untuned(study), [question(3)], requests, draw).key for draw in draws]
    assert keys[1] == keys[2]
    assert len(set(keys)) == 4
    assert [who for who, _ in study.model.asked] == ["ask", "draw", "draw", "draw"]


def test_several_replies_to_one_question_are_graded_one_by_one(study: Study) -> None:
    study = practising(study, "x", "{n}")
    asked = [question(3), question(3)]
    requests = [Request(prompt=chat("Which is pin 3?", "", 8))] * 2
    drawn = replies(study, StoreExecutor(study), untuned(study), asked, requests, Draw(1.0, 0))
    assert [reply.text for reply in drawn.value] == ["x", "3"]
    assert verdicts(study, StoreExecutor(study), asked, drawn).value == [False, True]


def test_a_model_that_can_not_draw_is_a_fault() -> None:
    drawn = DrawnModel(Scripted(lambda prompt: ""), Draw(1.0, 0))
    drawn.check()
    with pytest.raises(Fault, match="scripted: its class has no method draw"):
        list(drawn.ask([chat("Which?", "", 8)]))
