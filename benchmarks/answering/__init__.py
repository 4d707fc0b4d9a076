"""What the benchmark of the gateway is made of: questions, the sides that answer them, and the load on these."""
