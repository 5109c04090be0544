"""From what a person wants to requests, and from events to what pages show. No widgets."""
