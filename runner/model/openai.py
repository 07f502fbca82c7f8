"""Any server that speaks OpenAI's chat completions: the hosted ones, vLLM, llama.cpp, Ollama, a gateway."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import TYPE_CHECKING, ClassVar

from pydantic import NonNegativeFloat, NonNegativeInt, PositiveFloat, PositiveInt

from runner.component import component
from runner.fault import Fault
from runner.progress import progress
from runner.records import Prompt, Reply

if TYPE_CHECKING:
    from openai import OpenAI as Client


@component
class OpenAI:
    """A chat model by its id; the key is read from the environment variable that `key` names, never from a config."""

    incidental: ClassVar[frozenset[str]] = frozenset({"key", "timeout", "retries", "concurrency"})

    id: str
    base_url: str | None = None
    key: str = "OPENAI_API_KEY"
    temperature: NonNegativeFloat | None = None
    timeout: PositiveFloat = 120
    retries: NonNegativeInt = 5
    concurrency: PositiveInt = 8

    @property
    def name(self) -> str:
        """The model's id."""
        return self.id

    def check(self) -> None:
        """Raise a Fault where there is no key."""
        if not os.environ.get(self.key):
            raise Fault(
                f"{self.id} needs a key in the environment variable {self.key}, which is not set. export {self.key}=... "
                "(any word will do for a local server that wants none)"
            )

    def ask(self, prompts: Sequence[Prompt]) -> Iterator[tuple[int, Reply]]:
        """Replies as they arrive, `concurrency` requests at a time; retries and Retry-After are the client's own."""
        if not prompts:
            return
        from openai import OpenAI as Client

        self.check()
        client = Client(api_key=os.environ[self.key], base_url=self.base_url, timeout=self.timeout, max_retries=self.retries)
        with (
            client,
            ThreadPoolExecutor(self.concurrency) as pool,
            progress(f"asking, {self.id}", len(prompts)) as advance,
        ):
            waiting = {pool.submit(self._complete, client, prompt): index for index, prompt in enumerate(prompts)}
            try:
                for done in as_completed(waiting):
                    yield waiting[done], done.result()
                    advance()
            finally:
                pool.shutdown(wait=False, cancel_futures=True)

    def _complete(self, client: "Client", prompt: Prompt) -> Reply:
        import openai

        try:
            completion = client.chat.completions.create(
                model=self.id,
                messages=[{"role": turn.role, "content": turn.content} for turn in prompt.messages],  # type: ignore[misc]
                max_completion_tokens=prompt.tokens,
                temperature=openai.omit if self.temperature is None else self.temperature,
            )
        except openai.APIStatusError as error:
            raise Fault(f"{self.id} at {client.base_url} refused a request: {error.status_code} {error.message}") from error
        except openai.APIConnectionError as error:
            raise Fault(
                f"{self.id} at {client.base_url} can't be reached ({error.__cause__ or error}). Is model@teacher.base_url right?"
            ) from error
        text = completion.choices[0].message.content if completion.choices else None
        usage = completion.usage
        return Reply(
            text=text or "",
            prompt_tokens=usage.prompt_tokens if usage else 0,
            reply_tokens=usage.completion_tokens if usage else 0,
        )
