"""Prices, usage and budgets of models that somebody is paid for."""
