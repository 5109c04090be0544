"""Pictures on the screen: thumbnails, the grid, the viewer."""
