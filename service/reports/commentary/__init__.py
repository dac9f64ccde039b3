"""Two to five findings in words: what the figures say, how sure that is, and whom it asks what. Rules, no text model.

Nothing here decides what may be shown: a report whose small numbers were hidden gives a commentary without them.
"""
