"""What is wrong with a file as a whole. Rows have reasons instead; see ``rows.py``."""


class UnreadableFile(Exception):
    """The file cannot be read as what it should be; nothing of it was taken.

    ``message`` says what is wrong, ``mend`` how to put it right. Both are for the person who sent
    the file; neither quotes a row.
    """

    def __init__(self, message: str, mend: str) -> None:
        super().__init__(f"{message} {mend}")
        self.message = message
        self.mend = mend
