"""Folders of pictures made ready to learn from: checked, cleared of copies, split, listed, probed.

Every command works on plain folders. What a picture is follows from the folders it lies in
(`layout`); nothing is overwritten unless told so, a file appears whole or not at all, and what is
taken out of a folder is moved aside with a record, never deleted.
"""
