"""What the benchmark of load is made of: an installation, those who ask it, and a judge who knows what may be so."""
