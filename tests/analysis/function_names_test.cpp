#include "mprofpp/analysis/function_names.hpp"

#include <doctest/doctest.h>

using namespace mprofpp;
using namespace mprofpp::analysis;

namespace {

const std::vector<std::string> names = {"__main__.inner", "app.views.load", "app.jobs.load"};

}  // namespace

TEST_CASE("the end of a name behind a dot is enough where it is clear") {
  CHECK(pick_function(names, "inner").value() == "__main__.inner");
  CHECK(pick_function(names, "jobs.load").value() == "app.jobs.load");
  CHECK(pick_function(names, "app.views.load").value() == "app.views.load");
}

TEST_CASE("part of a word is no end of a name") {
  CHECK(pick_function(names, "nner").error().code == Errc::not_found);
}

TEST_CASE("an end that several names have is refused, with the names") {
  const auto error = pick_function(names, "load").error();
  CHECK(error.code == Errc::invalid_argument);
  CHECK(error.what.find("app.views.load") != std::string::npos);
  CHECK(error.what.find("app.jobs.load") != std::string::npos);
}

TEST_CASE("a function that is not there is answered with those that are") {
  CHECK(pick_function(names, "nosuch").error().hint.find("__main__.inner") != std::string::npos);
  CHECK(pick_function({}, "nosuch").error().code == Errc::not_found);
}

TEST_CASE("a pattern stands for all functions whose whole names fit") {
  using Names = std::vector<std::string>;
  CHECK(pick_functions(names, "app.*").value() == Names{"app.views.load", "app.jobs.load"});
  CHECK(pick_functions(names, "*.inner").value() == Names{"__main__.inner"});
  CHECK(pick_functions(names, "inner").value() == Names{"__main__.inner"});
  CHECK(pick_functions(names, "views.*").error().code == Errc::not_found);
}

TEST_CASE("a name with a star in it is a name where there is one like it") {
  const std::vector<std::string> operators = {"operator*", "operator*="};
  CHECK(pick_functions(operators, "operator*").value() == std::vector<std::string>{"operator*"});
}

TEST_CASE("a misspelt function is answered with the one that it is nearest to") {
  CHECK(pick_function(names, "app.view.load").error().hint == "did you mean app.views.load?");
  CHECK(pick_function(names, "innre").error().hint == "did you mean inner?");
}

TEST_CASE("a whole name wins over the end of another") {
  CHECK(pick_function({"a.f", "f"}, "f").value() == "f");
}

TEST_CASE("the end of a name behind two colons is enough as well") {
  CHECK(pick_function({"app::Loader::load", "main"}, "Loader::load").value() ==
        "app::Loader::load");
  CHECK(pick_function({"app::Loader::load", "main"}, "oader::load").error().code ==
        Errc::not_found);
}
