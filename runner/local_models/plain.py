"""Answer prompts with a folder's model, by plain transformers.

Nothing of this package's own loading and decoding is used, so that a folder is tried as other programs will use it.
"""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from runner.data.records import Prompt
from runner.local_models.chat_encoding import ChatEncoder
from runner.local_models.loading import Source
from runner.terminal.progress import progress

BATCH = 32  # prompts at a time: an exam of 300 questions in ten calls


def plain_replies(folder: Path, prompts: Sequence[Prompt], source: Source, what: str) -> list[str]:
    """Return the greedy replies, in the order of the prompts.

    Device and type of the products are those of `source`; `what` names the work in the progress bar.
    """
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder, padding_side="left")
    module = AutoModelForCausalLM.from_pretrained(folder, dtype=source.computed_in, device_map={"": source.first}).eval()
    encoder, replies = ChatEncoder(tokenizer), list[str]()
    with progress(what, len(prompts)) as advance, torch.inference_mode():
        for start in range(0, len(prompts), BATCH):
            chosen = prompts[start : start + BATCH]
            ids = [encoder.chat([asdict(message) for message in prompt.messages]) for prompt in chosen]
            inputs = tokenizer.pad({"input_ids": ids}, return_tensors="pt").to(source.first)
            most = max(prompt.tokens for prompt in chosen)
            output = module.generate(**inputs, max_new_tokens=most, do_sample=False, pad_token_id=tokenizer.pad_token_id)
            for prompt, row in zip(chosen, output[:, inputs["input_ids"].shape[1] :], strict=True):
                replies.append(tokenizer.decode(row[: prompt.tokens], skip_special_tokens=True).strip())
            advance(len(chosen))
    return replies
