#include "objects/holders.hpp"

#include "objects/counts.hpp"
#include "objects/heap.hpp"

namespace mprofpp::agent::objects {
namespace {

using python::py;

/// A part of an array.
struct Part {
  std::size_t first = 0;
  std::size_t last = 0;
};
struct FoundChain {
  RootKind kind;
  Part objects;
};
struct TypeCount {
  std::uint64_t key;  ///< the type
  std::uint64_t count;
};
/// The result for one address.
struct FoundObject {
  Object* object = nullptr;  ///< null if there is none
  Size references = 0;
  Part chains;
  Part holders;
};

const char* name_of(RootKind kind) {
  constexpr const char* names[] = {"module", "thread frame", "greenlet", "coroutine", "C"};
  return names[static_cast<int>(kind)];
}

/// Results, in memory of our own: while there is an index, Python must make no objects.
class Results {
 public:
  Results() = default;
  ~Results() {
    for (Object* const each : kept_) {
      if (is_held_) py.Py_DecRef(each);
    }
    holders_of_one_.clear();
  }
  Results(const Results&) = delete;
  Results& operator=(const Results&) = delete;

  bool add_nothing() { return objects_.add({}); }
  bool add(const Index& index, const Search& search, std::uint32_t target);
  /// Makes references to all objects. Must be called when the search is over, because it counts references,
  /// and before Python makes objects.
  void hold() {
    for (Object* const each : kept_) py.Py_IncRef(each);
    is_held_ = true;
  }
  /// Returns a list of answers; null if there is no memory.
  Ref answers() const;

 private:
  bool add_chain(const Index& index, const Search& search, const ChainStart& start,
                 std::uint32_t target);
  bool add_holders(const Index& index, const Search& search, std::uint32_t target);
  bool keep(Object* object) { return kept_.add(object); }
  Ref answer(const FoundObject& found) const;
  Ref chain(const FoundChain& found) const;

  Array<FoundObject> objects_;
  Array<FoundChain> chains_;
  Array<TypeCount> holders_;
  Array<Object*> kept_;  ///< the objects of chains, one chain after another, and others
  bool is_held_ = false;
  Table<TypeCount> holders_of_one_;
};

bool Results::add_chain(const Index& index, const Search& search, const ChainStart& start,
                        std::uint32_t target) {
  const auto first = kept_.size();
  if (start.root != no_number && !keep(search.shown(start.root))) return false;
  for (auto at = start.held; at != no_number; at = at == target ? no_number : search.next(at)) {
    if (!keep(index.object(at))) return false;
  }
  return chains_.add({start.kind, {first, kept_.size()}});
}

bool Results::add_holders(const Index& index, const Search& search, std::uint32_t target) {
  holders_of_one_.clear();
  for (const auto referrer : index.referrers(target)) {
    if (search.is_closed(referrer)) continue;
    const auto* const type = as_object(type_of(index.object(referrer)));
    auto* const entry = holders_of_one_.put(reinterpret_cast<std::uint64_t>(type));
    if (entry == nullptr) return false;
    ++entry->count;
  }
  bool is_done = true;
  holders_of_one_.for_each([this, &is_done](const TypeCount& entry) {
    is_done = is_done && holders_.add(entry) && keep(reinterpret_cast<Object*>(entry.key));
  });
  return is_done;
}

bool Results::add(const Index& index, const Search& search, std::uint32_t target) {
  FoundObject found;
  found.object = index.object(target);
  found.references = search.references_to(target);
  found.chains.first = chains_.size();
  found.holders.first = holders_.size();
  for (const auto& start : search.starts()) {
    if (!add_chain(index, search, start, target)) return false;
  }
  if (!keep(found.object) || !add_holders(index, search, target)) return false;
  found.chains.last = chains_.size();
  found.holders.last = holders_.size();
  return objects_.add(found);
}

Ref Results::chain(const FoundChain& found) const {
  Ref objects(containers.PyList_New(0));
  for (auto i = found.objects.first; i < found.objects.last; ++i) {
    if (!append(objects, Ref::to(kept_[i]))) return Ref();
  }
  return Ref(containers.Py_BuildValue("sO", name_of(found.kind), objects.get()));
}

Ref Results::answer(const FoundObject& found) const {
  if (found.object == nullptr) return Ref(python::none());
  const Ref chains(containers.PyList_New(0));
  for (auto i = found.chains.first; i < found.chains.last; ++i) {
    if (!append(chains, chain(chains_[i]))) return Ref();
  }
  const Ref holders(containers.PyList_New(0));
  for (auto i = found.holders.first; i < found.holders.last; ++i) {
    const auto count = static_cast<unsigned long long>(holders_[i].count);
    auto* const type = reinterpret_cast<Object*>(holders_[i].key);
    if (!append(holders, Ref(containers.Py_BuildValue("OK", type, count)))) return Ref();
  }
  return Ref(containers.Py_BuildValue("OnOO", found.object, found.references, chains.get(),
                                      holders.get()));
}

Ref Results::answers() const {
  Ref all(containers.PyList_New(0));
  for (const auto& found : objects_) {
    if (!append(all, answer(found))) return Ref();
  }
  return all;
}

/// The numbers of an index, which is gone when the answer is made.
struct Totals {
  unsigned long long objects = 0;
  unsigned long long references = 0;
  unsigned long long bytes = 0;
  bool is_cut = false;
};

bool read_addresses(Object* list, Array<Object*>& addresses) {
  const auto count = containers.PyList_Size(list);
  for (Size i = 0; i < count; ++i) {
    void* const address = py.PyLong_AsVoidPtr(containers.PyList_GetItem(list, i));
    if (address == nullptr) py.PyErr_Clear();
    if (!addresses.add(static_cast<Object*>(address))) return false;
  }
  return true;
}

bool read_closed(const HoldersRequest& request, Array<Object*>& closed) {
  const auto count = containers.PyList_Size(request.closed);
  for (Size i = 0; i < count; ++i) {
    if (!closed.add(containers.PyList_GetItem(request.closed, i))) return false;
  }
  return closed.add(request.closed) && closed.add(request.own);
}

/// Returns false if there is no memory.
bool build_index(Index& index, const Roots& roots, const Array<Object*>& addresses) {
  if (!index.add_tracked()) return false;
  for (const auto& frame : roots.frames()) {
    if (!index.add_frame(frame)) return false;
  }
  for (const auto* const address : addresses) {
    if (address != nullptr && !index.add_target(address)) return false;
  }
  return index.trace() && index.turn_around();
}

/// Returns false if there is no memory.
bool search_all(const HoldersRequest& request, Results& results, Totals& totals) {
  Array<Object*> addresses;
  Array<Object*> closed;
  Roots roots;
  Index index;
  Search search(index, roots);
  if (!read_addresses(request.addresses, addresses) || !read_closed(request, closed)) return false;
  const CollectionsPaused pause;
  // from here on Python makes no objects except for those that are in the roots
  if (!roots.find(request.own) || !build_index(index, roots, addresses)) return false;
  if (!search.prepare(closed)) return false;
  const Search::Limits limits{request.depth, request.count,
                              monotonic_now() + request.longest_search};
  for (const auto* const address : addresses) {
    const auto number = index.find(address);
    if (number == no_number ? !results.add_nothing()
                            : !search.find(number, limits) || !results.add(index, search, number)) {
      return false;
    }
    totals.is_cut = totals.is_cut || (number != no_number && search.is_cut());
  }
  results.hold();
  totals.objects = index.tracked();
  totals.references = index.references();
  totals.bytes = index.most_bytes() + search.bytes();
  return true;
}

}  // namespace

Object* find_holders(const HoldersRequest& request) {
  Results results;
  Totals totals;
  if (!search_all(request, results, totals)) return nullptr;
  const Ref answers = results.answers();
  if (!answers) return nullptr;
  return containers.Py_BuildValue("KKKiO", totals.objects, totals.references, totals.bytes,
                                  totals.is_cut ? 1 : 0, answers.get());
}

}  // namespace mprofpp::agent::objects
