"""What the window shares with the desktop: later starts, notifications, sleep, files; and what it says of itself."""
