"""Our DPO and KTO beside TRL's trainers, each in a process of its own, in turns, on the same pairs and batches."""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

BATCH, RATE, BETA = 8, 2e-4, 0.1
LORA = {"rank": 16, "alpha": 32}


def pairs(count: int) -> list[tuple[str, str, str]]:
    """Questions of the shipped corpus's recorded labels, their answers, and the answers to others."""
    import runner

    lines = (Path(runner.__file__).parent / "corpus/sports/recorded/fact-labels.jsonl").read_text().splitlines()
    labels = [pair for line in lines for pair in json.loads(json.loads(line)["reply"])][:count]
    others = [*labels[count // 2 :], *labels[: count // 2]]
    return [(label["question"], label["answer"], other["answer"]) for label, other in zip(labels, others, strict=True)]


def ours(kind: str, folder: str, count: int) -> tuple[float, int]:
    """Seconds and tokens of one epoch with LoRA, the reference included."""
    from runner.data.records import chat
    from runner.data.training import Preference
    from runner.local_models.training_loop import train
    from runner.model.smollm2 import SmolLM2
    from runner.refine.dpo import PreferenceOptimisation
    from runner.refine.kto import KahnemanTversky
    from runner.tuner.lora import Lora

    asked = [Preference(chat(question, "Answer briefly.", 32), chosen, other) for question, chosen, other in pairs(count)]
    usual: dict[str, Any] = {"samples": 0, "temperature": 1.0, "chosen": "own", "prompt": "{passage} {question}", "beta": BETA}
    usual |= {"epochs": 1, "batch": BATCH, "rate": RATE}
    refine = PreferenceOptimisation(**usual) if kind == "dpo" else KahnemanTversky(**usual, rejected=1.0)
    tuner = Lora(**LORA, dropout=0.0, epochs=1, batch=BATCH, rate=RATE, warmup=0.1, clip=1.0)
    lessons, network = refine.lessons(asked, ()), SmolLM2(folder=folder).load()
    tuner.adapt(network, 0)
    began = time.monotonic()
    tuning = train(network, [(prompt, reply) for prompt, reply, _ in lessons], tuner, 0, refine.objective(network, lessons))
    return time.monotonic() - began, tuning.tokens


def trl(kind: str, folder: str, count: int) -> tuple[float, int]:
    """The same by TRL, whose reference is the model with its adapter off, computed in each step."""
    import torch
    from datasets import Dataset
    from peft import LoraConfig
    from trl import DPOConfig, DPOTrainer, KTOConfig, KTOTrainer

    from runner.model.smollm2 import SmolLM2

    network = SmolLM2(folder=folder).load()
    adapter = LoraConfig(r=LORA["rank"], lora_alpha=LORA["alpha"], target_modules="all-linear", task_type="CAUSAL_LM")
    with tempfile.TemporaryDirectory() as scratch:
        usual: dict[str, Any] = {"output_dir": scratch, "per_device_train_batch_size": BATCH, "num_train_epochs": 1, "beta": BETA}
        usual |= {"learning_rate": RATE, "bf16": network.dtype is torch.bfloat16, "gradient_checkpointing": False}
        usual |= {"report_to": "none", "save_strategy": "no", "use_cpu": True, "disable_tqdm": True}
        trainer, settings = (DPOTrainer, DPOConfig(**usual)) if kind == "dpo" else (KTOTrainer, KTOConfig(**usual))
        rows = dpo_rows(count) if kind == "dpo" else kto_rows(count)
        made = trainer(
            network.module,
            args=settings,
            train_dataset=Dataset.from_list(rows),
            processing_class=network.tokenizer,
            peft_config=adapter,
        )
        began = time.monotonic()
        made.train()
    return time.monotonic() - began, 0


def asked(question: str) -> list[dict[str, str]]:
    """The turns before a reply."""
    return [{"role": "system", "content": "Answer briefly."}, {"role": "user", "content": question}]


def said(answer: str) -> list[dict[str, str]]:
    """A reply as a turn."""
    return [{"role": "assistant", "content": answer}]


def dpo_rows(count: int) -> list[dict[str, Any]]:
    """The pairs as TRL reads them."""
    return [
        {"prompt": asked(question), "chosen": said(chosen), "rejected": said(other)} for question, chosen, other in pairs(count)
    ]


def kto_rows(count: int) -> list[dict[str, Any]]:
    """Both replies of each pair as TRL reads them."""
    return [
        {"prompt": asked(question), "completion": said(reply), "label": good}
        for question, chosen, other in pairs(count)
        for reply, good in ((chosen, True), (other, False))
    ]


def measured(name: str, kind: str, folder: str, count: int) -> dict[str, float]:
    """Run one trainer in a process of its own."""
    command = [sys.executable, __file__, "--alone", name, "--kinds", kind, "--folder", folder, "--pairs", str(count)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{name}, {kind}: {done.stderr[-2000:]}")
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


def compare(kind: str, folder: str, count: int, rounds: int) -> None:
    """Run both in turns; print tokens/s, the ratio, and peak memory."""
    speeds: dict[str, list[float]] = {"ours": [], "trl": []}
    tokens = 0.0
    for _ in range(rounds):
        for name in speeds:
            result = measured(name, kind, folder, count)
            tokens = result["tokens"] or tokens  # counted once, by ours, without padding: both see the same pairs
            speeds[name].append(tokens / result["seconds"])
            print(
                f"{kind}, {name}: {speeds[name][-1]:.0f} tokens/s, {result['seconds']:.0f} s, peak {result['peak_mb']:.0f} MB",
                flush=True,
            )
    print(f"{kind}, ours / trl: {max(speeds['ours']) / max(speeds['trl']):.2f}")


def main(arguments: Sequence[str] | None = None) -> None:
    """Compare each kind, or run one trainer alone."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=48)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--kinds", default="dpo,kto")
    parser.add_argument("--folder", default=str(Path.home() / ".cache/experiment-runner/models"))
    parser.add_argument("--alone", choices=["ours", "trl"], help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.alone:
        seconds, tokens = {"ours": ours, "trl": trl}[options.alone](options.kinds, options.folder, options.pairs)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({"seconds": seconds, "tokens": tokens, "peak_mb": peak}))
        return
    for kind in options.kinds.split(","):
        compare(kind, options.folder, options.pairs, options.rounds)


if __name__ == "__main__":
    main()
