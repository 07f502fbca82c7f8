"""Checks that compare labels with the exam."""
