"""The way from messages to tokens and from tokens to text: chat templates, tools and their calls, forms of replies."""
