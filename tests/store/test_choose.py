"""A folder and an address each have their kind of store."""

from pathlib import Path

import pytest

from runner.store.choose import check_address, open_store
from runner.store.local import LocalStore
from runner.store.object import ObjectStore


def test_a_folder_is_a_local_store(tmp_path: Path) -> None:
    store = open_store(str(tmp_path))
    assert isinstance(store, LocalStore)
    assert store.folder == tmp_path


def test_an_address_is_a_store_of_objects(s3: str) -> None:
    store = open_store(s3)
    assert isinstance(store, ObjectStore)
    assert store.address == s3


@pytest.mark.parametrize("address", ["http://host/store", "file:///store", "S3://bucket"])
def test_other_addresses_are_refused(address: str) -> None:
    with pytest.raises(ValueError, match="expected a folder, or an address of s3://, gs://, az://"):
        check_address(address)
