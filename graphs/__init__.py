"""The graphs of a library: of its code, of what its documents name, of how documents and phrases are related; and the
engines that answer Cypher over them."""
