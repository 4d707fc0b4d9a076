"""A process that publishes a log until it is up to it or killed: `python publishing_process.py DATA PLACE TOPIC LIMIT`.

PLACE is where the brokers are, or for a TOPIC of `-` a file.
"""

from __future__ import annotations

import sys
from pathlib import Path

from told import ORIGIN

from infra.application import Network
from infra.publishing.kafka import KafkaOutlet
from infra.publishing.lines import LinesOutlet
from infra.publishing.outlet import Outlet
from infra.publishing.publisher import Publisher


def main() -> None:
    data, place, topic, limit = sys.argv[1:]
    outlet: Outlet = LinesOutlet(Path(place)) if topic == "-" else KafkaOutlet(topic, {"bootstrap_servers": place})
    network = Network(Path(data))
    publisher = Publisher(network, outlet, ORIGIN, limit=int(limit))
    while publisher.step():
        pass
    outlet.close()
    network.close()


if __name__ == "__main__":
    main()
