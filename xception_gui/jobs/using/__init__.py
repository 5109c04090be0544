"""Jobs that use a model: predict, evaluate."""
