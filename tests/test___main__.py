"""The package is a command too."""

import subprocess
import sys


def test_the_package_is_the_command() -> None:
    done = subprocess.run([sys.executable, "-m", "runner", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("experiment-runner ")
