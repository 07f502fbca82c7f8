"""The command runner-serve: arguments to a running server."""

import argparse
import os
import sys
from pathlib import Path

from filelock import FileLock, Timeout

from runner.errors import Fault
from runner.serve import LOOPBACK, Limits

WORDS = """\
Serves models of this machine over OpenAI's wire: chat completions with streaming, embeddings, files, batches, and
fine-tuning jobs that really tune (run.py's own tuners, --tuner). What a job tuned is served at once, under its id ft:...

MODEL is one of
  smollm2                     the embedded model (what is served where nothing is named)
  a folder                    a model as transformers saves it, such as run.py export=FOLDER writes
  a tuning of the store       ~/.cache/experiment-runner/tunings/KEY, whichever tuner made it
  a hub id                    HuggingFaceTB/SmolLM2-360M-Instruct
NAME=MODEL serves it under that name.

Examples:
  runner-serve
  runner-serve smollm2 ours=exported/fact-5x
  curl http://127.0.0.1:8000/v1/chat/completions -H 'Content-Type: application/json' \\
      -d '{"model": "smollm2", "messages": [{"role": "user", "content": "Hello!"}], "temperature": 0}'
Any client of OpenAI's API finds it by OPENAI_BASE_URL=http://127.0.0.1:8000/v1 and, where no key is set, OPENAI_API_KEY=any.

One reply is written at a time, one batch answered and one job tuned at a time; the others wait. A reply takes the likeliest
words at temperature 0, as run.py asks its students; without one the wire's default, 1, draws them by chance."""


def arguments() -> argparse.ArgumentParser:
    """What the command takes; its help teaches the rest."""
    usual = Limits()
    store = os.environ.get("RUNNER_STORE", "~/.cache/experiment-runner")
    parser = argparse.ArgumentParser("runner-serve", description=WORDS, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", nargs="*", metavar="MODEL", default=["smollm2"])
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen at (default: %(default)s); others want a key")
    parser.add_argument("--port", type=int, default=8000, help="default: %(default)s; 0 takes a free one")
    parser.add_argument(
        "--key", default="RUNNER_SERVE_KEY", metavar="VARIABLE", help="the environment variable of the key (default: %(default)s)"
    )
    parser.add_argument("--tuner", default="lora", help="how jobs tune: lora, or full for whole weights (default: %(default)s)")
    parser.add_argument("--folder", help="where files, jobs and tuned models are kept (default: STORE/served)")
    parser.add_argument("--store", default=store, help="the runner's store (default: %(default)s)")
    parser.add_argument("--body", type=int, default=usual.body, help="the most bytes of a request (default: %(default)s)")
    parser.add_argument("--tokens", type=int, default=usual.tokens, help="the most tokens of a reply (default: %(default)s)")
    parser.add_argument(
        "--jobs", type=int, default=usual.jobs, help="the most jobs and batches, each, not yet done (%(default)s)"
    )
    parser.add_argument("--waiting", type=int, default=usual.waiting, help="the most replies waited for (default: %(default)s)")
    return parser


def main() -> None:
    """Entry point of the command."""
    given = arguments().parse_args()
    try:
        _serve(given)
    except Fault as fault:
        sys.exit(f"runner-serve: {fault}")


def _serve(given: argparse.Namespace) -> None:
    key, host = os.environ.get(given.key, "").strip(), f"[{given.host}]" if ":" in given.host else given.host
    if not key and host not in LOOPBACK:
        raise Fault(
            f"--host {given.host} is open to others, and there is no key. export {given.key}=... before, or stay at 127.0.0.1"
        )
    try:
        import uvicorn

        from runner.serve.app import application, shipped
        from runner.serve.models import Models, served
    except ImportError as error:
        raise Fault(f"the package {error.name} is missing. Install it: pip install -e '.[local,serve]'") from error
    store = Path(given.store).expanduser()
    tuner = shipped(given.tuner)
    limits = Limits(body=given.body, tokens=given.tokens, jobs=given.jobs, waiting=given.waiting)
    models = Models([served(model, store) for model in given.models])
    folder = Path(given.folder).expanduser() if given.folder else store / "served"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        lock = FileLock(folder / "server.lock").acquire(timeout=0)
    except Timeout as error:
        raise Fault(
            f"another runner-serve keeps its files and jobs in {folder}. Stop it, or name another folder: --folder"
        ) from error
    app = application(models, limits, key, host, folder, tuner)
    server = uvicorn.Server(uvicorn.Config(app, given.host, given.port, log_level="warning", timeout_graceful_shutdown=5))
    socket = server.config.bind_socket()
    socket.listen()  # whoever reads the next line may connect at once, and is answered as soon as the server has begun
    print(f"serving {', '.join(models.given)} at http://{host}:{socket.getsockname()[1]}/v1", file=sys.stderr)
    with lock:
        server.run(sockets=[socket])


if __name__ == "__main__":
    main()
