"""The concepts of the program: recipes, messages, metrics, errors. No files, no Qt, no Keras."""
