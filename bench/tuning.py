"""Our training loop beside TRL's SFTTrainer, each in a process of its own, in turns, on the same labels and batches."""

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS, LABELS, BATCH = 2, 96, 16


def examples() -> list[tuple[str, str]]:
    """The first recorded fact labels of the shipped corpus."""
    import runner

    lines = (Path(runner.__file__).parent / "corpus/sports/recorded/fact-labels.jsonl").read_text().splitlines()
    pairs = [pair for line in lines for pair in json.loads(json.loads(line)["reply"])]
    return [(pair["question"], pair["answer"]) for pair in pairs[:LABELS]]


def ours(folder: str) -> tuple[float, int]:
    """Seconds and tokens of one epoch of runner.local_models.training_loop with LoRA."""
    from runner.data.records import chat
    from runner.model.smollm2 import SmolLM2
    from runner.tuner.lora import Lora

    tuner = Lora(rank=16, alpha=32, dropout=0.0, epochs=1, batch=BATCH, rate=1e-3, warmup=0.1, clip=1.0)
    prompts = [(chat(question, "Answer briefly.", 32), answer) for question, answer in examples()]
    with tempfile.TemporaryDirectory() as scratch:
        tuning = tuner.tune(SmolLM2(folder=folder), prompts, 0, Path(scratch))
    return tuning.seconds, tuning.tokens


def trl(folder: str) -> tuple[float, int]:
    """The same by TRL: prompt-completion data, loss on the completion, LoRA of the same rank, in the same type."""
    import torch
    from datasets import Dataset
    from peft import LoraConfig
    from trl import SFTConfig, SFTTrainer

    from runner.model.smollm2 import SmolLM2

    network = SmolLM2(folder=folder).load()
    system = {"role": "system", "content": "Answer briefly."}
    rows = [
        {"prompt": [system, {"role": "user", "content": question}], "completion": [{"role": "assistant", "content": answer}]}
        for question, answer in examples()
    ]
    with tempfile.TemporaryDirectory() as scratch:
        settings = SFTConfig(
            output_dir=scratch,
            per_device_train_batch_size=BATCH,
            num_train_epochs=1,
            learning_rate=1e-3,
            bf16=network.dtype is torch.bfloat16,
            gradient_checkpointing=False,
            report_to="none",
            save_strategy="no",
            use_cpu=True,
            disable_tqdm=True,
        )
        lora = LoraConfig(r=16, lora_alpha=32, target_modules="all-linear", task_type="CAUSAL_LM")
        trainer = SFTTrainer(
            network.module, settings, train_dataset=Dataset.from_list(rows), processing_class=network.tokenizer, peft_config=lora
        )
        began = time.monotonic()
        trainer.train()
    return time.monotonic() - began, int(trainer.state.num_input_tokens_seen or trainer._total_train_tokens)


def main() -> None:
    """Run each in turns and print tokens/s, the ratio, and peak memory."""
    folder = sys.argv[2] if len(sys.argv) > 2 else str(Path.home() / ".cache/experiment-runner/models")
    if len(sys.argv) > 1 and sys.argv[1] in {"ours", "trl"}:
        seconds, tokens = {"ours": ours, "trl": trl}[sys.argv[1]](folder)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({"seconds": seconds, "tokens": tokens, "peak_mb": peak}))
        return
    speeds: dict[str, list[float]] = {"ours": [], "trl": []}
    tokens = 0
    for _ in range(ROUNDS):
        for name in speeds:
            done = subprocess.run([sys.executable, __file__, name, folder], capture_output=True, text=True, check=True)
            found = json.loads(done.stdout.splitlines()[-1])
            tokens = found["tokens"] if name == "ours" else tokens  # ours counts without padding; both saw the same labels
            speeds[name].append(tokens / found["seconds"])
            print(f"{name}: {speeds[name][-1]:.0f} tokens/s, peak {found['peak_mb']:.0f} MB", flush=True)
    print(f"ours / trl: {max(speeds['ours']) / max(speeds['trl']):.2f}")


if __name__ == "__main__":
    main()
