"""The processes that compute for the window, and what they say."""
