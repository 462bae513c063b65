#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "mprofpp/analysis/late_names.hpp"
#include "mprofpp/base/result.hpp"
#include "mprofpp/model/record.hpp"
#include "mprofpp/model/sink.hpp"

namespace mprofpp::analysis {

/// The names of all functions of a recording, in the order of their first call.
class FunctionNames : public model::Sink {
 public:
  using Sink::take;
  void take(const model::Call& call) override { add(call.name); }
  void take(const model::OpenCall& call) override { add(call.name); }
  void take(const model::CallGroup& group) override { add(group.name); }
  void take(const model::Meta& meta) override { late_.take(meta); }

  /// As people call them, each once.
  std::vector<std::string> names() const;
  /// What was recorded under another name.
  const LateNames& late() const { return late_; }

 private:
  void add(const std::string& name);

  std::vector<std::string> names_;
  std::unordered_map<std::string, bool> known_;
  LateNames late_;
};

/// The function a person means: the whole name, or the end of it behind a dot or `::` (`inner`
/// for `__main__.inner`) when no other function ends alike. Errors: not_found, naming what there is;
/// invalid_argument when several end alike.
Result<std::string> pick_function(const std::vector<std::string>& names, const std::string& wanted);

/// As pick_function(); where `wanted` is no function's name but a pattern, `app.*`, all whose whole names
/// fit it.
Result<std::vector<std::string>> pick_functions(const std::vector<std::string>& names,
                                                const std::string& wanted);

}  // namespace mprofpp::analysis
