"""A question in a language of no document gets a line in its own language, over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.botapi import FakeBotApi
from tests.support.chat import ask, handled, labels, quotes, tell, text_of
from tests.support.folders import Shelf
from tests.support.running import running

ENGLISH = (
    "The mayor of Lindholm said that the bridge over the harbour would be closed until Monday. "
    "The ferry leaves at nine in the morning from the old quay, as it does every day."
)
GERMAN = (
    "Die Fähre nach Lindholm fährt am Morgen um neun Uhr vom alten Kai ab. "
    "Der Hafen bleibt bis zum Ende der Woche gesperrt, sagte der Bürgermeister."
)


@pytest.fixture
def shelf(folder: Path) -> Iterator[Shelf]:
    made = Shelf(folder)
    made.write("english.txt", ENGLISH)
    made.sync()
    yield made
    made.close()


async def test_the_line_is_in_the_language_of_the_question(api: FakeBotApi, shelf: Shelf) -> None:
    async with running(api, shelf.open()):
        ann, group = api.private_chat(1), api.group()
        reply = await ask(api, ann, "¿Quién es el alcalde de la ciudad?")
        assert text_of(reply).startswith("Los documentos no están en el idioma de su pregunta")
        assert "inglés" in text_of(reply)
        assert (quotes(reply), labels(reply)) == ([], [])
        assert "Englisch" in await tell(api, ann, "Wann fährt die Fähre?")
        assert "انگلیسی" in await tell(api, ann, "چه کسی پل را بست؟")
        italian = await tell(api, ann, "Chi ha chiuso il ponte?")
        assert italian.startswith("The documents are not in the language of your question")
        assert "английский" in await tell(api, ann, "@onrecord_bot Кто закрыл мост?", chat=group)
        assert quotes(await ask(api, ann, "Lindholm"))
        assert quotes(await ask(api, ann, "When does the ferry leave?"))


async def test_a_document_in_the_language_is_asked(api: FakeBotApi, shelf: Shelf) -> None:
    async with running(api, shelf.open(), folder=shelf.data, owner=1):
        ann = api.private_chat(1)
        file = ann.send_document("fähre.txt", GERMAN.encode())
        await api.wait_for(ann, after=file)
        await handled(api, shelf.data)
        assert quotes(await ask(api, ann, "Wann fährt die Fähre nach Lindholm?"))
