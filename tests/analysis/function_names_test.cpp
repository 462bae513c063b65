#include "mprofpp/analysis/function_names.hpp"

#include <doctest/doctest.h>

using namespace mprofpp;
using namespace mprofpp::analysis;

namespace {

const std::vector<std::string> names = {"__main__.inner", "app.views.load", "app.jobs.load"};

}  // namespace

TEST_CASE("the end of a name after a dot is enough if it is unambiguous") {
  CHECK(pick_function(names, "inner").value() == "__main__.inner");
  CHECK(pick_function(names, "jobs.load").value() == "app.jobs.load");
  CHECK(pick_function(names, "app.views.load").value() == "app.views.load");
}

TEST_CASE("a part of a word is not the end of a name") {
  CHECK(pick_function(names, "nner").error().code == Errc::not_found);
}

TEST_CASE("an end that several names have is refused, and the names are listed") {
  const auto error = pick_function(names, "load").error();
  CHECK(error.code == Errc::invalid_argument);
  CHECK(error.what.find("app.views.load") != std::string::npos);
  CHECK(error.what.find("app.jobs.load") != std::string::npos);
}

TEST_CASE("an unknown function is refused, and the known ones are listed") {
  CHECK(pick_function(names, "nosuch").error().hint.find("__main__.inner") != std::string::npos);
  CHECK(pick_function({}, "nosuch").error().code == Errc::not_found);
}

TEST_CASE("a pattern selects all functions whose whole names match") {
  using Names = std::vector<std::string>;
  CHECK(pick_functions(names, "app.*").value() == Names{"app.views.load", "app.jobs.load"});
  CHECK(pick_functions(names, "*.inner").value() == Names{"__main__.inner"});
  CHECK(pick_functions(names, "inner").value() == Names{"__main__.inner"});
  CHECK(pick_functions(names, "views.*").error().code == Errc::not_found);
}

TEST_CASE("a name with a star is not a pattern if a function has that name") {
  const std::vector<std::string> operators = {"operator*", "operator*="};
  CHECK(pick_functions(operators, "operator*").value() == std::vector<std::string>{"operator*"});
}

TEST_CASE("a misspelt function is refused, and the nearest one is suggested") {
  CHECK(pick_function(names, "app.view.load").error().hint == "did you mean app.views.load?");
  CHECK(pick_function(names, "innre").error().hint == "did you mean inner?");
}

TEST_CASE("a whole name wins over the end of another") {
  CHECK(pick_function({"a.f", "f"}, "f").value() == "f");
}

TEST_CASE("the end of a name after two colons is enough, too") {
  CHECK(pick_function({"app::Loader::load", "main"}, "Loader::load").value() ==
        "app::Loader::load");
  CHECK(pick_function({"app::Loader::load", "main"}, "oader::load").error().code ==
        Errc::not_found);
}
