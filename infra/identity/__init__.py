"""Who somebody is: tokens, and the development issuer that gives them. What a person may do is in the log."""
