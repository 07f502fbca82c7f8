"""Which way of labelling documents teaches a language model most: documents and a config in, a comparison out."""
