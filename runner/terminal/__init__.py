"""Progress of long work, shown on the terminal."""
