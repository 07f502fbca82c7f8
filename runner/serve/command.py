"""The command runner-serve: arguments to a running server."""

import argparse
import os
import sys
from contextlib import AbstractContextManager
from pathlib import Path
from urllib.parse import urlsplit

from filelock import FileLock, Timeout

from runner.errors import Fault
from runner.serve import Access, Limits
from runner.web.addresses import key_for, listening, url_host

DESCRIPTION = """\
Serves models of this machine over OpenAI's API: chat completions with streaming, embeddings, files, batches, and
fine-tuning jobs that really train (with a tuner of run.py, --tuner). A tuned model is served at once, under its id ft:...

MODEL is one of
  smollm2                     the embedded model (the default)
  a folder                    a model as transformers saves it, for example one that run.py export=FOLDER wrote
  a tuning of the store       ~/.cache/experiment-runner/tunings/KEY, an adapter or whole weights
  a hub id                    HuggingFaceTB/SmolLM2-360M-Instruct
NAME=MODEL serves it under that name.

Examples:
  runner-serve
  runner-serve smollm2 ours=exported/fact-5x
  curl http://127.0.0.1:8000/v1/chat/completions -H 'Content-Type: application/json' \\
      -d '{"model": "smollm2", "messages": [{"role": "user", "content": "Hello!"}], "temperature": 0}'
Any client of OpenAI's API can use it, with OPENAI_BASE_URL=http://127.0.0.1:8000/v1 and, where no key is set,
OPENAI_API_KEY=any.

The server generates one reply at a time, answers one batch at a time, and trains one job at a time; others wait. With
temperature 0 a reply takes the most likely token each time, as in run.py. The API's default temperature is 1, which samples."""


def arguments() -> argparse.ArgumentParser:
    """Define the command's arguments and its help."""
    default = Limits()
    # The same variable as for run.py, so that both find the same models.
    store = os.environ.get("RUNNER_STORE", "~/.cache/experiment-runner")
    parser = argparse.ArgumentParser(
        "runner-serve", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("models", nargs="*", metavar="MODEL", default=["smollm2"])
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen at (default: %(default)s); others need a key")
    parser.add_argument("--port", type=int, default=8000, help="default: %(default)s; 0 takes a free one")
    # The variable's name, not the key: arguments can be read by every user of a machine.
    parser.add_argument(
        "--key", default="RUNNER_SERVE_KEY", metavar="VARIABLE", help="the environment variable of the key (default: %(default)s)"
    )
    parser.add_argument(
        "--origin", action="append", default=[], help="a web page that may send requests: http://localhost:3000 (default: none)"
    )
    parser.add_argument("--tuner", default="lora", help="how jobs tune: lora, or full for whole weights (default: %(default)s)")
    parser.add_argument("--folder", help="where files, jobs and tuned models are kept (default: STORE/served)")
    parser.add_argument("--store", default=store, help="the runner's store (default: %(default)s)")
    parser.add_argument("--body", type=int, default=default.body, help="most bytes of a request (default: %(default)s)")
    parser.add_argument("--tokens", type=int, default=default.tokens, help="most tokens of a reply (default: %(default)s)")
    parser.add_argument(
        "--jobs", type=int, default=default.jobs, help="most unfinished jobs, and as many batches (default: %(default)s)"
    )
    parser.add_argument("--waiting", type=int, default=default.waiting, help="most waiting replies (default: %(default)s)")
    return parser


def main() -> None:
    """Run the command."""
    options = arguments().parse_args()
    try:
        _serve(options)
    except Fault as fault:
        sys.exit(f"runner-serve: {fault}")


def _serve(options: argparse.Namespace) -> None:
    host, key = url_host(options.host), key_for(options.host, options.key)
    try:
        # Imported here, so that a missing extra ends in a message and --help needs none of it.
        from runner.serve.app import application, shipped
        from runner.serve.models import Models, served
        from runner.web.server import http_server
    except ImportError as error:
        raise Fault(f"the package {error.name} is missing. Install it: pip install -e '.[local,serve]'") from error
    for origin in options.origin:
        address = urlsplit(origin)
        # Browsers send exactly this, so another spelling would never match.
        if not address.netloc or origin != f"{address.scheme}://{address.netloc}":
            raise Fault(f"--origin {origin}: expected scheme and host of the page, without a path: http://localhost:3000")
    store = Path(options.store).expanduser()
    tuner = shipped(options.tuner)
    limits = Limits(body=options.body, tokens=options.tokens, jobs=options.jobs, waiting=options.waiting)
    models = Models([served(model, store) for model in options.models])
    folder = Path(options.folder).expanduser() if options.folder else store / "served"
    lock = _locked(folder)
    app = application(models, limits, Access(key=key, host=host, origins=tuple(options.origin)), folder, tuner)
    server = http_server(app, options.host, options.port, limits.seconds)
    # A client that reads the address may connect at once. It is answered when the server has started.
    socket = listening(options.host, options.port)
    print(f"serving {', '.join(models.given)} at http://{host}:{socket.getsockname()[1]}/v1", file=sys.stderr)
    with lock:
        server.run(sockets=[socket])


def _locked(folder: Path) -> AbstractContextManager[object]:
    """Lock the folder against a second server.

    A second server would mark the jobs of the first as failed. The lock ends with the process, even where that is killed.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return FileLock(folder / "server.lock").acquire(timeout=0)
    except Timeout as error:
        raise Fault(
            f"another runner-serve keeps its files and jobs in {folder}. Stop it, or name another folder: --folder"
        ) from error
    except OSError as error:
        raise Fault(
            f"{folder}: the server can't keep its files there ({error.strerror}). Name another folder: --folder"
        ) from error


if __name__ == "__main__":
    main()
