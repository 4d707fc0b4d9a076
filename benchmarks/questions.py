"""Questions over HTTP: our gateway beside @neo4j/graphql, a graphene app and the bare driver, on the same Neo4j.

Six questions about the sample network, each over one connection and over sixteen, to each side by turns; the median of
the rounds is shown, and ratios are medians of those within a round. What each side does:
- ours: `yizhan serve --only api` as it ships. The asker's token is checked and their appointment looked up each time,
  only what they may see is read, the answer says at which position of the log the graph stood, and figures are kept;
- neo4j: @neo4j/graphql on graphql-yoga, Node.js in production mode, both with their own caches. Of its lists and its
  connections those that are quicker for the question. It lets everybody read everything, and says no position;
- graphene: an app as one writes it first, a statement in each resolver, on uvicorn with uvloop and httptools. As open.
  Where it gives way under the load (hundreds of statements for an answer, and as many answers as connections wait for
  the driver's own hundred) the table has a dash;
- http: the driver behind a bare ASGI function on the same uvicorn. It sends our plan's statement, and the record as it
  comes: a floor, and no rival;
- driver: the same without HTTP, in one process, as many tasks at once as there are connections. A floor as well.

The asker is a member, who sees all of these records: so that all sides have the same to read. Before anything is timed
they are seen to give the same answers, and to show a change in the graph in the next one; every answer under load has
to have status 200 and no errors. Ids, places and words are others each time; the lists are asked alike each time, and
ours reads once what several who wait ask for with the same values. The ranked search is of the best twenty profiles for
a word: ours has its index in memory, the peers a full-text index of Neo4j over the same texts; each cuts words and
ranks in its own way, so only the number of records is compared there. A position is not part of the statement: the
gateway knows it from its observer.

Load comes from wrk, in a process of its own, one thread; its script looks at each answer. The latencies are those over
sixteen connections, of wrk as it corrects them; those of the driver are not corrected. Needs Node.js, npm, wrk, Java
and Maven.

Run: python benchmarks/questions.py [--quick] [--json FILE]
"""

from __future__ import annotations

import signal
import tempfile
from contextlib import ExitStack
from pathlib import Path

from answering.checks import alike, fresh
from answering.ground import Ground, laid
from answering.load import wrk
from answering.report import Report
from answering.rounds import Effort, Rounds
from answering.sides import ROOM, BareHTTP, Graphene, Neo4jGraphQL, Ours, Side
from measuring import Results, finish, options
from sampled import record_sample

from infra.server import running, unwinding
from infra.servers.neo4j import Neo4jServer
from infra.servers.node_packages import node_with
from infra.settings import Settings

SIDES: tuple[type[Side], ...] = (Ours, Neo4jGraphQL, Graphene, BareHTTP)
FULL, QUICK = Effort(5, 1.5), Effort(1, 0.3, connections=(2,), warm=False)
ALL, FEW = 100, 2
"""How many variations of a question are compared before anything is timed."""


def prepared(server: Neo4jServer, folder: Path, *, quick: bool) -> Ground:
    """The sample network in the graph of this server, and what is asked of it."""
    data = folder / "data"
    settings = Settings(data=data, graph=server.uri, graph_username=server.user, graph_password=server.password)
    with running(settings) as system:
        record_sample(system, data, quick=quick)
        return laid(system, server, data, folder / "statements.json")


def started(ground: Ground, folder: Path, stack: ExitStack) -> list[Side]:
    """All sides, at work until the stack is unwound."""
    sides = [side(folder / side.name, ground) for side in SIDES]
    for side in sides:
        side.launch()
        stack.callback(side.stop)
    for side in sides:
        side.wait()
    return sides


def main() -> None:
    chosen = options(__doc__)
    wrk()
    node_with(ROOM)
    with unwinding(signal.SIGTERM), ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="questions-")))
        server = stack.enter_context(
            Neo4jServer(folder / "neo4j", heap="512m" if chosen.quick else "2g", measured=not chosen.quick)
        )
        ground = prepared(server, folder, quick=chosen.quick)
        sides = started(ground, folder, stack)
        with server.driver() as driver:
            alike(sides, ground, FEW if chosen.quick else ALL)
            fresh(sides, ground, driver)
        rounds = Rounds(sides, ground, folder, QUICK if chosen.quick else FULL)
        rounds.run()
        alike(sides, ground, FEW)
    results = Results(f"Answers a second; p50 and p99 over {max(rounds.effort.connections)} connections; on Neo4j")
    Report(rounds, results).write()
    finish(results, chosen)


if __name__ == "__main__":
    main()
