"""Records, a model and a study with everything filled in that a test does not care about."""

import json
import pickle
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import ClassVar

from hydra import compose, initialize_config_dir
from hydra.core.override_parser.overrides_parser import OverridesParser
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from runner.component import identified
from runner.config.build import build
from runner.config.messages import CONF
from runner.config.study import Study
from runner.data.exam_set import ExamSet
from runner.data.records import Grade, Label, Material, Prompt, Question, Reply, Section, chat
from runner.model import Model
from runner.model.smollm2 import SmolLM2

KEY = "sk-a-secret-that-nobody-may-see"
# A value of a setting, such as method.pairs=3. A name without a point may be that of a group, whose choice adds settings.
VALUE = re.compile(r"(?!hydra\.)(?:store|export|record|seeds?|task|[a-z][a-z_]*(?:\.[a-z_]+)+)=")


def section(text: str = "Ada won.", *, document: str = "cup.md", heading: str = "Final", category: str = "cup") -> Section:
    """A section of a document."""
    return Section(id=f"{document}#{heading}", document=document, title="The Cup", heading=heading, category=category, text=text)


def label(question: str = "Who won?", *, answer: str = "Ada.", category: str = "cup", position: float = 0, **more: str) -> Label:
    """A label that a person wrote."""
    unit = {"section": "cup.md#Final", "method": "human", "origin": "labels.jsonl:1", **more}
    return Label(question=question, answer=answer, category=category, position=position, **unit)


def question(
    name: str = "q1", *, category: str = "cup", answer: str = "Ada", aliases: tuple[str, ...] = (), **more: str
) -> Question:
    """A question of the exam."""
    said = {"question": f"Who won {name}?", **more}
    return Question(id=name, answer=answer, category=category, aliases=aliases, **said)


def grades(questions: Sequence[Question], *passed: bool | None) -> tuple[Grade, ...]:
    """One training's grades of these questions, in their order."""
    return tuple(Grade(question=of.id, passed=verdict) for of, verdict in zip(questions, passed, strict=True))


def prompts(*questions: str) -> list[Prompt]:
    """Questions as they are put to a student."""
    return [chat(text, "Answer briefly.", 32) for text in questions]


def student(folder: Path) -> list[str]:
    """A student in a folder that passes every check and is never loaded, as overrides."""
    (folder / "student").mkdir()
    config = {"model_type": "llama", "architectures": ["LlamaForCausalLM"], "max_position_embeddings": 8192}
    # Two words are a vocabulary, and a header of two bytes is a file without weights.
    model = {"type": "WordLevel", "vocab": {"<unk>": 0, "</s>": 1}, "unk_token": "<unk>"}
    template = "{% for message in messages %}{{ message['content'] }}{% endfor %}"
    chats = {"tokenizer_class": "PreTrainedTokenizerFast", "eos_token": "</s>", "unk_token": "<unk>", "chat_template": template}
    for name, content in (("config", config), ("tokenizer", {"model": model, "added_tokens": []}), ("tokenizer_config", chats)):
        (folder / "student" / f"{name}.json").write_text(json.dumps(content))
    (folder / "student" / "model.safetensors").write_bytes((2).to_bytes(8, "little") + b"{}")
    return ["model=huggingface", f"model.id={folder}/student"]


def narrow_model(source: SmolLM2, folder: Path) -> None:
    """Write a model of this one's kind and tokenizer with two narrow layers of random weights."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    weights = source.plain().id
    config = AutoModelForCausalLM.from_pretrained(weights).config
    config.update({"num_hidden_layers": 2, "hidden_size": 64, "intermediate_size": 128, "num_attention_heads": 4})
    config.update({"num_key_value_heads": 2, "head_dim": 16})
    torch.manual_seed(0)
    AutoModelForCausalLM.from_config(config).save_pretrained(folder)
    AutoTokenizer.from_pretrained(weights).save_pretrained(folder)


def study(*overrides: str) -> Study:
    """A study as the command composes and builds it."""
    cfg = config(*overrides)
    return build(cfg, cfg.hydra.runtime.choices, overrides)


def config(*overrides: str) -> DictConfig:
    """The config that Hydra composes, with its own part.

    Composing takes most of a small test's time. So it is done once for each set of groups, and plain values are set afterwards.
    """
    # A setting that is added or removed (+, ~) may stand before a value that another one needs.
    plain = all(override[0].isalpha() for override in overrides)
    values = [override for override in overrides if plain and VALUE.match(override)]
    choices = tuple(override for override in overrides if override not in values)
    cfg: DictConfig = pickle.loads(_composed(choices, Path.cwd()))
    for override in OverridesParser.create().parse_overrides(values):
        try:
            OmegaConf.update(cfg, override.key_or_group, override.value(), merge=True)
        except OmegaConfBaseException:  # an unknown name, or no such value: Hydra's own error is what a command shows
            return pickle.loads(_composed.__wrapped__(overrides, Path.cwd()))
    return cfg


@cache
def _composed(overrides: tuple[str, ...], folder: Path) -> bytes:
    """A composed config; it holds the working folder."""
    with initialize_config_dir(str(CONF), version_base="1.3"):
        return pickle.dumps(compose("config", overrides=list(overrides), return_hydra_config=True))


@identified
@dataclass
class Scripted:
    """A model that replies what a function of the prompt returns; `asked` holds every prompt that reached it."""

    incidental: ClassVar[frozenset[str]] = frozenset({"reply", "asked", "backwards"})

    reply: Callable[[Prompt], str]
    name: str = "scripted"
    asked: list[Prompt] = field(default_factory=list)
    backwards: bool = False

    def check(self) -> None:
        """It can always answer."""

    def ask(self, prompts: Sequence[Prompt]) -> Iterator[tuple[int, Reply]]:
        """One reply after the other, from the last prompt to the first where `backwards`."""
        for index in range(len(prompts))[:: -1 if self.backwards else 1]:
            self.asked.append(prompts[index])
            yield index, Reply(text=self.reply(prompts[index]))


@identified
@dataclass
class GivenExam:
    """An exam that is given."""

    exam: ExamSet
    asks: bool = False

    def write(self, material: Material, examiner: Model) -> ExamSet:
        """Return the exam as it is."""
        return self.exam


def said(prompt: Prompt) -> str:
    """What the last turn of a prompt says."""
    return prompt.messages[-1].content


def in_turn(*replies: str) -> Callable[[Prompt], str]:
    """These replies one after the other, whatever is asked; the last one for ever."""
    left = list(replies)
    return lambda prompt: left.pop(0) if len(left) > 1 else left[0]
