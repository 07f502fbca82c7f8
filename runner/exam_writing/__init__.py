"""Exams that the program writes: facts of documents in, checked questions out."""
