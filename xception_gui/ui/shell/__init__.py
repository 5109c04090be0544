"""Around the features: the window, the rail, the menus, what is dropped, the end."""
