#include "newest.hpp"

#include "mprofpp/store/catalogue.hpp"

namespace mprofpp::app {

Result<std::string> newest_of_this_folder(const Console& console) {
  auto newest = store::newest_recording(".");
  if (!newest) return newest;
  const auto later = store::named_later(".", *newest);
  if (later.empty()) {
    console.say("using the newest recording, " + *newest);
  } else {
    console.say("using " + *newest + ", the newest that run named itself (" + visible(later) +
                " is newer: give its name to have it)");
  }
  return newest;
}

}  // namespace mprofpp::app
