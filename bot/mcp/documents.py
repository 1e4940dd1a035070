"""The documents as resources: listed in parts, and read as their canonical text."""

from __future__ import annotations

from mcp_types import ListResourcesResult, Resource, TextResourceContents

from bot.conversation.conversation import Conversation
from bot.conversation.places import key_of
from bot.errors import ToolError
from bot.texts.answers import dated_name
from index.core.documents import Document

PREFIX = "onrecord://document/"
PAGE_SIZE = 100
MAX_CHARS = 1_000_000


def list_part(conversation: Conversation, cursor: str | None) -> ListResourcesResult:
    """Return the documents from the cursor on.

    Raises:
        ToolError: the cursor is none that was given out.
    """
    if cursor is not None and not (cursor.isascii() and cursor.isdecimal() and len(cursor) < 10):
        raise ToolError("the cursor is damaged; list the documents from the beginning")
    first = int(cursor or 0)
    documents = conversation.library.documents(conversation.collections)
    last = first + PAGE_SIZE
    return ListResourcesResult(
        resources=[_resource(one) for one in documents[first:last]],
        next_cursor=str(last) if last < len(documents) else None,
    )


def read(conversation: Conversation, uri: str) -> TextResourceContents:
    """Return the text of a document, to whose characters the offsets of quotes refer.

    Raises:
        ToolError: there is no such document, or it is too long to be read at once.
        DocumentError: it was removed meanwhile.
    """
    documents = conversation.library.documents(conversation.collections)
    found = next((one for one in documents if PREFIX + key_of(one) == uri), None)
    if found is None:
        raise ToolError("there is no such document; list the resources for those there are")
    if found.characters > MAX_CHARS:
        raise ToolError(
            f"the document has {found.characters:,} characters, more than the {MAX_CHARS:,} that "
            "can be read at once; ask about it instead"
        )
    text = conversation.library.store.text(found.id)
    return TextResourceContents(uri=uri, mime_type="text/plain", text=text)


def _resource(document: Document) -> Resource:
    return Resource(
        uri=PREFIX + key_of(document),
        name=document.path,
        title=dated_name(document),
        mime_type="text/plain",
    )
