"""OUT: build the marts, check them, release them whole, and tell people what happened."""
