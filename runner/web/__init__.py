"""HTTP servers of this machine: where they listen, whom they admit."""
