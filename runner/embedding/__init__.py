"""Embeddings of texts, which retrievers and filters share."""
