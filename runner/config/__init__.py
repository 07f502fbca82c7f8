"""A composed config to a built study, or to messages that say what is wrong with it."""
