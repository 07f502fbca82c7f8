"""The command run.py, also as python -m runner."""

import sys

from runner.terminal.signals import stopped


def main() -> None:
    """Run the command, and exit with its code."""
    # Ctrl-C may come while the command is still imported, which takes a second.
    with stopped():
        from runner.commands.at_once import done_at_once

        if not done_at_once(sys.argv[1:]):
            from runner.run import main as run

            run()


if __name__ == "__main__":
    main()
