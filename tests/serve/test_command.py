"""What the command says and refuses before anything is loaded."""

import subprocess
import sys


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", "runner.serve.command", *arguments]
    return subprocess.run(line, capture_output=True, text=True, timeout=300, check=False)


def test_the_help_teaches_with_examples() -> None:
    told = command("--help").stdout
    assert "runner-serve smollm2 ours=exported/fact-5x" in told
    assert "fine-tuning jobs" in told


def test_an_address_that_others_reach_is_refused_without_a_key() -> None:
    done = command("--host", "0.0.0.0", "--key", "NO_SUCH_KEY")
    assert done.returncode == 1
    assert "export NO_SUCH_KEY=" in done.stderr
