"""Turns the API model into C, Lua annotations and documentation. Entry: scripts/generate.py."""
