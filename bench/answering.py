"""Answers of this program beside transformers' own generate, in turns, on the same general questions and batch, as a ratio.

    python bench/answering.py [FOLDER of the embedded model]

Asked are the untuned embedded model, whose replies are long, and one that was tuned on a few labels, whose replies are short.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import torch
from tuning import examples  # the neighbour in this folder

from runner.data.records import chat
from runner.local_models.generate import write
from runner.local_models.network import Weights
from runner.model.smollm2 import SmolLM2
from runner.retention.general import General
from runner.tuner.lora import Lora

ROUNDS, LABELS, LIMIT = 2, 32, 32
GENERAL = Path(__file__).resolve().parent.parent / "runner/retention/general"


def plain(network: Weights, prompts: list[list[int]]) -> list[list[int]]:
    """The replies' ids by one call of generate, as long as the longest of them."""
    given = network.tokenizer.pad({"input_ids": prompts}, return_tensors="pt").to(network.device)
    ends: dict[str, Any] = {"max_new_tokens": LIMIT, "do_sample": False, "pad_token_id": network.tokenizer.pad_token_id}
    with torch.inference_mode():
        written = network.module.generate(**given, **ends)[:, given.input_ids.shape[1] :].tolist()
    return [[token for token in row if token != network.tokenizer.eos_token_id] for row in written]


def compare(name: str, network: Weights, prompts: list[list[int]]) -> None:
    """Print both ways' median seconds and how many replies are the same to the token."""
    network.ready()
    seconds: dict[str, list[float]] = {"ours": [], "generate": []}
    found: dict[str, list[list[int]]] = {}
    for turn in range(ROUNDS + 1):  # a GPU loads its kernels in the first, which is not counted
        for way in seconds:
            began = time.monotonic()
            found[way] = (
                plain(network, prompts) if way == "generate" else write(network.module, network.tokenizer, prompts, LIMIT)
            )
            if turn:
                seconds[way].append(time.monotonic() - began)
    ours, generate = (statistics.median(seconds[way]) for way in seconds)
    same = sum(one == other for one, other in zip(found["ours"], found["generate"], strict=True))
    mean = sum(map(len, found["ours"])) / len(prompts)
    print(
        f"{name}: {ours:.1f} s against {generate:.1f} s, {ours / generate:.2f} of the time; {same} of {len(prompts)} replies are "
        f"the same, of {mean:.1f} tokens"
    )


def main() -> None:
    """Ask the untuned model and a tuned one."""
    folder = sys.argv[1] if len(sys.argv) > 1 else str(Path.home() / ".cache/experiment-runner/models")
    model = SmolLM2(folder=folder)
    tuner = Lora(rank=16, alpha=32, dropout=0.0, epochs=4, batch=8, rate=2e-3, warmup=0.1, clip=1.0)
    asked = [
        one.prompt or one.question
        for one in General(path=str(GENERAL), prompt="{passage}\n\n{question}", floor=0.0).read().questions
    ][:96]
    with tempfile.TemporaryDirectory() as scratch:
        taught = [(chat(question, "Answer briefly.", LIMIT), answer) for question, answer in examples()[:LABELS]]
        tuner.tune(model, taught, 0, Path(scratch))
        for name, network in (("untuned", model.plain().network), ("tuned", model.tuned_in(Path(scratch)).network)):
            loaded = network()
            prompts = [loaded.encode(chat(question, "Answer briefly.", LIMIT))[0] for question in asked]
            compare(name, loaded, sorted(prompts, key=len))


if __name__ == "__main__":
    main()
