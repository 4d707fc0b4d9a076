"""Real Kafka and Neo4j on the loopback interface, run from their jars: for tests and for development."""
