"""Labels and general pairs as a training has them."""

from runner.data.records import chat
from runner.data.training import OwnReply, Supervised


def examples(*pairs: tuple[str, str]) -> list[Supervised]:
    """Questions with replies, as they are trained on."""
    return [Supervised(chat(question, "", 8), reply) for question, reply in pairs]


LABELS = examples(("Who won?", "Ada"), ("Who lost?", "Bob"), ("Where was it?", "In Oslo"), ("When was it?", "In May"))
GENERAL = examples(("What is ice?", "Water"), ("What is soot?", "Carbon"), ("What is salt?", "A mineral"))
OWN = [
    OwnReply(text="Frozen water.", whole=True, right=True),
    OwnReply(text="A kind of snow.", whole=True, right=False),
    OwnReply(text="Salt is a mineral that", whole=False, right=True),
]
