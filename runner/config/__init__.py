"""A composed config in, a built study or messages out."""
