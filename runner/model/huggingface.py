"""Any causal chat model of the Hugging Face hub or of a local folder, as student, teacher or judge."""

import importlib.util
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import AfterValidator, PositiveInt

from runner.component import component
from runner.data.records import Prompt, Reply
from runner.errors import Fault
from runner.local_models.loading import SPREADS, Dtype, Quantization, Source

if TYPE_CHECKING:
    from runner.local_models.network import Weights

EXTRAS = {"bitsandbytes": "quantized"}  # which extra brings a package; else `local` does


def _device(name: str) -> str:
    if name not in ("auto", "cpu", "mps", *SPREADS) and not re.fullmatch(r"(cuda|xpu)(:\d+)?", name):
        raise ValueError(f"expected auto, cpu, cuda, cuda:1, mps, or over several GPUs {', '.join(SPREADS)}")
    return name


Device = Annotated[str, AfterValidator(_device)]


def need_packages(structured: bool = False, quantised: bool = False) -> None:
    """Raise a Fault with the install line where packages for local models and what is asked of them are missing."""
    needed = ["torch", "transformers", "peft", "accelerate", "safetensors"]
    needed += ["outlines"] * structured + ["bitsandbytes"] * quantised
    missing = [name for name in needed if not importlib.util.find_spec(name)]
    if missing:
        extra = ",".join(dict.fromkeys(EXTRAS.get(name, "local") for name in missing))
        raise Fault(
            f"a model on this machine needs {', '.join(missing)}, not installed here. "
            f"Install the extra: pip install -e '.[{extra}]' (or experiment-runner[{extra}])"
        )


@component
class HuggingFace:
    """A model by its hub id or folder; `tuned` is a folder that a tuner wrote.

    `dtype` counts where it is set: who sets it wants to see what it changes. Left at auto it depends on the machine, as
    the device does, and what one machine kept is found on another.
    """

    incidental: ClassVar[frozenset[str]] = frozenset({"batch", "device", "tuned"})
    later: ClassVar[frozenset[str]] = frozenset({"dtype", "quantization"})

    id: str
    revision: str | None = None
    device: Device = "auto"
    dtype: Dtype = "auto"
    quantization: Quantization | None = None
    batch: PositiveInt = 96
    structured: bool = False
    tuned: str = ""

    @property
    def name(self) -> str:
        """The hub id, or the folder's name."""
        return Path(self.id).name if Path(self.id).is_dir() else self.id

    @property
    def quantised(self) -> bool:
        """Whether its weights are, by its setting or in its files."""
        return bool(self.quantization or self._config().get("quantization_config"))

    def state(self) -> list[tuple[str, int, int]]:
        """Names, sizes and times of the files where the model is a folder."""
        found = ((file.name, file.stat()) for file in sorted(Path(self.id).glob("*")) if Path(self.id).is_dir())
        return [(name, stat.st_size, stat.st_mtime_ns) for name, stat in found]

    def check(self) -> None:
        """Raise a Fault where packages or weights are missing and the hub can't be reached, or are quantised already."""
        need_packages(self.structured, bool(self.quantization))
        stored = self._config().get("quantization_config")
        if stored and self.quantization:
            raise Fault(
                f"model.quantization={self.quantization}: the weights of {self.id} are quantised already "
                f"({stored.get('quant_method')}). Leave model.quantization=null, or name a model of plain weights"
            )

    def ask(self, prompts: Sequence[Prompt]) -> Iterator[tuple[int, Reply]]:
        """Greedy replies, a batch at a time; where `structured`, each is held to the form that its prompt names."""
        if prompts:
            yield from self.network().reply(prompts, self.batch, f"answering, {self.name}", self.structured)

    def perplexity(self, text: str) -> float:
        """exp of the mean negative log-likelihood of a token of plain text; a Fault if empty."""
        return self.network().perplexity(text)

    def network(self) -> "Weights":
        """The network as it answers, in memory until another one is asked."""
        from runner.local_models.network import held

        return held(self.source)

    def load(self) -> "Weights":
        """The network with fp32 or quantised weights, ready to train, alone in memory."""
        from runner.local_models.loading import to_train
        from runner.local_models.network import Weights, release

        release()
        return Weights(self.source, to_train(self.source))

    def save(self, folder: Path) -> None:
        """Config, plain fp32 weights in safetensors with all that was tuned merged, and tokenizer."""
        from runner.local_models.loading import tokenizer, whole
        from runner.local_models.network import release

        release()
        whole(self.source).save_pretrained(folder)
        tokenizer(self.source).save_pretrained(folder)

    def tuned_in(self, folder: Path) -> "HuggingFace":
        """This model with the adapter or the weights in `folder`."""
        return replace(self, tuned=str(folder))

    @property
    def source(self) -> Source:
        """Which weights are loaded, and how."""
        return Source(
            id=self.id,
            tuned=self.tuned,
            revision=self.revision,
            device=self.device,
            dtype=self.dtype,
            quantization=self.quantization,
        )

    def _config(self) -> dict[str, Any]:
        """The model's config.json; a Fault where there is none, or no weights in a folder."""
        if not Path(self.id).is_dir():
            return dict(json.loads(self._fetched().read_text(encoding="utf-8")))
        if not (Path(self.id) / "config.json").exists() or not list(Path(self.id).glob("*.safetensors")):
            raise Fault(
                f"model.id={self.id} is a folder without config.json and *.safetensors: expected a model as transformers "
                "saves it (weights in other formats are not loaded)"
            )
        return dict(json.loads((Path(self.id) / "config.json").read_text(encoding="utf-8")))

    def _fetched(self) -> Path:
        from huggingface_hub import hf_hub_download

        try:
            return Path(hf_hub_download(self.id, "config.json", revision=self.revision))
        except Exception as error:
            raise Fault(
                f"model.id={self.id}: not a folder, not in the cache, and the hub did not give it "
                f"({type(error).__name__}). Either fetch it where there is a network (hf download {self.id}) or "
                "name a folder that holds it (model.id=/path/to/model). model=smollm2 needs no hub"
            ) from error
