"""Small tokenizers of every kind, built here: no hub is needed."""

from collections.abc import Callable
from typing import Any

from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers
from transformers import ByT5Tokenizer, PreTrainedTokenizerFast

TEXTS = ["Who won the cup? Ada of Oslo won it in the rain.", "0x1F <b>bold</b> [1] a|b </s> <s> [SEP] end|> im_end start"] * 8
# The role markers of some models are added tokens that are not special.
ROLES = ["<|user|>", "<|model|>"]
TEMPLATE = (
    "{% for message in messages %}{% if message['role'] == 'system' %}{{ message['content'] | trim + '\n\n' }}"
    "{% elif message['role'] == 'user' %}{{ '<|user|>' + message['content'] }}"
    "{% else %}{{ '<|model|>' + message['content'] + eos_token }}{% endif %}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|model|>' }}{% endif %}"
)


def _chat(tokenizer: Any) -> Any:
    tokenizer.add_tokens([AddedToken(role, normalized=False, special=False) for role in ROLES])
    tokenizer.chat_template = TEMPLATE
    return tokenizer


def _fast(backend: Tokenizer, **special: str) -> Any:
    return _chat(PreTrainedTokenizerFast(tokenizer_object=backend, **special))


def bpe() -> Any:
    """Byte-level BPE, as of GPT-2, Llama 3 and Qwen."""
    backend = Tokenizer(models.BPE())
    backend.pre_tokenizer, backend.decoder = pre_tokenizers.ByteLevel(add_prefix_space=False), decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    backend.train_from_iterator(
        TEXTS, trainers.BpeTrainer(vocab_size=400, initial_alphabet=alphabet, special_tokens=["</s>", "<s>"], show_progress=False)
    )
    return _fast(backend, eos_token="</s>", bos_token="<s>")


def sentencepiece(scheme: str) -> Any:
    """BPE over words that begin with ▁, as of Llama 2 (always) and Mistral (first)."""
    backend = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True))
    backend.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme=scheme, split=False)
    backend.decoder = decoders.Metaspace(prepend_scheme=scheme)
    trainer = trainers.BpeTrainer(vocab_size=200, special_tokens=["<unk>", "<s>", "</s>"], show_progress=False)
    backend.train_from_iterator(TEXTS, trainer)
    return _fast(backend, eos_token="</s>", bos_token="<s>", unk_token="<unk>")


def unigram() -> Any:
    """Unigram, whose own model has the control tokens as pieces, as of T5 and XGLM."""
    backend = Tokenizer(models.Unigram())
    backend.normalizer = normalizers.NFKC()
    backend.pre_tokenizer, backend.decoder = pre_tokenizers.Metaspace(), decoders.Metaspace()
    trainer = trainers.UnigramTrainer(
        vocab_size=120, special_tokens=["<unk>", "<s>", "</s>"], unk_token="<unk>", show_progress=False
    )
    backend.train_from_iterator(TEXTS, trainer)
    return _fast(backend, eos_token="</s>", bos_token="<s>", unk_token="<unk>")


def wordpiece() -> Any:
    """WordPiece of lower-case words, as of BERT."""
    backend = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    backend.normalizer, backend.pre_tokenizer = normalizers.BertNormalizer(lowercase=True), pre_tokenizers.BertPreTokenizer()
    trainer = trainers.WordPieceTrainer(vocab_size=200, special_tokens=["[UNK]", "[SEP]", "[CLS]"], show_progress=False)
    backend.train_from_iterator(TEXTS, trainer)
    backend.decoder = decoders.WordPiece()
    return _fast(backend, eos_token="[SEP]", cls_token="[CLS]", unk_token="[UNK]")


def words() -> Any:
    """Whole words between spaces, control tokens among them."""
    names = ["<unk>", "<s>", "</s>", *sorted({word for text in TEXTS for word in text.split()} - {"<s>", "</s>"})]
    backend = Tokenizer(models.WordLevel({name: number for number, name in enumerate(names)}, unk_token="<unk>"))
    backend.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return _fast(backend, eos_token="</s>", bos_token="<s>", unk_token="<unk>")


def slow() -> Any:
    """A tokenizer in Python, without the fast backend; each byte is a token."""
    return _chat(ByT5Tokenizer(extra_ids=3))


KINDS: dict[str, Callable[[], Any]] = {
    "bpe": bpe,
    "sentencepiece, always": lambda: sentencepiece("always"),
    "sentencepiece, first": lambda: sentencepiece("first"),
    "unigram": unigram,
    "wordpiece": wordpiece,
    "words": words,
    "slow": slow,
}
