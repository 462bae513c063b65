#include "plot_options.hpp"

#include <algorithm>
#include <utility>

#include "mprofpp/base/text.hpp"
#include "mprofpp/base/units.hpp"
#include "mprofpp/render/layout.hpp"

namespace mprofpp::app {
namespace {

Failure refuse_window(const std::string& text, const std::string& why) {
  return fail(Errc::invalid_argument, "--window " + text, why,
              "write FROM,TO, such as 10,20 or 1m30s,2m");
}

}  // namespace

Result<PlotWindow> parse_window(const std::string& text) {
  const auto comma = text.find(',');
  if (comma == std::string::npos || text.find(',', comma + 1) != std::string::npos) {
    return refuse_window(text, "is not two times with a comma between");
  }
  PlotWindow window;
  const auto from = trim(std::string_view(text).substr(0, comma));
  const auto to = trim(std::string_view(text).substr(comma + 1));
  if (!from.empty()) {
    const auto parsed = parse_duration(from);
    if (!parsed) return refuse_window(text, std::string(from) + " is not a time");
    window.from = *parsed;
  }
  if (!to.empty()) {
    const auto parsed = parse_duration(to);
    if (!parsed) return refuse_window(text, std::string(to) + " is not a time");
    window.to = *parsed;
  }
  if (window.to && *window.to < window.from) std::swap(*window.to, window.from);
  if (window.to && *window.to == window.from) return refuse_window(text, "is no time at all");
  return window;
}

Result<PictureLook> with_size(PictureLook look, const std::string& text) {
  const auto x = std::min(text.find('x'), text.size());
  const auto side = [](std::string_view digits) {
    const double pixels = parse_number(digits).value_or(0);
    return pixels >= render::smallest_side && pixels <= render::largest_side ? pixels : 0;
  };
  look.width = side(std::string_view(text).substr(0, x));
  look.height = side(std::string_view(text).substr(std::min(x + 1, text.size())));
  if (look.width == 0 || look.height == 0) {
    return fail(Errc::invalid_argument, "--size " + text,
                "is not a width and a height from 200 to 20000 pixels", "write 1600x900");
  }
  return look;
}

Result<PictureLook> with_dpi(PictureLook look, const std::string& text) {
  const auto dpi = parse_number(text);
  if (!dpi || !(*dpi >= 20 && *dpi <= 1200)) {
    return fail(Errc::invalid_argument, "--dpi " + text, "is not a number from 20 to 1200");
  }
  look.dpi = *dpi;
  return look;
}

}  // namespace mprofpp::app
