"""A simulator of the Amazon IVS control plane on loopback: see README.md in this folder."""
