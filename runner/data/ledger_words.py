"""A ledger in, a line for people out."""

from runner.data.records import Ledger


def in_words(ledger: Ledger) -> str:
    """Write what was requested, what was kept, and why."""
    reasons = {**ledger.filtered, **ledger.failed, "times asked again": ledger.again}
    counts = ", ".join(f"{count} {reason}" for reason, count in reasons.items() if count)
    return f"{ledger.stage}: {ledger.requested} requested, {ledger.kept} kept{f' ({counts})' if counts else ''}"
