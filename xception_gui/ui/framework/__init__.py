"""What a feature of the window is, what it is handed, and how it asks for what another one does."""
