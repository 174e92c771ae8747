"""python -m oms.stack up | down | reset | env"""

import shlex
import sys

from oms.stack.down import down, reset
from oms.stack.errors import StackError, sentence_for
from oms.stack.installation import Installation
from oms.stack.speech import complain, say
from oms.stack.up import up


def env(installation: Installation) -> None:
    """What a shell needs to talk to the running servers: eval "$(make -s env)"."""
    for name, value in installation.read_environment().items():
        say(f"export {name}={shlex.quote(value)}")


ACTS = {"up": up, "down": down, "reset": reset, "env": env}


def main(words: list[str]) -> int:
    if len(words) != 1 or words[0] not in ACTS:
        complain(f"Usage: python -m oms.stack {' | '.join(ACTS)}")
        return 2
    try:
        ACTS[words[0]](Installation.from_environment())
    except StackError as error:
        complain(str(error))
        return 1
    except OSError as error:
        complain(sentence_for(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
