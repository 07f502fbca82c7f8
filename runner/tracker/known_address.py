"""A tracker in, where it tracks out."""

from runner.component import full_name
from runner.tracker import Addressed, Tracker


def known_address(tracker: Tracker) -> str:
    """Return the address of a tracker, else its class."""
    return tracker.address() if isinstance(tracker, Addressed) else full_name(tracker)
