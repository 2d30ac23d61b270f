"""Commitments: what an organization promised the network, beyond what it would have done anyway."""
