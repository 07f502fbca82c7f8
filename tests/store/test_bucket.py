"""Objects are written, created once, read, listed and removed; what fails is told in words."""

import sys
from pathlib import Path

import pytest

from runner.errors import Fault
from runner.store.bucket import Bucket
from tests.loopback import listening
from tests.s3 import Refusing


@pytest.fixture(params=["memory", "s3"])
def bucket(request: pytest.FixtureRequest) -> Bucket:
    """An empty bucket of each kind."""
    return Bucket(request.getfixturevalue(request.param))


def test_an_object_is_created_once(bucket: Bucket) -> None:
    assert bucket.create("a/b", b"first")
    assert not bucket.create("a/b", b"second")
    # As a client does that has not seen the answer to its first request.
    assert bucket.create("a/b", b"first")
    assert bucket.read("a/b") == b"first"


def test_objects_are_read_one_by_one_or_together(bucket: Bucket) -> None:
    bucket.write("a", b"1")
    bucket.write("b", b"old")
    bucket.write("b", b"2")
    assert (bucket.read("b"), bucket.read("c")) == (b"2", None)
    assert bucket.read_each(["a", "b", "c"]) == {"a": b"1", "b": b"2"}
    assert (bucket.read_each(["a"]), bucket.read_each(["c"]), bucket.read_each([])) == ({"a": b"1"}, {}, {})


def test_files_go_there_and_back(bucket: Bucket, tmp_path: Path) -> None:
    (tmp_path / "weights").write_bytes(bytes(range(256)) * 1000)
    bucket.upload({"deep/weights": tmp_path / "weights"})
    assert bucket.download({"deep/weights": tmp_path / "new" / "copy", "deep/none": tmp_path / "none"}) == ["deep/none"]
    assert (tmp_path / "new" / "copy").read_bytes() == (tmp_path / "weights").read_bytes()


def test_a_list_has_size_and_time_and_others_are_not_in_it(bucket: Bucket) -> None:
    for name in ("a/1", "a/b/2", "ab/3"):
        bucket.write(name, b"xyz")
    found = bucket.list("a")
    assert {name: size for name, (size, _) in found.items()} == {"a/1": 3, "a/b/2": 3}
    assert min(time for _, time in found.values()) > 1.7e9
    bucket.remove(["a/1", "a/none"])
    assert set(bucket.list("a")) == {"a/b/2"}
    assert bucket.list("nowhere") == {}


def test_a_check_leaves_nothing(bucket: Bucket) -> None:
    bucket.check()
    assert bucket.list("") == {}


def test_a_missing_bucket_is_told(s3: str) -> None:
    with pytest.raises(Fault, match=r"store=s3://nowhere/x: there is no such bucket \(.*\)\. Make it"):
        Bucket("s3://nowhere/x").check()


def test_a_server_that_does_not_answer_is_told(s3: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from s3fs import S3FileSystem

    S3FileSystem.clear_instance_cache()
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    with pytest.raises(Fault, match=r"can't be used: EndpointConnectionError: .*127\.0\.0\.1:9"):
        Bucket(s3).check()
    S3FileSystem.clear_instance_cache()


def test_wrong_credentials_are_told(s3: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from s3fs import S3FileSystem

    with listening(Refusing) as address:
        S3FileSystem.clear_instance_cache()
        monkeypatch.setenv("AWS_ENDPOINT_URL", address)
        with pytest.raises(Fault, match=r"access is denied \(The key does not exist\.\)\. Look at the credentials"):
            Bucket(s3).check()
        S3FileSystem.clear_instance_cache()


def test_a_package_that_is_missing_is_told_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "gcsfs", None)
    with pytest.raises(Fault, match=r"Install it: pip install 'experiment-runner\[gs\]'"):
        Bucket("gs://bucket/x")


def test_an_address_that_nothing_reads_is_told() -> None:
    with pytest.raises(Fault, match="Expected one of s3, "):
        Bucket("nothing://bucket")
