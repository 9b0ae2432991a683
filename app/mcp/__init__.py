"""``evidentia mcp``: the library's tools for editors and agents, over the Model Context Protocol."""
