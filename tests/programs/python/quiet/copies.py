"""Functions that are made from copies of other functions' code, and their attributes."""

import marshal
import pickle
import sys
import types

from mprofpp import profile

heard = []


def listen(event, arguments):
    if event.startswith(("function.", "object.__setattr__")):
        heard.append((event, str(arguments[0]).split(" at ")[0]))


@profile
def work(x):
    if x < 0:
        raise ValueError(x)
    return sys._getframe().f_code.co_name, x


def unmarked(x):
    return work(x)


def copy_of(function):
    code = marshal.loads(marshal.dumps(function.__code__))
    assert code == function.__code__ and hash(code) == hash(function.__code__)
    return types.FunctionType(code, globals(), "copy")


sys.addaudithook(listen)
for function in (work, unmarked):
    copy = copy_of(function)
    print(copy.__name__, copy(1), copy.__code__.co_consts, copy.__code__ is function.__code__)
    try:
        copy(-1)
    except ValueError as error:
        print(error, error.__traceback__.tb_next.tb_frame.f_code.co_name)
unmarked.__code__ = work.__code__.replace(co_name="other")
print(unmarked(2), pickle.loads(pickle.dumps(work)) is work)
print(heard)
