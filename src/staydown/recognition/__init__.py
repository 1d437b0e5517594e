"""Bytes or text -> signals: a warning, an order of work, a platform's own policy. Never a judgement, never a report.

    found = recognition.of_media(data)              # a picture or a film, in a sandboxed process
    found.nudity, found.coverage, found.places      # 0 to 1; how much was looked at; where it comes from

What it is for, how often it is wrong and what it never does: docs/recognition.md.
"""

from staydown.recognition.conversation import Care, Level, Message, TextSignals, of_words
from staydown.recognition.conversation import signals as in_conversation
from staydown.recognition.errors import NoModel, WrongModel
from staydown.recognition.media import of_film, of_media, of_picture
from staydown.recognition.model import trouble
from staydown.recognition.sampling import Mode
from staydown.recognition.signals import Moving, Place, Segment, Signals

__all__ = [
    "Care",
    "Level",
    "Message",
    "Mode",
    "Moving",
    "NoModel",
    "Place",
    "Segment",
    "Signals",
    "TextSignals",
    "WrongModel",
    "in_conversation",
    "of_film",
    "of_media",
    "of_picture",
    "of_words",
    "trouble",
]
