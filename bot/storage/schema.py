"""The tables of `bot.db`; `migrations/` brings an older file up to them."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

schema = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _parent(column: str) -> ForeignKey:
    return ForeignKey(column, ondelete="CASCADE")


updates = Table(
    "updates",
    schema,
    Column("id", Integer, primary_key=True),  # in order of arrival
    Column("update_id", BigInteger, nullable=False, unique=True),
    Column("kind", String(64), nullable=False),  # message, callback_query, …
    Column("chat_id", BigInteger),
    Column("user_id", BigInteger),
    Column("mailbox", BigInteger),
    Column("message_id", BigInteger),
    Column("topic", BigInteger),  # of a forum
    Column("payload", Text, nullable=False),  # the JSON as Telegram sent it
    Column("received_at", Float, nullable=False),  # seconds since 1970, as the other times
    Column("status", String(16), nullable=False, index=True),
    Column("attempts", Integer, nullable=False),  # how often its answer was begun
    Column("error", Text),
    Column("finished_at", Float),
    Column("replica", String(32)),  # that took it; none as long as nobody did
    Index("ix_updates_mailbox", "mailbox", "message_id"),
    sqlite_autoincrement=True,
)
"""Updates of Telegram. Status: waiting, then answered, dead (failed), expired or forgotten."""

messages = Table(
    "messages",
    schema,
    Column("id", Integer, primary_key=True),
    Column("update_id", _parent("updates.update_id"), nullable=False, index=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("mailbox", BigInteger, nullable=False),
    Column("payload", Text, nullable=False),  # the arguments of sendMessage, as JSON
    Column("is_notice", Boolean, nullable=False),  # stands beside the answer
    Column("status", String(16), nullable=False),
    Column("after_id", BigInteger),  # the highest number in the mailbox before it was sent
    Column("message_id", BigInteger),
    Column("sent_at", Float),
    Column("error", Text),
    Index("ix_messages_mailbox", "mailbox", "message_id"),
    sqlite_autoincrement=True,
)
"""Messages of the bot. Status: waiting, sending, then sent or failed."""

languages = Table(
    "languages",
    schema,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("language", String(8), nullable=False),
)
"""Choices of users and groups; the private chat of a user has the user's id."""

introductions = Table(
    "introductions",
    schema,
    Column("bot_id", BigInteger, primary_key=True, autoincrement=False),
    Column("fingerprint", String(64), nullable=False),
)
"""The menus and descriptions that a bot was last given."""

exchanges = Table(
    "exchanges",
    schema,
    Column("id", String(12), primary_key=True),  # random; buttons carry it
    Column("update_id", _parent("updates.update_id"), nullable=False, unique=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("user_id", BigInteger, nullable=False),
    Column("question", Text, nullable=False),
    Column("scope", Text, nullable=False),  # JSON
    Column("answered", Boolean, nullable=False),
    Column("quotes", Text, nullable=False),  # as they were shown, JSON
    Column("first", Integer, nullable=False),  # how many better quotes were shown before
    Column("further", Boolean, nullable=False),  # whether there are more than were shown
    Column("asked_at", Float, nullable=False),
    # The question that the next one may lean on; "" for this one.
    Column("leaned_on", Text, nullable=False, server_default=""),
    Index("ix_exchanges_asker", "chat_id", "user_id", "asked_at"),
)
"""Questions and the quotes shown for them; deleted together with their updates."""

presses = Table(
    "presses",
    schema,
    Column("update_id", _parent("updates.update_id"), primary_key=True),
    Column("exchange_id", _parent("exchanges.id"), nullable=False, index=True),
    Column("action", String(16), nullable=False),
    Column("pressed_at", Float, nullable=False),
)
"""Buttons that were pressed, to recognize a double tap."""

votes = Table(
    "votes",
    schema,
    Column("exchange_id", _parent("exchanges.id"), primary_key=True),
    Column("user_id", BigInteger, primary_key=True),
    Column("value", Integer, nullable=False),  # +1: it helped; -1: it did not
    Column("voted_at", Float, nullable=False),
)
"""The last vote of each user on each answer."""

linked_questions = Table(
    "linked_questions",
    schema,
    Column("key", String(12), primary_key=True),
    Column("question", Text, nullable=False),
    Column("kept_at", Float, nullable=False),
)
"""Questions too long for a link or a button to carry; nobody's name is with them."""

grants = Table(
    "grants",
    schema,
    Column("target", BigInteger, primary_key=True),  # a user or a chat
    Column("grant", String(16), primary_key=True),  # questions, uploads, admin or blocked
    Column("actor", BigInteger, nullable=False),
    Column("at", Float, nullable=False),
)
"""Rights given in a chat, beside those of the settings."""

audit = Table(
    "audit",
    schema,
    Column("id", Integer, primary_key=True),
    Column("at", Float, nullable=False),
    Column("actor", BigInteger, nullable=False),
    Column("act", String(16), nullable=False),  # give or take
    Column("target", BigInteger, nullable=False),
    Column("detail", String(64), nullable=False),  # what was given or taken
    sqlite_autoincrement=True,
)
"""Every change of `grants`, in order."""

chats = Table(
    "chats",
    schema,
    Column("chat_id", BigInteger, primary_key=True),
    Column("quiet_since", Float),  # of /stop
    Column("left_since", Float),  # the bot was blocked there, or removed
)
"""Chats in which the bot does not speak."""

uploads = Table(
    "uploads",
    schema,
    Column("id", Integer, primary_key=True),
    # No reference, as updates are forgotten sooner.
    Column("update_id", BigInteger, nullable=False),
    Column("part", Integer, nullable=False, server_default="0"),  # the place in an archive
    Column("chat_id", BigInteger, nullable=False, index=True),
    Column("user_id", BigInteger),
    Column("path", Text, nullable=False),  # its name in the chat's collection
    Column("file", Text),  # inside the folder of uploads; none for a page
    Column("document_id", Integer, index=True),  # of the index, once it is there
    Column("at", Float, nullable=False),
    UniqueConstraint("update_id", "part"),
)
"""Files and pages that users sent in; of an archive, one row for each document in it."""

clippings = Table(
    "clippings",
    schema,
    Column("id", Integer, primary_key=True),
    Column("chat_id", BigInteger, nullable=False),  # 0 for the reading room without a chat
    Column("user_id", BigInteger),  # who kept it; NULL once that is forgotten
    Column("certificate", String(12), nullable=False),
    Column("collection", Text, nullable=False),
    Column("path", Text, nullable=False),
    Column("document_sha256", String(64), nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("text_sha256", String(64), nullable=False),
    Column("kept_at", Float, nullable=False),
    UniqueConstraint("chat_id", "certificate"),
    sqlite_autoincrement=True,
)
"""Quotes that chats keep: their places, never their words, which go with their documents."""

replicas = Table(
    "replicas",
    schema,
    Column("name", String(32), primary_key=True),
    Column("until", Float, nullable=False),  # by the clock of the database
)
"""The bots that share the database; one that is silent past `until` is dead."""

lanes = Table(
    "lanes",
    schema,
    Column("lane", BigInteger, primary_key=True, autoincrement=False),
    Column("replica", String(32)),
    Column("touched", Float, nullable=False),  # when its last update came, by the same clock
)
"""Chats, or users outside of any: each is in the hands of one replica at a time."""

quotas = Table(
    "quotas",
    schema,
    Column("kind", String(16), primary_key=True),
    Column("sender", String(64), primary_key=True),
    Column("times", JSON, nullable=False),  # of the last minute
    Column("last", Float, nullable=False),
)
"""What users sent in the last minute, to whichever replica."""

changes = Table(
    "changes",
    schema,
    Column("name", String(16), primary_key=True),
    Column("number", BigInteger, nullable=False),
)
"""How often what replicas have in memory was changed."""

SUPERGROUPS_BELOW = -1_000_000_000_000


def mailbox_of(chat_id: int) -> int:
    """Return the id of the sequence that numbers the messages of a chat.

    A supergroup or channel numbers its own; all other chats of one account share a sequence, 0.
    """
    return chat_id if chat_id < SUPERGROUPS_BELOW else 0
