"""Methods by which the bot gets its updates."""

from .errors import Json, bad_request, conflict
from .requests import Request
from .world import World

LAST_ERROR = ("last_error_date", "last_error_message")


async def get_updates(world: World, request: Request) -> list[Json]:
    if world.webhook:
        raise conflict(
            "can't use getUpdates method while webhook is active; use deleteWebhook to delete the"
            " webhook first"
        )
    allow_updates(world, request)
    return await world.updates.poll(
        offset=request.integer("offset", 0),
        limit=request.integer("limit", 100),
        timeout_s=request.integer("timeout", 0),
        gone=request.gone,
    )


def allow_updates(world: World, request: Request) -> None:
    allowed = request.array("allowed_updates")
    if allowed is not None:
        world.updates.allow(allowed)


def set_webhook(world: World, request: Request) -> bool:
    url = request.text("url")
    if not url:
        return delete_webhook(world, request)
    if not url.startswith(("https://", "http://")):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    allow_updates(world, request)
    if request.boolean("drop_pending_updates"):
        world.updates.clear()
    world.webhook = {"url": url, "secret_token": request.text("secret_token")}
    world.updates.wake()
    return True


def delete_webhook(world: World, request: Request) -> bool:
    world.webhook = {}
    if request.boolean("drop_pending_updates"):
        world.updates.clear()
    return True


def get_webhook_info(world: World, request: Request) -> Json:
    errors = {name: world.webhook[name] for name in LAST_ERROR if name in world.webhook}
    return {
        **errors,
        "url": world.webhook.get("url", ""),
        "has_custom_certificate": False,
        "pending_update_count": len(world.updates.pending),
        "allowed_updates": sorted(world.updates.allowed),
    }
