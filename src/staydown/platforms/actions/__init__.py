"""The verbs of platforms: `registering` what they publish, and `ordering` what they are to do about it."""
