#pragma once

#include <string>
#include <string_view>

#include "mprofpp/base/result.hpp"
#include "mprofpp/page/contents.hpp"

namespace mprofpp::page {

/// No page is larger, in bytes.
inline constexpr std::size_t largest_page = 2'000'000;

/// A page into which the data of a recording is put. It is the result of the build in share/html.
class Template {
 public:
  /// Returns the page without a recording. Errors: malformed if it lacks the places for title and data.
  static Result<Template> parse(std::string text);

  /// Returns the bytes of data for which there is room, before they become base64.
  std::size_t room(const std::string& title) const;
  /// Returns the page with the title as text and the data as base64.
  std::string filled(const std::string& title, std::string_view data) const;

 private:
  std::string before_title_, before_data_, after_data_;
};

/// Returns the recording as a browser gets it: the length of the JSON in four bytes, the JSON and the arrays,
/// compressed to at most `room` bytes. What does not fit is left out, and counted: first the resolution of
/// the curves and the calls that matter least, then the ends of long lists and texts. Errors: io.
Result<std::string> packed_recording(Contents& contents, const PageRequest& request,
                                     std::size_t room);

/// Reads the template from a file. Errors: those of opening and reading it, and of Template::parse().
Result<Template> read_template(const std::string& path);

/// Returns the page of a recording. What does not fit is taken out of `contents`. Errors: io.
Result<std::string> fill_page(const Template& page, Contents& contents, const PageRequest& request);

}  // namespace mprofpp::page
