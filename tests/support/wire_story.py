"""A wire story, as several papers print it."""

LEAD = (
    "Fishing boats from four harbours blocked the port of Norvik on Tuesday, keeping at least 12 "
    "freighters from unloading."
)
SOLBERG = (
    "“We will stay until the minister comes here and listens,” said Ingrid Solberg, who leads the "
    "union of coastal fishermen."
)
SENTENCES = (
    LEAD,
    "The skippers demand that the government raise the quota for cod, which was cut in March.",
    SOLBERG,
    "Police did not clear the entrance to the harbour during the night.",
    "A spokesman for the port authority put the damage at 3 million crowns a day.",
    "Supermarkets in the north warned that fresh vegetables could run short by the weekend.",
    "The last blockade of Norvik, in 1998, ended after six days when a storm came up.",
    "Talks between the union and the ministry of fisheries were to resume on Thursday morning.",
)


def story(sentences: tuple[str, ...] = SENTENCES, per_paragraph: int = 1) -> str:
    """Return the sentences in paragraphs."""
    paragraphs = [
        " ".join(sentences[at : at + per_paragraph])
        for at in range(0, len(sentences), per_paragraph)
    ]
    return "\n\n".join(paragraphs) + "\n"


def replaced(old: str, new: str) -> tuple[str, ...]:
    """Return the sentences, one of them changed."""
    changed = tuple(sentence.replace(old, new) for sentence in SENTENCES)
    assert changed != SENTENCES
    return changed


VARIANTS = {
    "a.txt": story(),
    "b/dateline.txt": story((f"NORVIK, May 3 (Reuters) - {LEAD}", *SENTENCES[1:])),
    "c/cut.txt": story(SENTENCES[:5]),
    "d/paragraphs.txt": story(per_paragraph=3),
    "e/typography.txt": story().replace("“", '"').replace("”", '"').upper(),
}
