#include "support/locale.hpp"

#include <clocale>
#include <locale>

namespace mprofpp::test {
namespace {

class CommaNumbers : public std::numpunct<char> {
 protected:
  char do_decimal_point() const override { return ','; }
  char do_thousands_sep() const override { return '.'; }
  std::string do_grouping() const override { return "\3"; }
};

}  // namespace

CommaLocale::CommaLocale() : previous_c_(std::setlocale(LC_ALL, nullptr)) {
  std::locale::global(std::locale(std::locale::classic(), new CommaNumbers));
  // where none of these is installed, only the C++ locale is changed
  for (const char* name : {"de_DE.UTF-8", "fr_FR.UTF-8", "de_DE"}) {
    if (std::setlocale(LC_ALL, name) != nullptr) break;
  }
}

CommaLocale::~CommaLocale() {
  std::locale::global(std::locale::classic());
  std::setlocale(LC_ALL, previous_c_.c_str());
}

}  // namespace mprofpp::test
