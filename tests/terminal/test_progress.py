"""Progress that a caller follows."""

import pytest

from runner.terminal.progress import followed, progress


def test_a_follower_is_told_how_far_the_work_is_with_its_numbers() -> None:
    steps: list[tuple[int, int, dict[str, float]]] = []
    with followed(lambda *how: steps.append(how)), progress("tuning", 3) as advance:
        advance(loss=2.0)
        advance(2, loss=1.0)
    assert steps == [(1, 3, {"loss": 2.0}), (3, 3, {"loss": 1.0})]


def test_what_a_follower_raises_ends_the_work_and_the_following() -> None:
    def stop(*_: object) -> None:
        raise StopIteration

    with pytest.raises(StopIteration), followed(stop), progress("tuning", 3) as advance:
        advance()
    with progress("tuning", 3) as advance:
        advance()


def test_a_step_without_a_finished_item_has_its_line_too(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runner.terminal.progress.EVERY", 0.0)
    with caplog.at_level("INFO", logger="runner"), progress("answering", 2) as advance:
        advance(0, **{"tokens/s": 3.2})
        advance(1)
        advance(1)
    first, second, end = caplog.messages
    assert first == "answering: 0 of 2  tokens/s 3.2"
    assert second == "answering: 1 of 2, 0 s left  tokens/s 3.2"
    assert end.startswith("answering: 2 of 2 in ")
