"""Staydown: a self-hosted notice-and-stay-down service."""

__version__ = "0.1.0"
