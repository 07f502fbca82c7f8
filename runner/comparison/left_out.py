"""Ledgers of arms in, a note on missing labels out."""

from runner.comparison import Comparison


def left_out(comparison: Comparison) -> list[str]:
    """Say which arms lost labels to the exam."""
    accounts = [(arm.name, row) for arm in comparison.arms for row in arm.ledger if row["stage"] == "leaks"]
    losses = [f"{name} kept {row['kept']} of {row['requested']}" for name, row in accounts if row["kept"] != row["requested"]]
    if not losses:
        return []
    note = f"Labels that ask what the exam asks, or nearly the same, were left out of training: {'; '.join(losses)}."
    # Only a question is compared with the exam's.
    if len(losses) < len(accounts):
        note += (
            " A section of method=passage has no question to compare, so it is kept, even if it holds the sentence that the exam "
            "asks about. So an arm with such labels has an advantage."
        )
    return [note]
