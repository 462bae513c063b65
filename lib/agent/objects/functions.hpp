#pragma once

#include "python/api.hpp"

/// Functions about objects that are given to the code in Python (holders.py and collector.py). None runs code
/// of the program.
namespace mprofpp::agent::objects {

/// The functions, with an empty one at the end. They are:
///
///   find_holders(addresses, closed, own, count, depth, milliseconds)
///     Finds the shortest chains of references to the objects at these addresses, which need not be valid.
///     The list `closed` and the objects in it are ours: what they hold is not held by the program. `own` are
///     the globals of our frames. Searches no longer than that. Returns (objects, references,
///     bytes of the index, whether there was no time for all chains, answers). An answer is None for an
///     address without an object, and otherwise (object, number of references to it or -1, chains,
///     [(type, number of holders)]). A chain is (kind of its root, [root, …, object]).
///   find_garbage(objects)
///     Finds what a full collection would free, among a list of objects, or all tracked ones if it is None.
///     Returns (objects, bytes, uncollectable, seconds, [(type, objects, bytes)]).
///   count_instances()
///     Returns [(type, objects, 0)] of the classes that were made while Python runs.
///   learn_frames(frame, first, second, third)
///     Must be called once, with a frame whose first local variables have these values.
///   place_in_frame(frame, object)
///     Returns the place among the local variables of a frame; -1 if the object is not there.
///   place_in(container, object)
///     Returns the key of an object in a dict, or its index in a list or tuple, as (found, place). `found`
///     is 0 if it is not there, 1 if it is a value, and 2 if it is itself a key.
///   keys_of_type(type)
///     Returns a list of the names of attributes that instances of a class share, from 3.11 on.
///   referents_of(object)
///     Returns a list of the objects that this one shows to the collector.
///   object_at(path)
///     Returns (object, None), or (None, reason) if the path leads to no object.
///   name_of_type(type), size_of(object), value_of(object)
///     Return the name as people write it, what sys.getsizeof() returns, and a short text as JSON.
///
/// The first three return None if there is no memory.
extern const python::Method functions[];

/// Finds what the functions need. Must be called before. Returns false if they cannot be used.
bool prepare_functions();

}  // namespace mprofpp::agent::objects
