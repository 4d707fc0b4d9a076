"""Reference data of the network: code lists and registers, dated where they change."""
