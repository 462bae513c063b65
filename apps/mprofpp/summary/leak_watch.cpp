#include "summary/leak_watch.hpp"

#include <time.h>

#include <algorithm>
#include <system_error>
#include <utility>

#include "mprofpp/leak/words.hpp"
#include "summary/growth_message.hpp"

namespace mprofpp::app {
namespace {

/// Returns how long this thread has been using a processor.
Duration used_time() {
  ::timespec used{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return std::chrono::seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec);
}

}  // namespace

void LeakWatch::take(const model::Settings& settings) {
  if (!settings.roots.empty()) root_ = settings.roots.front();
  pass(settings);
}

std::optional<model::PointMark> LeakWatch::look(Instant now) {
  if (!judging_.valid()) {
    if (!last_look_ || now < *last_look_) last_look_ = now;  // the clock may be set back
    if (now - *last_look_ < rest_) return std::nullopt;
    last_look_ = now;
    start_judging();
    return std::nullopt;
  }
  const auto is_busy = judging_.wait_for(Duration::zero()) == std::future_status::timeout;
  if (is_busy) return std::nullopt;
  const auto report = finish_judging();
  return change_of(report, now);
}

std::optional<model::PointMark> LeakWatch::change_of(const leak::LeakReport& report, Instant now) {
  if (report.metrics.empty()) return std::nullopt;
  if (noted_ == Noted::nothing && is_leak(report)) {
    noted_ = Noted::leak;
    const auto* process = process_of_leak(report);
    return model::PointMark{now, process ? process->id.pid : root_, leak_text(report) + " so far"};
  }
  if (noted_ == Noted::leak && report.verdict() == leak::Verdict::steady) {
    noted_ = Noted::end;
    const auto& judgement = report.deciding().judgement;
    return model::PointMark{now, root_,
                            "no leak any more: " + verdict_text(judgement, report.extent())};
  }
  return std::nullopt;
}

/// If no thread can be started, the next minute is another chance.
void LeakWatch::start_judging() {
  try {
    judging_ = std::async(how_, [this] { return judge(); });
  } catch (const std::system_error&) {
  }
}

LeakWatch::Judged LeakWatch::judge() const {
  const auto before = used_time();
  auto report = fold_.report();
  return {std::move(report), used_time() - before};
}

leak::LeakReport LeakWatch::finish_judging() {
  auto [report, cost] = judging_.get();
  rest_ = std::max(between_looks, cost * rests_per_judgement);
  for (const auto& record : std::exchange(waiting_, {})) {
    std::visit([this](const auto& one) { fold_.take(one); }, record);
  }
  return report;
}

leak::LeakReport LeakWatch::report() {
  if (judging_.valid()) finish_judging();
  return fold_.report();
}

}  // namespace mprofpp::app
