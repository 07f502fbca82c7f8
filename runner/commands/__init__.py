"""Commands beside runs and sweeps: words in, printed answers out."""
