"""Texts of a teacher in, True out for no entry.

A teacher may refuse within the form that it was asked for, or give back the form unfilled.
"""

import re

_SORRY = r"(?:(?:i['’]?m|i am) (?:\w+ )?sorry|sorry|apologies|my apologies|i apologi[sz]e|unfortunately)"
_CANNOT = (
    r"(?:i|we) (?:can['’]?t|cannot|can not|won['’]t|will not|must decline|have to decline"
    r"|(?:am|are) (?:unable|not able|not allowed)|don['’]t feel|do not feel)"
    r"|i['’]m (?:unable|not able|not allowed)"
)
_DUTY = r"(?:help|assist|answer|provide|comply|fulfil|generate|create|write|produce|do (?:that|this)|respond|share|list)"
# The beginnings of refusals, by language.
_REFUSALS = (
    rf"(?:{_CANNOT})\b[^.!?]{{0,60}}?\b{_DUTY}|{_SORRY}[,.;:!]? *(?:but )?(?:{_CANNOT})\b",
    r"i (?:don['’]t|do not) know\b|as an? (?:ai|(?:large )?language model)\b",
    r"(?:es )?tut mir (?:sehr )?leid|(?:leider )?kann ich [^.!?]{0,40}\bnicht\b|ich kann [^.!?]{0,60}\bnicht\b"
    r"|als (?:ki|sprachmodell)\b",
    r"(?:je suis )?désolée?\b|je ne (?:peux|suis) pas\b[^.!?]{0,30}\b(?:aider|répondre|fournir|en mesure)"
    r"|en tant qu(?:['’]|e )(?:ia|modèle)\b",
    r"lo siento\b|no puedo (?:ayudar|responder|proporcionar|cumplir|generar|hacer)|como (?:modelo de lenguaje|ia)\b",
    r"mi dispiace\b|non posso (?:aiutar|rispond|forni|soddisf|generar)|come modello\b",
    r"(?:desculpe|sinto muito|lamento)\b|não posso (?:ajudar|responder|fornecer|atender|gerar)|como modelo de linguagem\b",
    r"het spijt me\b|ik kan (?:je |u )?(?:daar |hier)[^.!?]{0,30}\bniet\b",
    r"przykro mi\b|przepraszam, ale\b|nie mogę (?:pomóc|odpowiedzieć|spełnić|udzielić)",
    r"omlouvám se\b|(?:jag|jeg) beklag|tyvärr kan jag inte|jag kan (?:tyvärr )?inte|jeg kan (?:desværre |dessverre )?ikke",
    r"(?:извините|простите|мне жаль|к сожалению)[^.!?]{0,20}\bне (?:могу|смогу)"
    r"|я не (?:могу|смогу) (?:помочь|ответить|выполнить|предоставить)",
    r"üzgünüm\b|(?:bu konuda |buna )?yardımcı olamam",
    r"(?:我)?(?:很|非常)?(?:抱歉|遗憾)|对不起|對不起|我(?:无法|不能|無法)(?:提供|帮助|幫助|协助|協助|回答|满足|生成|完成|处理)"
    r"|作为(?:一个|一名)?(?:ai|人工智能|语言模型)",
    r"申し訳(?:ありません|ございません)|お(?:手伝い|答え|応え)(?:することは)?できません",
    r"죄송(?:합니다|하지만|해요)|도와드릴 수 없",
    r"(?:أنا )?آسف|عذر[اًا]|لا (?:أستطيع|يمكنني) (?:مساعد|تقديم|الإجابة)",
    r"मुझे (?:खेद|माफ़)|क्षमा करें",
)
_REFUSED = re.compile(rf"[\s\"'“]*(?:{'|'.join(_REFUSALS)})", re.IGNORECASE)

# Words of a form. A question that holds no other is the form itself: "question", "<your question>", "Question 1".
_FORM = {"question", "answer", "fact", "statement", "sentence", "string", "str", "text", "placeholder", "q"}
_AROUND = {
    "a",
    "an",
    "the",
    "your",
    "my",
    "some",
    "new",
    "first",
    "second",
    "third",
    "insert",
    "write",
    "here",
    "goes",
    "of",
    "for",
}
_DOTS = re.compile(r"\s*(?:\.{2,}|…+|_{2,})\s*")
_SLOT = re.compile(r"\s*[<\[{]+\s*[\w ]{0,30}(?:question|answer|fact|statement|string|text)[\w ]{0,30}[>\]}]+\s*", re.IGNORECASE)


def is_refusal(text: str) -> bool:
    """Return True if a text begins as a refusal does."""
    return bool(_REFUSED.match(text))


def is_slot(text: str) -> bool:
    """Return True for dots or a name in brackets: "...", <answer>."""
    return bool(_DOTS.fullmatch(text) or _SLOT.fullmatch(text))


def is_form(text: str) -> bool:
    """Return True for an unfilled question or fact."""
    words = set(re.findall(r"[^\W\d_]+", text.lower()))
    return is_slot(text) or bool(words & _FORM and words <= _FORM | _AROUND)


def reason_to_drop(question: str, answer: str, longest: int) -> str:
    """Return the reason to drop a written pair, or nothing.

    `longest` is in characters of the answer.
    """
    if not question.strip() or not answer.strip():
        return "empty"
    # An exam is answered in a few words. A model that is trained on essays writes essays.
    if len(answer) > longest:
        return "over-long"
    if is_refusal(answer):
        return "refusal"
    return "form without content" if is_form(question) or is_slot(answer) else ""
