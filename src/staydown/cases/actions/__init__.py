"""The verbs of a case, in the order they happen: `intake` receives, `joining` brings together, `deciding` rules,
`seconding` agrees or not, `making` carries out.

`intake` is all the portal imports; nothing in it opens what was sealed.
"""
