"""What each fact does to the graph. Pure: no I/O."""
