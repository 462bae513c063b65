#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "mprofpp/analysis/late_names.hpp"
#include "mprofpp/analysis/losses.hpp"
#include "mprofpp/base/result.hpp"
#include "mprofpp/model/record.hpp"
#include "mprofpp/model/sink.hpp"

namespace mprofpp::analysis {

/// Collects the names of all functions of a recording, in the order of their first call, and the losses: lost
/// marks may be of other functions.
class FunctionNames : public model::Sink {
 public:
  using Sink::take;
  void take(const model::Call& call) override { add(call.name); }
  void take(const model::OpenCall& call) override { add(call.name); }
  void take(const model::CallGroup& group) override { add(group.name); }
  void take(const model::Settings& settings) override {
    late_.take(settings);
    losses_.add(settings);
  }
  void take(const model::Lost& lost) override { losses_.add(lost); }

  /// Returns the names that people use, each once.
  std::vector<std::string> names() const;
  /// Returns the names of functions that were recorded under another name.
  const LateNames& late() const { return late_; }
  const Losses& losses() const { return losses_; }

 private:
  void add(const std::string& name);

  std::vector<std::string> names_;
  std::unordered_map<std::string, bool> known_;
  LateNames late_;
  Losses losses_;
};

/// Returns the function that `wanted` names: by its whole name, or by an ending after a dot or `::` (`inner`
/// for `__main__.inner`) that no other function has. Errors: not_found, with the names that exist;
/// invalid_argument if several functions have that ending.
Result<std::string> pick_function(const std::vector<std::string>& names, const std::string& wanted);

/// Like pick_function(). If `wanted` does not name a function but is a pattern such as `app.*`, returns all
/// functions whose whole names match it.
Result<std::vector<std::string>> pick_functions(const std::vector<std::string>& names,
                                                const std::string& wanted);

}  // namespace mprofpp::analysis
