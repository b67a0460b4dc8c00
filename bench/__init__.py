"""Measures typewave beside its peers; `./tw bench` calls it."""
