"""A folder is what its manifest says, or it is damaged and the reason is known."""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy
import pytest
from safetensors.numpy import save_file

from runner.data.manifest import DamagedFolderError, check_files, check_weights, read_manifest, same_inputs, seal
from tests.given import section


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A sealed folder with a text, a file in a folder of its own, and an empty file."""
    (tmp_path / "within").mkdir()
    (tmp_path / "grades.jsonl").write_text('{"passed": false}\n')
    (tmp_path / "within" / "weights").write_bytes(bytes(range(256)))
    (tmp_path / "empty").touch()
    seal(tmp_path, 1.5, {"seed": 0})
    return tmp_path


def checked(folder: Path) -> str:
    """The reason why a folder is damaged, or nothing."""
    try:
        check_files(folder, read_manifest(folder))
    except DamagedFolderError as damage:
        return str(damage)
    return ""


def test_a_sealed_folder_is_whole_and_says_what_made_it(folder: Path) -> None:
    manifest = read_manifest(folder)
    assert checked(folder) == ""
    assert (manifest.seconds, manifest.inputs) == (1.5, {"seed": 0})
    assert sorted(manifest.files or {}) == ["empty", "grades.jsonl", "within/weights"]


@pytest.mark.parametrize(
    ("name", "damage", "reason"),
    [
        ("grades.jsonl", lambda content: content.replace(b"false", b"true "), "grades.jsonl was changed"),
        ("grades.jsonl", lambda content: content[:-1], "grades.jsonl has 17 bytes, expected 18"),
        ("within/weights", lambda content: b"", "within/weights has 0 bytes, expected 256"),
        ("manifest.json", lambda content: content.replace(b"1.5", b"2.5"), "manifest.json was changed"),
        ("manifest.json", lambda content: content.replace(b'"seed": 0', b'"seed": 1'), "manifest.json was changed"),
        ("manifest.json", lambda content: content.replace(b'"files"', b'"giles"'), "manifest.json was changed"),
        ("manifest.json", lambda content: content.replace(b'"sha256": "' + content[-67:-3], b""), "manifest.json can't be read"),
        ("manifest.json", lambda content: content[:40], "manifest.json can't be read"),
        ("manifest.json", lambda content: b"[]", "manifest.json can't be read"),
        ("manifest.json", lambda content: b"\xff", "manifest.json can't be read"),
    ],
)
def test_changed_content_is_named(folder: Path, name: str, damage: Callable[[bytes], bytes], reason: str) -> None:
    before = (folder / name).read_bytes()
    (folder / name).write_bytes(damage(before))
    assert (folder / name).read_bytes() != before
    assert checked(folder).startswith(reason)


@pytest.mark.parametrize("name", ["grades.jsonl", "empty", "within/weights", "manifest.json"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert checked(folder) == f"{name} is missing"


def test_every_flipped_bit_of_a_manifest_is_noticed(folder: Path) -> None:
    content = (folder / "manifest.json").read_bytes()
    for place in range(len(content)):
        (folder / "manifest.json").write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        assert checked(folder), content[max(0, place - 20) : place + 20]


def test_a_manifest_of_an_older_store_has_no_files(folder: Path) -> None:
    (folder / "manifest.json").write_text(json.dumps({"seconds": 3.0, "made_of": ["a"]}))
    assert read_manifest(folder).files is None
    assert checked(folder) == ""


def test_files_have_the_mode_of_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "weights").touch(mode=0o600)
    before = os.umask(0o027)
    try:
        seal(tmp_path, 0.0, None)
    finally:
        os.umask(before)
    assert {file.name: oct(file.stat().st_mode & 0o777) for file in tmp_path.iterdir()} == {
        "weights": "0o640",
        "manifest.json": "0o640",
    }


@pytest.mark.parametrize("size", [0, 3, 20, 100, -1])
def test_cut_weights_are_found_without_a_checksum(tmp_path: Path, size: int) -> None:
    file = tmp_path / "adapter_model.safetensors"
    save_file({"a": numpy.ones(10, "float32")}, file)
    check_weights(tmp_path)
    os.truncate(file, size % file.stat().st_size)
    with pytest.raises(DamagedFolderError, match=r"adapter_model\.safetensors"):
        check_weights(tmp_path)


def test_a_large_file_is_hashed_only_if_it_was_written_since(folder: Path) -> None:
    weights, manifest = folder / "within" / "weights", read_manifest(folder)
    status = weights.stat()
    check_files(folder, manifest, largest=10)
    weights.write_bytes(bytes(256))
    os.utime(weights, ns=(status.st_atime_ns, status.st_mtime_ns))  # a time of modification proves nothing
    with pytest.raises(DamagedFolderError, match="within/weights was changed"):
        check_files(folder, manifest, largest=10)


def test_a_pipe_in_place_of_a_manifest_is_damage_and_is_not_waited_for(folder: Path) -> None:
    (folder / "manifest.json").unlink()
    os.mkfifo(folder / "manifest.json")
    with pytest.raises(DamagedFolderError, match=r"^manifest\.json is no file$"):
        read_manifest(folder)


def test_what_no_hash_holds_makes_no_other_inputs(tmp_path: Path) -> None:
    (tmp_path / "text").touch()
    seal(tmp_path, 1.5, [replace(section(), place="line 4")])
    assert same_inputs([replace(section(), place="line 9")], read_manifest(tmp_path))
    assert not same_inputs([replace(section(), text="Bea won.")], read_manifest(tmp_path))
