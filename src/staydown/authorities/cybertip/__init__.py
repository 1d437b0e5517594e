"""NCMEC's CyberTipline by its published interface: reports are opened, filled, and filed for good.

The flow is /submit, /upload and /fileinfo for each file, then /finish or /retract. Nothing is sent unless an operator
names an environment (decision 23).
"""
