"""Plots of trainings: their data, and how they are drawn."""
