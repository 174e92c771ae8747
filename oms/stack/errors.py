"""What can go wrong before the system runs: one clear sentence each, never a traceback."""

import errno


class StackError(Exception):
    """Its text is the sentence that a person reads; the process then ends with exit code 1."""


def sentence_for(error: OSError) -> str:
    """The sentence for an operating-system error that nobody foresaw at the place where it happened."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return f"The disk is full{_where(error)}: free some space or choose another DATA_DIR."
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return f"Writing is not allowed{_where(error)}: choose a DATA_DIR that you own."
    return f"The operating system refused{_where(error)}: {error.strerror or error}."


def _where(error: OSError) -> str:
    return f" at {error.filename}" if error.filename else ""
