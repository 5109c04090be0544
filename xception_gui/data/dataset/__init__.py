"""From a folder to a data set: classes, parts, problems, split."""
