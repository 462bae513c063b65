#include "mprofpp/model/settings.hpp"

namespace mprofpp::model {
namespace {

template <class T>
void replace(std::optional<T>& value, const std::optional<T>& later) {
  if (later) value = later;
}

template <class T>
void replace(std::vector<T>& values, const std::vector<T>& later) {
  if (!later.empty()) values = later;
}

template <class T>
void append(std::vector<T>& values, const std::vector<T>& later) {
  values.insert(values.end(), later.begin(), later.end());
}

}  // namespace

void Settings::update(const Settings& later) {
  replace(format, later.format);
  replace(version, later.version);
  replace(interval, later.interval);
  replace(metric, later.metric);
  replace(metrics, later.metrics);
  replace(sparse, later.sparse);
  replace(host, later.host);
  replace(host_memory, later.host_memory);
  replace(page_size, later.page_size);
  replace(start, later.start);
  replace(roots, later.roots);
  replace(children, later.children);
  replace(argv, later.argv);
  replace(argv_left_out, later.argv_left_out);
  without_marks |= later.without_marks;
  exact_readings |= later.exact_readings;
  lists_all_calls |= later.lists_all_calls;
  replace(shortest_listed_call, later.shortest_listed_call);
  replace(traced, later.traced);
  replace(untraced, later.untraced);
  replace(lines, later.lines);
  replace(lines_of, later.lines_of);
  replace(objects, later.objects);
  append(late_names, later.late_names);
  append(metric_costs, later.metric_costs);
}

}  // namespace mprofpp::model
