"""What `appends.py` and `soak.py` are made of: sides, servers, workers and the loads that workers put on them."""
