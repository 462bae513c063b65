#include "mprofpp/page/html_page.hpp"

#include <utility>

#include "mprofpp/base/file.hpp"
#include "mprofpp/base/text.hpp"
#include "mprofpp/page/document.hpp"
#include "mprofpp/page/fitting.hpp"
#include "mprofpp/page/packing.hpp"
#include "mprofpp/page/strings.hpp"

namespace mprofpp::page {
namespace {

constexpr std::string_view title_place = "@TITLE@";
constexpr std::string_view data_place = "@RECORDING@";

std::string title_text(const std::string& title) {
  constexpr std::size_t most_characters = 200;
  return markup_text(shown_text(title, most_characters));
}

}  // namespace

Result<Template> Template::parse(std::string text) {
  const auto title = text.find(title_place);
  const auto data = text.find(data_place);
  if (title == std::string::npos || data == std::string::npos || data < title) {
    return fail(Errc::malformed, "", "is not the template of a page");
  }
  Template parts;
  parts.after_data_ = text.substr(data + data_place.size());
  parts.before_data_ = text.substr(title + title_place.size(), data - title - title_place.size());
  text.resize(title);
  parts.before_title_ = std::move(text);
  return parts;
}

std::size_t Template::room(const std::string& title) const {
  const auto used =
      before_title_.size() + title_text(title).size() + before_data_.size() + after_data_.size();
  return used < largest_page ? (largest_page - used) / 4 * 3 : 0;
}

std::string Template::filled(const std::string& title, std::string_view data) const {
  std::string page = before_title_;
  page.reserve(largest_page);
  page += title_text(title);
  page += before_data_;
  page += base64(data);
  page += after_data_;
  return page;
}

Result<std::string> packed_recording(Contents& contents, const PageRequest& request,
                                     std::size_t room) {
  return Fitting(contents, request, room).packed();
}

Result<Template> read_template(const std::string& path) {
  auto text = read_file(path);
  if (!text) return Failure(std::move(text.error()));
  auto page = Template::parse(std::move(*text));
  if (!page) page.error().place = path;
  return page;
}

Result<std::string> fill_page(const Template& page, Contents& contents,
                              const PageRequest& request) {
  const auto title = title_of(contents, request);
  const auto data = packed_recording(contents, request, page.room(title));
  if (!data) return Failure(data.error());
  return page.filled(title, *data);
}

}  // namespace mprofpp::page
