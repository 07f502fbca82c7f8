"""Frozen records, tables with file and line, and text rules that every other package uses."""
