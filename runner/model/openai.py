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

    hosted: ClassVar[bool] = True
    incidental: ClassVar[frozenset[str]] = frozenset({"key", "timeout", "retries", "concurrency"})

    id: str
    base_url: str | None = None
    key: str = "OPENAI_API_KEY"
    temperature: NonNegativeFloat | None = None
    seed: int = 0
    timeout: PositiveFloat = 120
    retries: NonNegativeInt = 5
    concurrency: PositiveInt = 8

    @property
    def name(self) -> str:
        """The model's id."""
        return self.id

    def check(self) -> None:
        """Raise a Fault where there is no key, or one that can't be sent."""
        self._key()

    def ask(self, prompts: Sequence[Prompt]) -> Iterator[tuple[int, Reply]]:
        """Replies as they arrive, `concurrency` requests at a time; retries and Retry-After are the client's own.

        Where a request is refused, those in flight are still waited for and yielded, since they are paid for.
        """
        if not prompts:
            return
        from openai import OpenAI as Client

        client = Client(api_key=self._key(), base_url=self.base_url, timeout=self.timeout, max_retries=self.retries)
        refusal: BaseException | None = None
        with client, ThreadPoolExecutor(self.concurrency) as pool, progress(f"asking, {self.id}", len(prompts)) as advance:
            waiting = {pool.submit(self._complete, client, prompt): index for index, prompt in enumerate(prompts)}
            try:
                for done in as_completed(waiting):
                    if done.cancelled():
                        continue
                    if error := done.exception():
                        refusal = refusal or error
                        pool.shutdown(wait=False, cancel_futures=True)
                        continue
                    yield waiting[done], done.result()
                    advance()
            finally:
                pool.shutdown(wait=False, cancel_futures=True)
        if refusal:
            raise refusal

    def _complete(self, client: "Client", prompt: Prompt) -> Reply:
        import openai

        where = f"{self.id} at {client.base_url}"
        try:
            completion = client.chat.completions.create(
                model=self.id,
                messages=[{"role": turn.role, "content": turn.content} for turn in prompt.messages],  # type: ignore[misc]
                max_completion_tokens=prompt.tokens,
                temperature=openai.omit if self.temperature is None else self.temperature,
                seed=openai.omit if self.temperature is None else self.seed,
            )
        except openai.APIStatusError as error:
            raise Fault(self._safe(f"{where} refused a request: {error.status_code} {error.message}")) from None
        except openai.APIConnectionError as error:
            reason = error.__cause__ or error
            raise Fault(
                self._safe(f"{where} can't be reached ({reason}). Is its base_url right (teacher.base_url, judge.base_url)?")
            ) from None
        if not isinstance(completion, openai.types.chat.ChatCompletion):
            raise Fault(self._safe(f"{where} does not speak chat completions; it said {str(completion)[:80]!r}"))
        text = completion.choices[0].message.content if completion.choices else None
        usage = completion.usage
        return Reply(
            text=text or "",
            prompt_tokens=usage.prompt_tokens if usage else 0,
            reply_tokens=usage.completion_tokens if usage else 0,
        )

    def _key(self) -> str:
        key = os.environ.get(self.key, "").strip()
        if not key:
            raise Fault(
                f"{self.id} needs a key in the environment variable {self.key}, which is not set. export {self.key}=... "
                "(any word will do for a local server that wants none)"
            )
        if not key.isascii() or not key.isprintable() or " " in key:
            raise Fault(f"the key in {self.key} holds characters that no key has. Copy it again; it is not shown here")
        return key

    def _safe(self, text: str) -> str:
        """The text without the key, should a server have sent it back."""
        return text.replace(self._key(), "***")
