"""Publishing: the events that everybody may see, out of the log into a topic of CloudEvents, with their schemas."""
