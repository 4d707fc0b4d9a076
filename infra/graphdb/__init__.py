"""The graph database: its engine, the writer that puts batches into it, the projector, and the reader."""
