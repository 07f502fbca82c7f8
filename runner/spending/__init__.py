"""Prices, usage and budgets of models that cost money."""
