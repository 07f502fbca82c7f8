"""Finished stages and replies, each kept under the hash of all that made it."""
