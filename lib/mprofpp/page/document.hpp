#pragma once

#include <string>

#include "mprofpp/page/arrays.hpp"
#include "mprofpp/page/caps.hpp"
#include "mprofpp/page/contents.hpp"
#include "mprofpp/page/processes.hpp"
#include "mprofpp/page/strings.hpp"

namespace mprofpp::page {

/// The version of what a page is given. It changes when a page of another version would misread it.
inline constexpr int format = 1;

/// Returns the title of the page: the one that was asked for, else the command, else the name of the file.
std::string title_of(const Contents& contents, const PageRequest& request);

/// Returns the fields that describe the recording: everything except curves, calls and strings, whose numbers
/// it takes from `strings`. The page in share/html reads them.
Json document(const Contents& contents, const PageRequest& request, const Caps& caps,
              const Processes& processes, Strings& strings);

/// Appends the calls and returns the fields of JSON that refer to them.
Json calls_json(const PageCalls& calls, const Caps& caps, const Processes& processes,
                Strings& strings, Arrays& arrays);

}  // namespace mprofpp::page
