#include "mprofpp/inspect/stacks_json.hpp"

#include <cstdint>
#include <limits>

#include <nlohmann/json.hpp>

namespace mprofpp::inspect {
namespace {

std::optional<StackKind> kind_of(const std::string& name) {
  if (name == "thread") return StackKind::thread;
  if (name == "task") return StackKind::task;
  if (name == "greenlet") return StackKind::greenlet;
  return std::nullopt;
}

/// Fills in stacks as the parser comes across their parts. Each function returns false to refuse the text.
/// What is expected depends on how many objects and lists are open. A frame is an object, or the index of one
/// in the list of places, which comes first.
class Reader : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit Reader(Stacks& out) : out_(out) {}

  bool null() override { return is_in_object(); }
  bool boolean(bool) override { return is_in_object(); }
  bool number_float(double, const std::string&) override { return is_in_object(); }
  bool binary(nlohmann::json::binary_t&) override { return false; }
  bool number_integer(std::int64_t) override { return is_in_object(); }
  bool number_unsigned(std::uint64_t number) override {
    constexpr std::uint64_t largest = std::numeric_limits<int>::max();
    if (depth_ == list_of_frames && is_in_stacks_) return take_place(number);
    if (!is_in_object()) return false;
    if (number > largest) return true;
    if (depth_ == stack && is_in_stacks_ && key_ == "tid")
      out_.stacks.back().tid = static_cast<pid_t>(number);
    if (is_in_frame() && key_ == "line") last_frame().line = static_cast<int>(number);
    return true;
  }
  bool string(std::string& text) override {
    if (!is_in_object()) return false;
    if (depth_ == stack && is_in_stacks_ && key_ == "kind") return take_kind(text);
    if (std::string* const wanted = place_of_text()) *wanted = std::move(text);
    return true;
  }

  bool start_object(std::size_t) override {
    ++depth_;
    if (depth_ == place && !is_in_stacks_) {
      places_.emplace_back();
      return ++frames_ <= most_frames;
    }
    if (depth_ == stack) {
      out_.stacks.emplace_back();
      return out_.stacks.size() <= most_stacks;
    }
    if (depth_ == frame) {
      out_.stacks.back().frames.emplace_back();
      return ++frames_ <= most_frames;
    }
    return depth_ == whole || (depth_ == locals && key_ == "locals");
  }
  bool end_object() override {
    --depth_;
    return true;
  }
  bool start_array(std::size_t) override {
    ++depth_;
    is_in_stacks_ = depth_ == list_of_stacks ? key_ == "stacks" : is_in_stacks_;
    return (depth_ == list_of_stacks && (is_in_stacks_ || key_ == "places")) ||
           (depth_ == list_of_frames && is_in_stacks_ && key_ == "frames");
  }
  bool end_array() override {
    --depth_;
    return true;
  }
  bool key(std::string& name) override {
    key_ = std::move(name);
    return true;
  }
  bool parse_error(std::size_t, const std::string&, const nlohmann::json::exception&) override {
    return false;
  }

 private:
  enum Depth {
    nothing,
    whole,
    list_of_stacks,  ///< or of places
    stack,
    list_of_frames,
    frame,
    locals,
    place = stack
  };

  bool is_in_object() const {
    return depth_ == whole || depth_ == stack || depth_ == frame || depth_ == locals;
  }
  bool is_in_frame() const { return depth_ == (is_in_stacks_ ? frame : place); }
  Frame& last_frame() { return is_in_stacks_ ? out_.stacks.back().frames.back() : places_.back(); }
  bool take_place(std::uint64_t index) {
    if (index >= places_.size()) return false;
    const auto& shared = places_[index];
    text_ += shared.function.size() + shared.file.size();
    out_.stacks.back().frames.push_back(shared);
    return ++frames_ <= most_frames && text_ <= most_shared_text;
  }
  bool take_kind(const std::string& name) {
    const auto kind = kind_of(name);
    if (kind) out_.stacks.back().kind = *kind;
    return kind.has_value();
  }
  /// Returns where a text belongs; null if nobody wants it.
  std::string* place_of_text() {
    if (depth_ == whole && key_ == "python") return &out_.python;
    if (depth_ == whole && key_ == "left_out") return &out_.left_out;
    if (depth_ == stack && is_in_stacks_ && key_ == "name") return &out_.stacks.back().name;
    if (is_in_frame() && key_ == "function") return &last_frame().function;
    if (is_in_frame() && key_ == "file") return &last_frame().file;
    if (depth_ == locals) return &last_frame().locals.emplace_back(Local{key_, {}}).value;
    return nullptr;
  }

  Stacks& out_;
  std::vector<Frame> places_;
  int depth_ = nothing;
  bool is_in_stacks_ = false;
  std::size_t frames_ = 0;
  std::size_t text_ = 0;  ///< bytes in copies of places
  std::string key_;
};

}  // namespace

Result<Stacks> parse_stacks(std::string_view json) {
  Stacks stacks;
  Reader reader(stacks);
  if (!nlohmann::json::sax_parse(json.begin(), json.end(), &reader))
    return fail(Errc::malformed, "", "has sent something that is not a list of stacks");
  return stacks;
}

}  // namespace mprofpp::inspect
