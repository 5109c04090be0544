"""From a folder to pictures: what is in it, which of it can be used, and the one way a picture is opened."""
