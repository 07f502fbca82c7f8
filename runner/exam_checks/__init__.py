"""Checks that set labels beside the exam: facts stated, near-duplicates, training questions."""
