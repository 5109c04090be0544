"""What the words of this program mean: recipes, messages, metrics, errors. No files, no Qt, no Keras."""
