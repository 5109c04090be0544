"""The sample pictures, and the painter of them."""
