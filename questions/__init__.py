"""What a question asks for, in the parts that decide, and how well a statement fits it: words, forms, kinds, opposites.

About texts alone: no search, no model.
"""
