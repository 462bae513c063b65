#include "mprofpp/page/fitting.hpp"

#include <algorithm>
#include <utility>

#include "mprofpp/page/document.hpp"
#include "mprofpp/page/packing.hpp"

namespace mprofpp::page {
namespace {

/// More points need seconds to unpack in a browser, even if they fit because the curves are level.
constexpr std::size_t most_points = 2'000'000;

std::string text_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// Returns the size of packed bytes; of many, an estimate from slices, which are as long as the distance at
/// which deflate finds repetitions. It is a little too high.
Result<std::size_t> packed_size(const std::string& bytes) {
  constexpr std::size_t slice = 32'768;
  constexpr std::size_t slices = 16;
  const auto size_of = [](const std::string& packed) { return packed.size(); };
  if (bytes.size() <= slice * slices) return deflated(bytes).map(size_of);
  std::string sample;
  for (std::size_t i = 0; i < slices; ++i) {
    sample.append(bytes, (bytes.size() - slice) / (slices - 1) * i, slice);
  }
  const double share = static_cast<double>(bytes.size()) / static_cast<double>(sample.size());
  return deflated(sample).map([&](const std::string& packed) {
    return static_cast<std::size_t>(share * static_cast<double>(packed.size()));
  });
}

/// Returns the part of `amount` that fits, with some distance because packing is not proportional.
std::size_t part_of(std::size_t amount, std::size_t size, std::size_t room) {
  constexpr double careful = 0.97;
  const double share =
      static_cast<double>(room) / static_cast<double>(std::max<std::size_t>(size, 1));
  return static_cast<std::size_t>(static_cast<double>(amount) * std::min(share * careful, 1.0));
}

}  // namespace

Result<std::size_t> Fitting::header_size() const {
  Strings strings;
  auto json = document(contents_, request_, caps_, *processes_, strings);
  json["strings"] = strings.all();
  return packed_size(text_of(json));
}

Result<std::size_t> Fitting::curves_size() const {
  Arrays arrays;
  auto bytes = text_of(curves_->json(arrays));
  return packed_size(bytes + arrays.bytes());
}

Result<std::size_t> Fitting::calls_size() const {
  Arrays arrays;
  Strings strings;
  auto json = calls_json(contents_.calls, caps_, *processes_, strings, arrays);
  json["strings"] = strings.all();
  return packed_size(text_of(json) + arrays.bytes());
}

/// Shortens lists and texts until curves and calls have at least half of the room.
Result<void> Fitting::choose_caps() {
  for (;; ++caps_.level) {
    processes_.emplace(contents_.peaks.processes, caps_.processes());
    const auto size = header_size();
    if (!size) return Failure(size.error());
    if (*size <= room_ / 2 || caps_.level == Caps::last_level) break;
  }
  curves_.emplace(contents_, *processes_);
  return {};
}

Result<std::size_t> Fitting::shrink_calls(std::size_t size, std::size_t room) {
  auto& calls = contents_.calls;
  while (size > room && !calls.calls.empty()) {
    calls.keep(part_of(calls.calls.size(), size, room));
    auto smaller = calls_size();
    if (!smaller) return smaller;
    size = *smaller;
  }
  return size;
}

Result<std::size_t> Fitting::shrink_curves(std::size_t size, std::size_t room) {
  while (size > room) {
    const auto before = curves_->points();
    curves_->thin_out(part_of(before, size, room));
    if (curves_->points() == before) break;
    auto smaller = curves_size();
    if (!smaller) return smaller;
    size = *smaller;
  }
  return size;
}

/// Makes curves and calls fit into `room`. Each may use half of it, and what the other one leaves.
Result<void> Fitting::share(std::size_t room) {
  const auto curves = curves_size();
  if (!curves) return Failure(curves.error());
  const auto calls = calls_size();
  if (!calls) return Failure(calls.error());
  if (*curves + *calls <= room) return {};
  const auto for_calls = std::max(room / 2, room - std::min(*curves, room));
  const auto used = shrink_calls(*calls, for_calls);
  if (!used) return Failure(used.error());
  const auto done = shrink_curves(*curves, room - std::min(*used, room));
  if (!done) return Failure(done.error());
  return {};
}

std::string Fitting::all_bytes() const {
  Strings strings;
  Arrays arrays;
  auto json = document(contents_, request_, caps_, *processes_, strings);
  json.update(curves_->json(arrays));
  json.update(calls_json(contents_.calls, caps_, *processes_, strings, arrays));
  json["strings"] = strings.all();
  const auto text = text_of(json);
  return four_bytes(static_cast<std::uint32_t>(text.size())) + text + arrays.bytes();
}

Result<std::string> Fitting::packed() {
  constexpr int most_tries = 8;
  if (auto done = choose_caps(); !done) return Failure(std::move(done.error()));
  curves_->thin_out(most_points);
  const auto header = header_size();
  if (!header) return Failure(header.error());
  auto room = room_ - std::min(*header, room_);
  for (int tries = 0; tries < most_tries; ++tries) {
    if (auto done = share(room); !done) return Failure(std::move(done.error()));
    auto bytes = deflated(all_bytes());
    if (!bytes || bytes->size() <= room_) return bytes;
    const auto excess = bytes->size() - room_;
    room -= std::min(room, excess + excess / 8 + 1000);
  }
  return fail(Errc::io, "", "the recording does not fit into a page");
}

}  // namespace mprofpp::page
