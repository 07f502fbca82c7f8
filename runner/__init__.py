"""Compare ways of labelling documents to teach a language model."""
