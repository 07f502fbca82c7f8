"""The command runner-review: a corpus or run to a local page, a report, or a file of items."""

import argparse
import sys
import webbrowser
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from runner.data.reviews import NAME
from runner.errors import Fault, InvalidInput
from runner.review_page.gathered import ReviewedItems
from runner.review_page.plan import ReviewPlan, drawn_sample
from runner.terminal.exits import exit_codes
from runner.terminal.output import prepare_streams
from runner.terminal.plain_text import plain
from runner.web.addresses import key_for, listening, url_host

if TYPE_CHECKING:
    from runner.review_page.session import ReviewSession

DESCRIPTION = """\
Opens a local page on which an expert reviews labels, exam questions, and the answers of a run beside their source. One key
accepts, edits, rejects or grades; the most doubtful items come first. Reviews are appended to reviews.jsonl in the corpus's
folder, and are safe on the disk before the next item is shown.

CORPUS-OR-RUN is one of
  my-docs                     a folder with documents; more settings as in run.py: corpus.category=2
  corpus=silicon              a corpus of run.py, with options: method=fact,token size=5x. Labels are those of people and those
                              that are recorded or were made before
  ID                          a run or sweep, as run.py --list prints it: labels, exam questions and graded answers"""
EPILOG = """\
examples:
  runner-review my-docs
  runner-review corpus=silicon method=fact,token size=5x --sample 60
  runner-review my-docs --reviewers ada,bob --overlap 0.2
  runner-review my-docs --report
  runner-review my-docs --export items.csv
  runner-review my-docs --import items.csv"""
VARIABLE = "RUNNER_REVIEW_KEY"


def arguments() -> argparse.ArgumentParser:
    """Define the command's arguments and its help."""
    parser = argparse.ArgumentParser(
        "runner-review", description=DESCRIPTION, epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "words", nargs="+", metavar="CORPUS-OR-RUN", help="a folder, corpus=..., or a run's id, with its settings"
    )
    parser.add_argument(
        "--to", type=Path, metavar="FILE", help="where reviews go (default: reviews.jsonl in the corpus's folder)"
    )
    parser.add_argument("--reviewers", default="", metavar="NAMES", help="share the items out: ada,bob (default: a common queue)")
    parser.add_argument(
        "--overlap",
        type=float,
        default=0.0,
        metavar="SHARE",
        help="of the items, judged blind by everybody (default: %(default)s)",
    )
    parser.add_argument(
        "--sample", type=int, default=0, metavar="N", help="review a simple random sample of N labels, for the error rate"
    )
    parser.add_argument("--seed", type=int, default=0, help="of the sample (default: %(default)s)")
    parser.add_argument("--report", action="store_true", help="print progress, agreement and error rates, and stop")
    parser.add_argument("--export", type=Path, metavar="FILE", help="write items and reviews: .csv, or .json for Label Studio")
    parser.add_argument("--import", type=Path, metavar="FILE", dest="taken", help="add the reviews of such a file")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen at (default: %(default)s); others need a key")
    parser.add_argument("--port", type=int, default=8010, help="default: %(default)s; 0 takes a free one")
    # The variable's name, not the key: arguments can be read by every user of a machine.
    parser.add_argument(
        "--key", default=VARIABLE, metavar="VARIABLE", help="the environment variable of the key (default: %(default)s)"
    )
    parser.add_argument("--open", action="store_true", help="open the page in the browser of this machine")
    return parser


def main(words: Sequence[str] | None = None) -> None:
    """Run the command."""
    options = arguments().parse_intermixed_args(words)
    prepare_streams()
    with exit_codes():
        _check(options)
        # Before the corpus is read, which may take a while.
        key = key_for(options.host, options.key)
        _review(options, key)


def _check(options: argparse.Namespace) -> None:
    """Raise InvalidInput for options that can't be meant."""
    if not 0 <= options.overlap <= 1:
        raise InvalidInput(f"--overlap {options.overlap:g}: expected a share between 0 and 1, such as 0.2")
    if options.sample < 0:
        raise InvalidInput(f"--sample {options.sample}: expected a number of labels, such as 60")
    names = _names(options)
    if len(set(names)) < len(names):
        raise InvalidInput(f"--reviewers {options.reviewers}: a name stands twice. Name each person once")


def _names(options: argparse.Namespace) -> tuple[str, ...]:
    return tuple(name.strip() for name in options.reviewers.split(",") if name.strip())


def _review(options: argparse.Namespace, key: str) -> None:
    """Do what the options say."""
    try:
        # Imported here, so that a missing extra ends in a message and --help needs none of it.
        from runner.review_page.app import application
        from runner.review_page.exchange import read_reviews_of, write_items
        from runner.review_page.report import lines, summary
        from runner.review_page.session import ReviewSession
        from runner.web.server import http_server
    except ImportError as error:
        raise Fault(f"the package {error.name} is missing. Install it: pip install -e '.[review]'") from error
    gathered = gathered_of(options.words)
    sample = drawn_sample(gathered.candidates, options.sample, options.seed) if options.sample else frozenset[str]()
    plan = ReviewPlan(reviewers=_names(options), overlap=options.overlap, sample=sample)
    session = ReviewSession(gathered, options.to or gathered.reviews, plan)
    for note in gathered.notes:
        print(plain(note), file=sys.stderr)
    if options.taken:
        taken = read_reviews_of(session, options.taken)
        print(plain(f"{taken.added} reviews were added to {session.file}; {taken.known} were there already"))
    if options.export:
        print(plain(f"{write_items(session, options.export)} rows were written to {options.export}"))
    if options.report:
        print(plain("\n".join(lines(summary(session)))))
    if options.taken or options.export or options.report:
        return
    server = http_server(application(session, options.host, key), options.host, options.port, seconds=20)
    socket = listening(options.host, options.port)
    address = f"http://{url_host(options.host)}:{socket.getsockname()[1]}/"
    print(plain(_begun(session, address)), file=sys.stderr, flush=True)
    if options.open and not webbrowser.open(address):
        print(f"no browser could be opened here. Open {address} in one", file=sys.stderr, flush=True)
    server.run(sockets=[socket])


def _begun(session: "ReviewSession", address: str) -> str:
    """Return what is printed when the page can be opened."""
    items = len(session.queue.candidates)
    reviewed = sum(session.state.standing(each.item.id) is not None for each in session.queue.candidates)
    words = f"{items} items of {session.gathered.name}, {reviewed} of them reviewed: {address}"
    if session.strangers:
        words += f"\n{session.strangers} reviewed items are not among these: of another corpus or other options, or changed"
    where = f"\nreviews go to {session.file.resolve()}"
    # Else a run would not look there.
    own = session.gathered.reviews != Path(NAME) and session.gathered.reviews.resolve() == session.file.resolve()
    return words + where + ("" if own else f". To use them: run.py corpus.reviews={session.file.resolve()} review=done")


def gathered_of(words: Sequence[str]) -> ReviewedItems:
    """Gather the items of a folder, corpus or run."""
    from runner.review_page.corpus_items import corpus_items, corpus_words
    from runner.review_page.kept_doubts import most_doubtful_first
    from runner.review_page.run_items import run_items

    named = [word for word in words if "=" not in word or Path(word).is_dir()]
    settings = [word for word in words if word not in named]
    if len(named) > 1:
        raise InvalidInput(f"{' and '.join(named)}: expected one corpus or run")
    if named and Path(named[0]).expanduser().is_dir():
        gathered = corpus_items([*corpus_words(named[0]), *settings])
    elif named and ("/" in named[0] or "." in named[0]):
        raise InvalidInput(f"{named[0]}: no such folder. Expected a folder with documents, corpus=NAME, or a run's id")
    elif named:
        gathered = run_items([*named, *settings])
    else:
        gathered = corpus_items(settings)
    ordered = most_doubtful_first(gathered.candidates, gathered.sections, gathered.store)
    return replace(gathered, candidates=tuple(ordered))


if __name__ == "__main__":
    main()
