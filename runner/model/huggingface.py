"""Causal chat models of the hub or of a folder.

Prompts go in, greedy replies of this machine come out. torch and transformers are imported inside functions only: choosing a
hosted model must not load them, and the settings must be checked on a machine without them.
"""

import importlib.util
import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import AfterValidator, PositiveInt

from runner.component import component
from runner.data.records import Prompt, Reply
from runner.data.text import most_tokens
from runner.data.weights import weights_written
from runner.errors import Fault
from runner.local_models.loading import SPREADS, Dtype, Quantization, Source

if TYPE_CHECKING:
    from runner.local_models.network import Weights

TEMPLATE_TOKENS = 2048  # more than any chat template adds to the messages
EXTRAS = {"bitsandbytes": "quantized"}  # the extra that installs a package; every other package comes with `local`


def _device(name: str) -> str:
    # Names of torch for one device, and of accelerate for several.
    if name not in ("auto", "cpu", "mps", *SPREADS) and not re.fullmatch(r"(cuda|xpu)(:\d+)?", name):
        raise ValueError(f"expected auto, cpu, cuda, cuda:1, mps, or over several GPUs {', '.join(SPREADS)}")
    return name


Device = Annotated[str, AfterValidator(_device)]


def need_packages(structured: bool = False, quantised: bool = False) -> None:
    """Raise a Fault if packages for local models are missing.

    It names the install line. `structured` and `quantised` need a package more each.
    """
    needed = ["torch", "transformers", "peft", "accelerate", "safetensors"]
    needed += ["outlines"] * structured + ["bitsandbytes"] * quantised
    # find_spec looks for a package without importing it: importing torch takes seconds.
    missing = [name for name in needed if not importlib.util.find_spec(name)]
    if missing:
        extra = ",".join(dict.fromkeys(EXTRAS.get(name, "local") for name in missing))
        raise Fault(
            f"a model on this machine needs {', '.join(missing)}, not installed here. "
            f"Install the extra: pip install -e '.[{extra}]' (or experiment-runner[{extra}])"
        )


@component
class HuggingFace:
    """A model by its hub id or folder.

    `tuned` is a folder that a tuner wrote: an adapter or whole weights. `batch_size` is how many prompts are answered at a
    time. `dtype` counts in the identity where it is set: who sets it wants to see what it changes. Left at auto it depends on
    the machine, as the device does, and results that were kept on one machine are used on another.
    """

    # `batch_size` changes the speed only. `tuned` is a path: `state` tells its files instead, which count wherever they lie.
    incidental: ClassVar[frozenset[str]] = frozenset({"batch_size", "device", "tuned"})
    # Both settings came after the first stores were written. At their defaults the identity is what it was before them.
    later: ClassVar[frozenset[str]] = frozenset({"dtype", "quantization"})

    id: str
    revision: str | None = None
    device: Device = "auto"
    dtype: Dtype = "auto"
    quantization: Quantization | None = None
    batch_size: PositiveInt = 96
    structured: bool = False
    tuned: str = ""

    @property
    def name(self) -> str:
        """The hub id, or the folder's name."""
        # Not the folder's path, which is too long for a table and different on each machine.
        return Path(self.id).name if Path(self.id).is_dir() else self.id

    @property
    def quantised(self) -> bool:
        """Return true if setting or files quantise the weights."""
        return bool(self.quantization or self._config().get("quantization_config"))

    def state(self) -> list[tuple[str, int, int]]:
        """List names, sizes and times of the model's files.

        That is nothing for a model of the hub, which `id` and `revision` name. The names of tuned files begin with `tuned/`.
        """
        # Sizes and times, since hashing gigabytes of weights at every start would take minutes.
        files = [(file.name, file.stat()) for file in _files(self.id)]
        files += [(f"tuned/{file.name}", file.stat()) for file in _files(self.tuned)]
        return [(name, status.st_size, status.st_mtime_ns) for name, status in files]

    def check(self) -> None:
        """Raise a Fault if the model cannot be loaded.

        Reasons are missing packages, missing weights while the hub cannot be reached, and weights to be quantised that already
        are.
        """
        need_packages(self.structured, bool(self.quantization))
        stored = self._config().get("quantization_config")
        if stored and self.quantization:
            raise Fault(
                f"model.quantization={self.quantization}: the weights of {self.id} are quantised already "
                f"({stored.get('quant_method')}). Leave model.quantization=null, or name a model of plain weights"
            )
        # Without this check a mistyped path would be answered by replies that were kept of the untuned model.
        if self.tuned and not {"adapter_config.json", "config.json"} & {file.name for file in _files(self.tuned)}:
            raise Fault(
                f"model.tuned={self.tuned}: neither adapter_config.json nor config.json is there. Expected a folder that a tuner "
                "wrote: an adapter or whole weights"
            )
        from runner.local_models.soundness import check_sound

        check_sound(self.source)

    def ask(self, prompts: Sequence[Prompt]) -> Iterator[tuple[int, Reply]]:
        """Yield greedy replies, one batch of prompts after the other.

        Where `structured` is set, each reply is held to the form that its prompt names.
        """
        if prompts:  # without prompts nothing is loaded
            yield from self.network().reply(prompts, self.batch_size, f"answering, {self.name}", self.structured)

    def draw(self, prompts: Sequence[Prompt], temperature: float, seed: int) -> Iterator[tuple[int, Reply]]:
        """Yield replies that are drawn at a temperature."""
        if prompts:
            import torch

            network = self.network()
            torch.manual_seed(seed)
            yield from network.reply(prompts, self.batch_size, f"drawing answers, {self.name}", temperature=temperature)

    def perplexity(self, text: str) -> float:
        """Return the perplexity of plain text, without a chat template."""
        return self.network().perplexity(text)

    def network(self) -> "Weights":
        """Return the network as it answers.

        It stays in memory until another network is asked for, because loading takes seconds and stages ask in turns.
        """
        from runner.local_models.network import held

        return held(self.source)

    def load(self) -> "Weights":
        """Load the network, in fp32 or quantised, ready to train.

        The network that answers is dropped first, since two do not fit into the memory of every machine.
        """
        from runner.local_models.loading import to_train
        from runner.local_models.network import Weights, release

        release()
        return Weights(self.source, to_train(self.source), self.source.trained_in)

    def save(self, folder: Path) -> None:
        """Write config, tokenizer and plain fp32 weights in safetensors.

        An adapter is merged into the weights first.
        """
        from runner.local_models.loading import tokenizer, whole
        from runner.local_models.network import release

        release()  # all weights in fp32 need the memory
        with weights_written(folder):
            whole(self.source).save_pretrained(folder)
        tokenizer(self.source).save_pretrained(folder)

    def licence(self) -> dict[str, str]:
        """Read the licence from the model's card.

        The fields are the Hub's: license, and license_name and license_link of a licence that the Hub has no word for.
        """
        from huggingface_hub import ModelCard, hf_hub_download
        from yaml import YAMLError

        try:
            own = Path(self.id) / "README.md"
            file = own if Path(self.id).is_dir() else Path(hf_hub_download(self.id, "README.md", revision=self.revision))
            data = ModelCard(file.read_text(encoding="utf-8"), ignore_metadata_errors=True).data
        # The hub's errors are OSErrors. Any text may stand in a card, as it is written for people.
        except (OSError, ValueError, YAMLError):
            return {}
        return {name: str(data.get(name)) for name in ("license", "license_name", "license_link") if data.get(name)}

    def context(self) -> int | None:
        """Return the most tokens that it reads; None without a limit."""
        from runner.local_models.context import reader

        return reader(self.source).context

    def too_long(self, chats: Sequence[tuple[Prompt, str | None]]) -> Mapping[int, int]:
        """Return places and tokens of chats beyond the context."""
        from runner.local_models.context import reader

        # Loading the tokenizer takes seconds, and most chats are far shorter than the context.
        return {} if self._surely_reads(chats) else reader(self.source).too_long(chats)

    def _surely_reads(self, chats: Sequence[tuple[Prompt, str | None]]) -> bool:
        """True if no chat can exceed the context."""
        files = [self._on_this_machine(name) for name in ("config.json", "tokenizer_config.json")]
        # Nothing is known of a model that was not fetched yet.
        if None in files:
            return True
        config, tokenizer = (json.loads(file.read_text(encoding="utf-8")) for file in files if file)
        limit = min(config.get("max_position_embeddings", 0), tokenizer.get("model_max_length", math.inf))
        texts = (([turn.content for turn in prompt.messages], reply, prompt.tokens) for prompt, reply in chats)
        most = (most_tokens([*turns, reply or ""]) + (room if reply is None else 0) for turns, reply, room in texts)
        return bool(max(most, default=0) + TEMPLATE_TOKENS <= limit)

    def _on_this_machine(self, name: str) -> Path | None:
        """Return a file of the model, if it is here."""
        if Path(self.id).is_dir():
            return Path(self.id) / name if (Path(self.id) / name).exists() else None
        from huggingface_hub import try_to_load_from_cache

        try:
            cached = try_to_load_from_cache(self.id, name, revision=self.revision)
        except ValueError:  # no hub id, which `check` says
            return None
        return Path(cached) if isinstance(cached, str) else None

    def tuned_in(self, folder: Path) -> "HuggingFace":
        """Return this model with the tuned weights in `folder`."""
        return replace(self, tuned=str(folder))

    @property
    def source(self) -> Source:
        """The weights to load, and how to load them."""
        return Source(
            id=self.id,
            tuned=self.tuned,
            revision=self.revision,
            device=self.device,
            dtype=self.dtype,
            quantization=self.quantization,
        )

    def _config(self) -> dict[str, Any]:
        """Read config.json; raise a Fault if it or the weights are missing."""
        if not Path(self.id).is_dir():
            return _settings(self._fetched_config())
        # Only safetensors are accepted: a pickled *.bin can run code when it is loaded.
        if not (Path(self.id) / "config.json").exists() or not list(Path(self.id).glob("*.safetensors")):
            raise Fault(
                f"model.id={self.id} is a folder without config.json and *.safetensors: expected a model as transformers "
                "saves it (weights in other formats are not loaded)"
            )
        return _settings(Path(self.id) / "config.json")

    def _fetched_config(self) -> Path:
        from huggingface_hub import hf_hub_download
        from huggingface_hub.errors import GatedRepoError

        try:
            return Path(hf_hub_download(self.id, "config.json", revision=self.revision))
        except GatedRepoError as error:
            raise Fault(
                f"model.id={self.id}: the hub gives it only to accounts that accepted its licence. Accept it at "
                f"https://huggingface.co/{self.id}, then log in on this machine: hf auth login, or export HF_TOKEN=..."
            ) from error
        except Exception as error:  # the hub's client raises many kinds, of the network, of the cache and of the id
            raise Fault(
                f"model.id={self.id}: not a folder, not in the cache, and the hub did not give it "
                f"({type(error).__name__}). Either fetch it where there is a network (hf download {self.id}) or "
                "name a folder that holds it (model.id=/path/to/model). model=smollm2 needs no hub"
            ) from error


def _settings(file: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(file.read_text(encoding="utf-8")))
    except (ValueError, TypeError) as error:
        raise Fault(f"{file} is not the JSON of a model's settings ({error}). Copy or download the model again") from error


def _files(folder: str) -> list[Path]:
    """List everything in a folder, sorted; nothing if there is no folder."""
    return sorted(Path(folder).glob("*")) if folder and Path(folder).is_dir() else []
