"""ArcadeDB as a child process over a data folder."""
