"""A doubt about somebody's message is not a question of its own."""

import pytest

from bot.conversation.doubts import claim_in, is_doubt


@pytest.mark.parametrize(
    "text",
    [
        "Is this true?",
        "is that really true??",
        "true or false?",
        "can you check this please",
        "Stimmt das?",
        "Ist das wirklich wahr?",
        "C’est vrai ?",
        "Est-ce que c'est vrai ?",
        "¿Es cierto?",
        "¿Es verdad eso?",
        "Это правда?",
        "правда ли это?",
        "Це правда?",
        "чи правда це?",
        "آیا این درست است؟",
        "این درسته؟",
        "هل هذا صحيح؟",
        "هل هذه المعلومة صحيحة؟",
    ],
)
def test_doubts(text: str) -> None:
    assert is_doubt(text)


@pytest.mark.parametrize(
    "text",
    [
        "Is this true of Herat?",
        "Is it true that they fled?",
        "Who said this is true?",
        "Stimmt das Parlament ab?",
        "C'est vrai que Hérat est tombée ?",
        "¿Es verdad que huyeron?",
        "Это правда, что они бежали?",
        "هل صحيح أنهم هربوا؟",
        "right?",
        "",
    ],
)
def test_questions(text: str) -> None:
    assert not is_doubt(text)


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("They fled on Monday. is this right?", "They fled on Monday"),
        ("They fled on Monday, true or false", "They fled on Monday"),
        ("They fled on Monday\nIs that true?", "They fled on Monday"),
        ("Is it true: they fled on Monday, 3.5 km far?", "they fled on Monday, 3.5 km far?"),
        ("Is that true? They fled on Monday", "They fled on Monday"),
        ("Sie flohen am Montag, stimmt das?", "Sie flohen am Montag"),
        ("هربوا يوم الاثنين، هل هذا صحيح؟", "هربوا يوم الاثنين"),
        ("They fled on Monday. Who saw it?", ""),
        ("In Herat, true?", ""),
        ("Is this true?", ""),
        ("Is it true that they fled on Monday, and to Iran?", ""),
    ],
)
def test_claims(text: str, claim: str) -> None:
    assert claim_in(text) == claim
