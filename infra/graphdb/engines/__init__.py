"""What has to be said differently to each kind of graph database, behind one interface."""
