"""Labellings killed at random moments while the server misbehaves: kills in, what was lost, paid twice and left out printed.

    python bench/kills.py --kills 200 --sections 44

A reply that is paid twice, lost without having been in flight, a ledger that does not reconcile, or labels other than those of a
labelling that nobody kills end it with an AssertionError.
"""

import argparse
import tempfile
import time
from pathlib import Path

from tests.kills import CONCURRENCY, FAULTS, killed


def main() -> None:
    """Kill, check, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--sections", type=int, default=44, help="44 are some 500 requests a labelling")
    told, began = parser.parse_args(), time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        tally = killed(Path(folder), told.kills, told.sections, tracking=f"sqlite:///{folder}/mlflow.db")
    faults = sum(tally.kinds[kind] for kind in FAULTS)
    print(
        f"{len(tally.lost)} kills in {len(tally.requests)} labellings of {min(tally.requests)} to {max(tally.requests)} requests"
    )
    print(f"{faults} of {tally.kinds.total()} responses were faults: {dict(tally.kinds.most_common())}")
    print(f"whole replies lost to a kill: {max(tally.lost)} at most, {sum(tally.lost)} in all, of {CONCURRENCY} in flight")
    print("no kept reply was asked for again; every labelling ended as one that nobody kills, its ledger reconciled")
    print(f"{time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
