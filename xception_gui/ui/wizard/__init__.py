"""The steps of the wizard in Data: Folder, Check, Recipe, Start."""
