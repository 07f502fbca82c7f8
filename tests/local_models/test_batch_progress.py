"""The progress of a batch: rows as they end, and none counted twice."""

from runner.local_models.batch_progress import BatchProgress
from runner.terminal.progress import followed, progress


def test_a_batch_that_is_answered_again_takes_back_the_rows_that_had_ended() -> None:
    done: list[int] = []
    with followed(lambda now, *_: done.append(now)), progress("answering", 5) as advance:
        first = BatchProgress(advance, 4)
        for ended in (0, 1, 1, 3):
            first.step(ended)
        first.close(0)
        again = BatchProgress(advance, 2)
        again.step(1)
        again.close(2)
    assert done == [0, 1, 1, 3, 0, 1, 2]


def test_each_token_of_an_open_row_counts_and_no_padding_of_an_ended_one() -> None:
    rates: list[float] = []
    with followed(lambda _, __, numbers: rates.append(numbers["tokens/s"])), progress("answering", 2) as advance:
        rows = BatchProgress(advance, 2)
        rows._began -= 1000.0  # long ago, so that the moments between two calls do not count
        for ended in (0, 1, 2):
            rows.step(ended)
    assert [round(1000 * rate) for rate in rates] == [2, 4, 5]
