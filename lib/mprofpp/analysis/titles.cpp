#include "mprofpp/analysis/titles.hpp"

#include <algorithm>

namespace mprofpp::analysis {
namespace {

constexpr std::size_t most_titles = 16;

const std::string& text_of(const Titles::Title& title) {
  return title.command.empty() ? title.name : title.command;
}

/// Returns true for mprofpp's own stub, which becomes a program that `run` or `span` starts. The path may
/// contain spaces, so the command line cannot be split at them.
bool is_stub(const Titles::Title& title) {
  return title.name == "hold" && title.command.find("libexec/mprofpp/hold ") != std::string::npos;
}

}  // namespace

bool Titles::is_known(const Title& title) const {
  return std::find(earlier_.begin(), earlier_.end(), title) != earlier_.end();
}

void Titles::change(const model::Process& process, const Titles* parent) {
  const Title next{process.name, process.command};
  if (next == now_) return;
  const bool is_first = now_ == Title{};
  // a name without a command was set before the command line could be read
  const bool is_forgotten = is_first || is_inherited_ || now_.command.empty() || is_stub(now_);
  if (is_forgotten && has_peak_) at_peak_ = next;
  if (!is_forgotten && !is_known(now_)) {
    if (earlier_.size() < most_titles)
      earlier_.push_back(now_);
    else
      ++left_out_;
  }
  is_inherited_ = is_first && parent != nullptr && parent->now_ == next;
  now_ = next;
}

void Titles::note_highest(double mib) {
  highest_ = mib;
  at_peak_ = now_;
  has_peak_ = true;
}

void Titles::observe_between_samples(double mib) {
  if (mib > highest_ * 1.01) observe(mib);
}

const Titles::Title& Titles::at_peak() const {
  return has_peak_ ? at_peak_ : now_;
}

std::vector<std::string> Titles::other_titles() const {
  std::vector<std::string> others;
  const auto add = [&](const Title& title) {
    const auto& text = text_of(title);
    const bool is_new = std::find(others.begin(), others.end(), text) == others.end();
    if (is_new && !text.empty() && text != text_of(at_peak())) others.push_back(text);
  };
  for (const auto& title : earlier_) add(title);
  add(now_);
  return others;
}

}  // namespace mprofpp::analysis
