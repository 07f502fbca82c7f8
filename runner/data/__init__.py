"""Records, tables and text rules that every package uses."""
