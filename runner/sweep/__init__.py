"""A Hydra sweeper: every point checked first, shared work, the arms, one comparison."""
