"""Opens quotes for a chat: in the reading room, by a link or as a Mini App, or at their source."""

from __future__ import annotations

from dataclasses import dataclass

from bot.conversation.originals import original_url
from bot.conversation.places import Signer, app_path
from bot.settings import BotSettings
from index.core.answers import Quote


@dataclass(frozen=True, slots=True)
class Opening:
    """What opens a quote: a link to an address, or a Mini App at that address."""

    url: str
    is_app: bool = False


def at_source(quote: Quote, _answer: str = "") -> Opening | None:
    """Return the address of a quote on the web, None if it has none."""
    url = original_url(quote)
    return Opening(url) if url else None


@dataclass(frozen=True, slots=True)
class Openings:
    """Opens quotes of answers, by the answer's id, for one chat.

    Without a `signer` there is no reading room to link to.
    """

    settings: BotSettings
    signer: Signer | None
    chat_id: int
    is_private: bool

    def address(self, quote: Quote, answer: str = "") -> str | None:
        root = self.settings.web_url
        if root is None or self.signer is None:
            return original_url(quote)
        return self.signer.address(root, quote, self.chat_id, answer)

    def button(self, quote: Quote, answer: str = "") -> Opening | None:
        """Return what a button does; Telegram opens Mini Apps from private chats alone."""
        if self.is_private and self.signer is not None and self.settings.opens_in_telegram:
            return Opening(f"{self.settings.web_url}{app_path(quote, answer)}", is_app=True)
        url = self.address(quote, answer)
        return Opening(url) if url else None
