"""Fieldguide: the field guide to an organisation's detections, made from a folder of Sigma rules."""

__version__ = "0.1.0"
