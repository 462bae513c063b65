#include "running_lane.hpp"

#include "python/execution_context.hpp"

namespace mprofpp::test {

RunningLane& running_lane() {
  static RunningLane lane;
  return lane;
}

}  // namespace mprofpp::test

namespace mprofpp::agent::python {

std::uint64_t current_greenlet() {
  return test::running_lane().greenlet;
}

bool has_other_threads() {
  return false;
}

std::uint64_t current_task() {
  return test::running_lane().task;
}

}  // namespace mprofpp::agent::python
