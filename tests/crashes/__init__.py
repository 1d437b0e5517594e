"""kill -9 of every program at random moments of the journey (promise P1): nothing that was acknowledged is lost.

`people` act over HTTP and write down in a `Book` what was acknowledged; `Killer` kills; `reading` looks at what
Staydown and Plaza remember; `comparing` says what is missing.
"""
