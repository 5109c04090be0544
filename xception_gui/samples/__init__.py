"""The sample pictures, and the code that draws them."""
