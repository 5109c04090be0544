"""One page each: what a person sees after a click in the rail."""
