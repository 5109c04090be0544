"""The window: pages that draw what engines report."""
