"""A preview says between which numbers a run likely lies, and a sample of labelled sections brings them closer."""

import json
import re
from pathlib import Path

import pytest

from runner.pipeline.labels import label
from runner.pipeline.store_executor import StoreExecutor
from runner.preview.ranges import ranges
from runner.preview.table import forecast
from tests.given import study
from tests.teacher import corpus, taught_by, teaching


def documents(folder: Path) -> list[str]:
    """A corpus of thirty sections in three documents, of one to five sentences of different lengths, as overrides."""
    common = corpus(folder)
    for name in range(3):
        sections = (
            f"## Cup {name}{part}\n"
            + " ".join(f"Team {name}{part}{at} won {'the great ' * (at % 3)}cup of {2000 + at}." for at in range(1 + part % 5))
            for part in range(10)
        )
        (folder / "docs" / "documents" / f"cup{name}.md").write_text("# Cups\n\n" + "\n\n".join(sections))
    (folder / "docs" / "exam.jsonl").write_text(json.dumps({"question": "Who won most?", "answer": "Ada"}) + "\n")
    (folder / "docs" / "documents" / "cup.md").unlink()
    return common


def between(sentence: str) -> list[tuple[float, float]]:
    """The pairs of numbers in a sentence: requests, tokens in, tokens out, dollars."""
    pairs = re.findall(r"([\d.,]+) to \$?([\d.,]+)", sentence.replace("$", ""))
    return [(float(low.replace(",", "")), float(high.rstrip(".,").replace(",", ""))) for low, high in pairs]


@pytest.mark.parametrize("method", ["fact", "token"])
def test_a_run_lies_within_its_range_which_a_sample_makes_narrower(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
    common = [*documents(tmp_path), f"method={method}", "size=5x"]
    with teaching() as (url, asked):

        def sentence() -> str:
            whole = study(*common, *taught_by(url, "preview=true"))
            (text,) = ranges(forecast([whole]).estimates.values(), whole.settings.prices)
            return text

        before = sentence()
        assert asked == []
        sample = study(*common, *taught_by(url), "corpus.sample=12")
        label(sample, StoreExecutor(sample))
        sampled, after = len(asked), sentence()
        assert len(asked) == sampled
        whole = study(*common, *taught_by(url))
        label(whole, StoreExecutor(whole))
    assert "rests on the shipped recordings alone. To know more" in before
    assert re.search(r"It rests on \d+ replies that are kept\.", after)
    left = {side: sum(request["usage"][side] for request in asked[sampled:]) for side in ("prompt_tokens", "completion_tokens")}
    requests, prompts, replies, _ = between(after)
    # The last digits were rounded off.
    assert 0.95 * requests[0] <= len(asked) - sampled <= 1.05 * requests[1]
    assert 0.95 * prompts[0] <= left["prompt_tokens"] <= 1.05 * prompts[1]
    assert 0.95 * replies[0] <= left["completion_tokens"] <= 1.05 * replies[1]
    *_, (low, high), _ = between(before)
    assert high / low > 1.5 * replies[1] / replies[0]
