"""Any causal chat model of the Hugging Face hub or of a local folder, as student, teacher or judge."""

import importlib.util
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from pydantic import PositiveInt

from runner.component import component
from runner.fault import Fault
from runner.records import Prompt, Reply

if TYPE_CHECKING:
    from runner.model.network import Weights


def need_packages(structured: bool) -> None:
    """Raise a Fault with the install line where the packages for local models, or for their structured replies, are missing."""
    needed = ["torch", "transformers", "peft", "safetensors", *(["outlines"] if structured else [])]
    missing = [name for name in needed if not importlib.util.find_spec(name)]
    if missing:
        raise Fault(
            f"a model on this machine needs {', '.join(missing)}, not installed here. "
            "Install the extra: pip install -e '.[local]' (or experiment-runner[local])"
        )


@component
class HuggingFace:
    """A model by its hub id or folder; `tuned` is a folder that a tuner wrote, `device` as torch names it."""

    incidental: ClassVar[frozenset[str]] = frozenset({"batch", "device", "tuned"})

    id: str
    revision: str | None = None
    device: str = "auto"
    batch: PositiveInt = 96
    structured: bool = False
    tuned: str = ""

    @property
    def name(self) -> str:
        """The hub id, or the folder's name."""
        return Path(self.id).name if Path(self.id).is_dir() else self.id

    def state(self) -> list[tuple[str, int, int]]:
        """Names, sizes and times of the files where the model is a folder."""
        found = ((file.name, file.stat()) for file in sorted(Path(self.id).glob("*")) if Path(self.id).is_dir())
        return [(name, stat.st_size, stat.st_mtime_ns) for name, stat in found]

    def check(self) -> None:
        """Raise a Fault where packages or weights are missing and the hub can't be reached."""
        need_packages(self.structured)
        if Path(self.id).is_dir():
            if not (Path(self.id) / "config.json").exists() or not list(Path(self.id).glob("*.safetensors")):
                raise Fault(
                    f"model.id={self.id} is a folder without config.json and *.safetensors: expected a model as transformers "
                    "saves it (weights in other formats are not loaded)"
                )
            return
        from huggingface_hub import hf_hub_download

        try:
            hf_hub_download(self.id, "config.json", revision=self.revision)
        except Exception as error:
            raise Fault(
                f"model.id={self.id}: not a folder, not in the cache, and the hub did not give it "
                f"({type(error).__name__}). Either fetch it where there is a network (hf download {self.id}) or "
                "name a folder that holds it (model.id=/path/to/model). model=smollm2 needs no hub"
            ) from error

    def ask(self, prompts: Sequence[Prompt]) -> Iterator[tuple[int, Reply]]:
        """Greedy replies, a batch at a time; where `structured`, each is held to the form that its prompt names."""
        if prompts:
            yield from self._held().reply(prompts, self.batch, f"answering, {self.name}", self.structured)

    def perplexity(self, text: str) -> float:
        """exp of the mean negative log-likelihood of a token of plain text; a Fault if empty."""
        return self._held().perplexity(text)

    def load(self) -> "Weights":
        """The network with fp32 weights, alone in memory."""
        from runner.model.network import Weights, release

        release()
        return Weights(self.id, self.tuned, self.revision, self.device)

    def network(self) -> "Weights":
        """The network as it answers, in memory until another one is asked."""
        return self._held()

    def _held(self) -> "Weights":
        from runner.model.network import held

        return held(self.id, self.tuned, self.revision, self.device)

    def tuned_in(self, folder: Path) -> "HuggingFace":
        """This model with the adapter or the weights in `folder`."""
        return replace(self, tuned=str(folder))
