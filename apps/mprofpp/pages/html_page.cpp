#include "pages/html_page.hpp"

#include <utility>

#include "cli/hints.hpp"
#include "cli/layout.hpp"
#include "mprofpp/page/html_page.hpp"

namespace mprofpp::app {
namespace {

page::PageRequest page_request(const PlotRequest& request) {
  const bool is_hidden = request.chart.calls == chart::Calls::hidden;
  return {.window = request.window,
          .metric = request.metric,
          .title = request.chart.title,
          .limit_mib = request.chart.limit_mib,
          .calls = is_hidden ? page::Calls::hidden : page::Calls::shown};
}

Error with_page_hint(Error error, const PlotRequest& request) {
  if (error.code == Errc::not_found && request.metric && error.what.starts_with("has no ")) {
    error.hint = "record it with run --metrics " + std::string(model::name_of(*request.metric));
  }
  return with_hint(Task::read_recording, std::move(error));
}

}  // namespace

Result<std::string> html_page(const report::TimedRun& run, const PlotRequest& request,
                              const Console& console) {
  const auto layout = find_layout();
  auto page = page::read_template(layout.page);
  if (!page) return Failure(with_hint(Task::make_page, std::move(page.error())));
  const auto wanted = page_request(request);
  auto contents = page::read_contents(run, wanted);
  if (!contents) return Failure(with_page_hint(std::move(contents.error()), request));
  const auto& history = contents->history;
  if (history.first_damage) {
    console.warn(report::damage_text(run.run, history.damaged_lines, *history.first_damage));
  }
  return page::fill_page(*page, *contents, wanted);
}

}  // namespace mprofpp::app
