"""A teacher of the tests' own: a real HTTP server on loopback that writes facts and pairs as the shipped prompts ask for them."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from runner.wording import count

PAIRS = {"fact": 5, "token": 10}


def taught(text: str) -> str:
    """Facts, the numbers of those that serve, or pairs that nobody wrote before."""
    if text.startswith("List every atomic fact"):
        body = text.split("\n\n")[1]
        return json.dumps(re.findall(r"[^.]+\.", body))
    if text.startswith("The purpose of a study"):
        return json.dumps([int(number) for number in re.findall(r"^(\d+)\. ", text, re.MULTILINE)])
    if "PASS or FAIL" in text:
        return "PASS"
    written = len(re.findall(r"^- ", text, re.MULTILINE))
    kind, mark = ("fact", "this one fact: ") if "this one fact" in text else ("token", "Section: ")
    of = text.split(mark)[1].split("\n")[0]
    numbers = range(written, written + PAIRS[kind])
    return json.dumps([{"question": f"What is number {n} of {of}?", "answer": f"It is {n}."} for n in numbers])


@contextmanager
def teaching(reply: Callable[[str], str] = taught) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The server's base URL, and every body that it was asked, with the usage that it told."""
    asked: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            text = body["messages"][-1]["content"]
            said = reply(text)
            usage = {"prompt_tokens": count(text), "completion_tokens": count(said)}
            usage["total_tokens"] = sum(usage.values())
            asked.append({**body, "usage": usage})
            choice = {"index": 0, "message": {"role": "assistant", "content": said}, "finish_reason": "stop"}
            whole = {"id": "1", "object": "chat.completion", "created": 0, "model": "m", "choices": [choice], "usage": usage}
            content = json.dumps(whole).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def corpus(folder: Path) -> list[str]:
    """A corpus of two sections, three facts and a question, and a student that is never loaded, as overrides."""
    (folder / "docs" / "documents").mkdir(parents=True)
    sections = "## Final\nAda of Oslo won the cup. It was held in Bergen.\n\n## Start\nThe cup began on 3 May 2031.\n"
    (folder / "docs" / "documents" / "cup.md").write_text(f"# Cup\n\n{sections}")
    (folder / "docs" / "exam.jsonl").write_text(json.dumps({"question": "Who won the cup?", "answer": "Ada"}) + "\n")
    (folder / "student").mkdir()
    (folder / "student" / "config.json").write_text("{}")
    (folder / "student" / "model.safetensors").write_bytes(b"")
    chosen = [
        "corpus=folder",
        f"corpus.path={folder}/docs",
        "corpus.purpose=Know the cup.",
        "retriever=lexical",
        "retention=none",
    ]
    return [*chosen, "model=huggingface", f"model.id={folder}/student", f"store={folder}/store"]


def taught_by(url: str, *more: str) -> list[str]:
    """The teacher at an address, as overrides."""
    return ["model@teacher=openai", f"teacher.base_url={url}", "teacher.id=gpt-5-mini", *more]
