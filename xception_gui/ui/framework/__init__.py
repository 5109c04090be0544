"""Features of the window: their interface, their shared services, and the commands between them."""
