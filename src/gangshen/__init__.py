"""Gangshen (冈身): the industry brain of an innovation zone."""

__version__ = "0.1.0"
