"""The shell around the features: window, rail, menus, drops, closing."""
