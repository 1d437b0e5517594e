"""Evidence that survives the takedown: sealed as it arrives, opened by two custodians on a machine of their own.

The server's half (`custodians`, `objects`, `sealing`, `models`, `case_keys`, `actions`, `tasks`, `releasing`) holds
public keys only.
The custodians' half (`opening`, `opened`, `exporting`) needs no deployment and no database; a portal process never imports it.
"""
