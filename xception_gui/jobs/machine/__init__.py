"""Jobs about this computer: its cache, its speed."""
