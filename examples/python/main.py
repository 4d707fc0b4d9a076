"""Signs in, reads page by page, records something, is refused, and follows it; then takes it back."""

from __future__ import annotations

import asyncio
import os
from uuid import uuid4

from generated import (
    BilingualInput,
    Card,
    Client,
    CooperationMode,
    GraphQLClientGraphQLMultiError,
    NeedDetailsInput,
    NeedStage,
    PublishNeedInput,
    RecordNeedInput,
    WithdrawNeedInput,
)
from refusal import Refusal

ADDRESS = os.environ.get("STATION_ADDRESS", "http://127.0.0.1:8000")


def connected(token: str) -> Client:
    """The client that was generated, signed in over HTTP and over WebSockets."""
    signed = {"Authorization": f"Bearer {token}"}
    return Client(
        f"{ADDRESS}/graphql",
        signed,
        ws_url=f"{ADDRESS.replace('http', 'ws', 1)}/graphql",
        ws_connection_init_payload=signed,
    )


async def open_needs(client: Client) -> list[Card]:
    """The needs that are open, page by page."""
    found: list[Card] = []
    after: str | None = None
    while True:
        needs = (await client.open_needs(first=5, after=after)).needs
        found += [edge.node for edge in needs.edges if edge and edge.node]
        if not needs.page_info.has_next_page:
            return found
        after = needs.page_info.end_cursor


async def visit(client: Client) -> None:
    # Who asks.
    me = (await client.who_am_i()).me
    if not me.station_id:
        raise SystemExit("set STATION_TOKEN to a token of somebody who acts for a station")
    print(f"signed in as {me.person_id}: {', '.join(role.value for role in me.roles)} at {me.station_id}")

    # A list, page by page.
    needs = await open_needs(client)
    first = needs[0]
    assert first.station
    assert first.organisation
    print(f"{len(needs)} open needs; the oldest is {first.title.text}, of {first.station.name.text}")

    # A command. Sent again under the same name, because its answer got lost, it counts once.
    command = RecordNeedInput(
        request_id=str(uuid4()),
        station_id=me.station_id,
        organisation_id=first.organisation.id,
        details=NeedDetailsInput(
            title=BilingualInput(zh="余热回收", en="Heat recovery"), mode=CooperationMode.INTRODUCE
        ),
    )
    recorded = (await client.record_need(command)).record_need
    again = (await client.record_need(command)).record_need
    times = "once" if again.repeated and again.id == recorded.id else "twice"
    print(f"recorded {recorded.id} at {recorded.position}, counted {times}")

    # What was done is seen by a read that waits for its position.
    wait = {"Yizhan-At-Least": str(recorded.position)}
    need = (await client.one_need(recorded.id, headers=wait, timeout=30)).need
    assert need
    print(f"read it: {need.title.text}, {need.stage.value}")

    # A rule says no.
    try:
        await client.publish_need(PublishNeedInput(request_id=str(uuid4()), need_id=recorded.id))
    except GraphQLClientGraphQLMultiError as error:
        refusal = Refusal.of(error)
        if refusal.rule != "need.not_checked":
            raise
        print(f"{refusal.code} by {refusal.rule}: {refusal.message}")

    # What happens to it from that position on.
    reason = "it was an example"
    await client.withdraw_need(WithdrawNeedInput(request_id=str(uuid4()), need_id=recorded.id, reason=reason))
    async for answer in client.need_changed(recorded.id, after=recorded.position):
        change = answer.node_changed
        topics = ", ".join(event.topic for event in change.events or [])
        print(f"followed it: {topics} at {change.position}")
        if isinstance(change.node, Card) and change.node.stage is NeedStage.WITHDRAWN:
            break


async def main() -> None:
    async with connected(os.environ["STATION_TOKEN"]) as client:
        await visit(client)


if __name__ == "__main__":
    asyncio.run(main())
