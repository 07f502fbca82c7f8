"""Forecasts of a command: requests, costs, time, and statistical power."""
