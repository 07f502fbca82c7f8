"""The setting `store` in, the store out."""

from runner.data.local_folder import is_address, local_folder
from runner.store import Store
from runner.store.bucket import SCHEMES
from runner.store.local import LocalStore


def check_address(store: str) -> str:
    """Return a folder or the address of a bucket.

    Raise a ValueError for another address, such as http://host.
    """
    # Path("http://host") would quietly make a folder named "http:".
    scheme = store.partition("://")[0]
    if is_address(store) and scheme not in SCHEMES:
        raise ValueError(f"expected a folder, or an address of {', '.join(f'{each}://' for each in SCHEMES)}. Found {scheme}://")
    return store


def open_store(store: str) -> Store:
    """Return the store of a folder or an address; nothing is written yet."""
    if is_address(store):
        # Only here, since a folder needs nothing of it.
        from runner.store.object import ObjectStore

        return ObjectStore(check_address(store))
    return LocalStore(local_folder(store))
