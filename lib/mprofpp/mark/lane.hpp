#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "mprofpp/base/instant.hpp"
#include "mprofpp/mark/functions.hpp"
#include "mprofpp/wire/record.hpp"

namespace mprofpp::mark {

/// A row of calls within a process: one thread, greenlet or task.
struct LaneId {
  std::uint32_t thread = 0;
  wire::LaneKind kind = wire::LaneKind::thread;
  std::uint64_t number = 0;

  friend bool operator==(const LaneId&, const LaneId&) = default;
};
LaneId lane_of(const wire::Event& event);
/// As the file has it: t12, t12.g3, t12.k4.
std::string name_of(const LaneId& lane);

/// What is known of a call or a mark of memory at one moment.
struct Reading {
  Instant t;
  double mib = 0;             ///< the MEM line
  std::optional<double> rss;  ///< MiB, the process's own
  bool reused = false;        ///< the rss was read a moment before
};

/// A call that has not ended.
struct OpenCall {
  std::uint64_t id = 0;
  const Function* function = nullptr;
  Reading in;
  int level = 0;
  const void* teller =
      nullptr;  ///< who told of it: what he told ends when nothing more comes from him
};

/// The open calls of one lane, each within the one before it. Nearly always the innermost ends
/// next; a lane in which another one does (tasks that nobody told apart) is indexed from then on.
class Lane {
 public:
  /// Gives the call its level: one more than that of the innermost.
  void enter(OpenCall call);
  /// The call of that number, which has ended; nothing when it is not open here.
  std::optional<OpenCall> leave(std::uint64_t id);

  bool holds(std::uint64_t id) { return find(id).has_value(); }
  bool empty() const { return calls_.empty(); }
  /// The number of the innermost call; 0 when there is none.
  std::uint64_t innermost() const { return empty() ? 0 : calls_.back().call.id; }
  /// All that are open and that he told of, innermost first; they are open no longer.
  std::vector<OpenCall> close(const void* teller) { return close(teller, 0); }
  /// Of those the ones within the call of that number.
  std::vector<OpenCall> close_within(std::uint64_t id, const void* teller);
  /// Those that were begun before `limit`, each of them only once.
  std::vector<OpenCall> take_begun_before(Instant limit);

 private:
  struct Place {
    OpenCall call;
    bool is_open = true;  ///< a call that ended before those within it leaves an empty place
  };

  std::optional<std::size_t> find(std::uint64_t id);
  std::vector<OpenCall> close(const void* teller, std::size_t from);
  void drop_ended();

  std::vector<Place> calls_;  ///< the level of a call is its index
  std::size_t told_ = 0;      ///< by take_begun_before
  std::unordered_map<std::uint64_t, std::size_t> index_;
  bool is_indexed_ = false;
};

}  // namespace mprofpp::mark

template <>
struct std::hash<mprofpp::mark::LaneId> {
  std::size_t operator()(const mprofpp::mark::LaneId& lane) const noexcept {
    const auto kind = static_cast<std::uint64_t>(lane.kind);
    return std::hash<std::uint64_t>{}((lane.number << 2 | kind) * 0x9E3779B97F4A7C15ULL ^
                                      lane.thread);
  }
};
