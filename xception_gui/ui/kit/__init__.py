"""What several parts of the window are made of: theme, texts, widgets. It knows no engine and no feature."""
