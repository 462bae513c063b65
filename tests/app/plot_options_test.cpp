#include "options/plot_options.hpp"

#include <doctest/doctest.h>

#include "captured.hpp"

using namespace mprofpp;
using namespace mprofpp::app;
using render::PictureFormat;
using render::PictureLook;

namespace {

Result<PlotRequest> request_of(const Arguments& arguments) {
  return test::filled<PlotOptions>(arguments).make();
}

Error refused(const Arguments& arguments) {
  const auto request = request_of(arguments);
  REQUIRE_FALSE(request.has_value());
  CHECK(request.error().code == Errc::invalid_argument);
  return request.error();
}

}  // namespace

TEST_CASE("without options the last run of the newest recording is drawn in the default look") {
  const auto request = request_of({}).value();
  CHECK(request.files.empty());
  CHECK(request.output.empty());
  CHECK_FALSE(request.format.has_value());
  CHECK_FALSE(request.run.has_value());
  CHECK_FALSE(request.window.has_value());
  CHECK(request.look.theme == chart::Theme::light);
  CHECK(request.chart.view == chart::View::lines);
  CHECK(request.clock == PlotRequest::Clock::none);
}

TEST_CASE("each option of plot changes what it names") {
  const auto request =
      request_of({"--title=T", "--flame", "--color=growth", "--slope", "--stack", "--theme=dark",
                  "--run=2", "--window=1,2", "--label=a", "--output=x.svg", "a.dat"})
          .value();
  CHECK(request.files == Arguments{"a.dat"});
  CHECK(request.labels == Arguments{"a"});
  CHECK(request.output == "x.svg");
  CHECK(request.run == 2);
  CHECK(request.window->from == std::chrono::seconds(1));
  CHECK(request.look.theme == chart::Theme::dark);
  CHECK(request.chart.title == "T");
  CHECK(request.chart.lanes == chart::Lanes::flame);
  CHECK(request.chart.box_colour == chart::BoxColour::growth);
  CHECK(request.chart.slope == chart::Slope::line);
  CHECK(request.chart.view == chart::View::stack);
}

TEST_CASE("--color-by process and function work without --flame, growth does not") {
  CHECK_FALSE(request_of({}).value().chart.box_colour.has_value());
  CHECK(request_of({"--color-by=process"}).value().chart.box_colour == chart::BoxColour::process);
  CHECK(request_of({"--color-by=function"}).value().chart.box_colour == chart::BoxColour::function);
  CHECK_FALSE(request_of({"--color-by=growth"}).has_value());
}

TEST_CASE("--color still takes the values that --color-by has now") {
  CHECK(request_of({"--color=process"}).value().chart.box_colour == chart::BoxColour::process);
  CHECK(request_of({"--color=function"}).value().chart.box_colour == chart::BoxColour::function);
  CHECK_FALSE(request_of({"--color=growth"}).has_value());
  for (const char* when : {"--color=auto", "--color=always", "--color=never"}) {
    CHECK_FALSE(request_of({when}).value().chart.box_colour.has_value());
    CHECK(request_of({when, "--color-by=process"}).value().chart.box_colour ==
          chart::BoxColour::process);
  }
}

TEST_CASE("with --term, --size is in characters") {
  const auto request = request_of({"--term", "--size=100x30"}).value();
  CHECK(request.terminal == PlotRequest::Terminal::always);
  CHECK(request.columns == 100);
  CHECK(request.rows == 30);
  CHECK(refused({"--term", "--size=19x30"}).place == "--size 19x30");
  CHECK(refused({"--term", "--size=501x30"}).place == "--size 501x30");
  CHECK(refused({"--term", "--size=80x0"}).place == "--size 80x0");
  CHECK(refused({"--term", "--size=80"}).hint == "write 100x30");
  CHECK(refused({"--term", "--size=80x24x"}).place == "--size 80x24x");
}

TEST_CASE("--term goes with a picture in a file, but not with one on stdout") {
  CHECK(request_of({"--term", "--output=x.png"}).value().output == "x.png");
  CHECK(refused({"--term", "--format=png", "--output=-"}).place == "--term");
  CHECK(refused({"--term", "--output=x.png", "--size=900x400"}).place == "--size 900x400");
}

TEST_CASE("--stack stacks processes, or the metrics that are joined to it with an equals sign") {
  using model::Metric;
  CHECK(request_of({"--stack"}).value().chart.total_metrics.empty());
  CHECK(request_of({"--stack", "--", "x.dat"}).value().files == Arguments{"x.dat"});
  const auto request = request_of({"--stack=anon,file"}).value();
  CHECK(request.chart.view == chart::View::stack);
  CHECK(request.chart.total_metrics == std::vector{Metric::anon, Metric::file});
  CHECK(refused({"--stack=anon,heap"}).place == "--stack heap");
  CHECK(refused({"--stack=anon", "--metric=pss"}).place == "--metric");
}

TEST_CASE("--metric takes one metric, or several that become curves of the total") {
  using model::Metric;
  const auto one = request_of({"--metric=pss"}).value();
  CHECK(one.metric == Metric::pss);
  CHECK(one.chart.total_metrics.empty());
  const auto several = request_of({"--metric=rss,pss,anon"}).value();
  CHECK_FALSE(several.metric.has_value());
  CHECK(several.chart.view == chart::View::lines);
  CHECK(several.chart.total_metrics == std::vector{Metric::rss, Metric::pss, Metric::anon});
  CHECK(refused({"--metric=rss,heap"}).place == "--metric heap");
  CHECK(refused({"--metric=rss,"}).what == "a name in the list is empty");
  CHECK(refused({"--metric=rss,pss,rss"}).what == "has a metric twice");
}

TEST_CASE("several metrics do not go with what has one metric") {
  for (const char* option : {"--stack", "--panels", "--leak", "--output=x.html", "--format=html"}) {
    CAPTURE(option);
    CHECK(request_of({"--metric=rss", option}).has_value());
    const auto error = refused({"--metric=rss,pss", option});
    CHECK(error.place == "--metric rss,pss");
    CHECK_FALSE(error.hint.empty());
  }
  CHECK(refused({"--metric=rss,pss", "--", "a.dat", "b.dat"}).place == "--metric rss,pss");
}

TEST_CASE("--stack takes a single metric, or anon, file and swap, which have no memory in common") {
  for (const char* list : {"rss", "pss", "vms", "anon", "anon,swap", "swap,file,anon"}) {
    CAPTURE(list);
    CHECK(request_of({std::string("--stack=") + list}).has_value());
  }
  for (const std::string list : {"rss,pss", "anon,rss", "rss,swap", "anon,file,anon", "rss,rss"}) {
    CAPTURE(list);
    const auto error = refused({"--stack=" + list});
    CHECK(error.place == "--stack=" + list);
    CHECK(error.what.starts_with("only anon, file and swap may be combined"));
  }
}

TEST_CASE("an empty name in the list of --stack is called so") {
  for (const std::string list : {",", "rss,,pss", "anon,", ",anon"}) {
    CAPTURE(list);
    const auto error = refused({"--stack=" + list});
    CHECK(error.place == "--stack=" + list);
    CHECK(error.what == "a name in the list is empty");
  }
}

TEST_CASE("a metric that follows --stack without an equals sign is not taken for a recording") {
  CHECK(refused({"--stack", "--", "rss", "calls.dat"}).hint == "write --stack=rss");
  CHECK(refused({"--stack", "--", "anon,file"}).hint == "write --stack=anon,file");
  CHECK(refused({"--stack", "--", "a.dat", "b.dat"}).hint.empty());
}

TEST_CASE("--metric and --limit are a metric and a size") {
  CHECK(request_of({"--metric=pss"}).value().metric == model::Metric::pss);
  CHECK_FALSE(request_of({}).value().metric.has_value());
  CHECK(refused({"--metric=heap"}).place == "--metric heap");
  CHECK(request_of({"--limit=1.5GiB"}).value().chart.limit_mib == 1536);
  CHECK(refused({"--limit=0"}).place == "--limit 0");
  CHECK(refused({"--limit=much"}).place == "--limit much");
}

TEST_CASE("--leak judges, and goes with every view that draws the curves") {
  CHECK_FALSE(request_of({}).value().leak);
  CHECK(request_of({"--leak"}).value().leak);
  CHECK(request_of({"--leak", "--flame", "--window=1,2", "a.dat"}).value().leak);
  CHECK(request_of({"--leak", "--slope", "a.dat", "b.dat"}).value().leak);
  CHECK(refused({"--leak", "--stack"}).place == "--leak");
  CHECK(refused({"--leak", "--stack=anon"}).place == "--leak");
  CHECK(refused({"--leak", "--panels"}).place == "--leak");
}

TEST_CASE("--clock and --utc show the time of day, and --utc wins") {
  CHECK(request_of({"--clock"}).value().clock == PlotRequest::Clock::local);
  CHECK(request_of({"--clock", "--utc"}).value().clock == PlotRequest::Clock::utc);
  CHECK(request_of({"--utc"}).value().chart.time == chart::TimeAxis::Kind::clock);
}

TEST_CASE("--format decides the format, even against the suffix") {
  CHECK(request_of({"--format=pdf", "--output=x.png"}).value().format == PictureFormat::pdf);
  CHECK(request_of({"--format=svg", "--output=-"}).value().format == PictureFormat::svg);
}

TEST_CASE("a picture whose format is not known is refused") {
  CHECK(refused({"--output=-"}).place == "-o -");
  CHECK(refused({"--output=x.jpg"}).place == "x.jpg");
  CHECK(refused({"--format=jpg"}).place == "--format jpg");
}

TEST_CASE("values that are not in the list are refused with the option") {
  CHECK(refused({"--theme=blue"}).place == "--theme blue");
  CHECK(refused({"--color=red", "--flame"}).place == "--color red");
  CHECK(refused({"--color-by=red", "--flame"}).place == "--color-by red");
  CHECK(refused({"--run=0"}).place == "--run 0");
  CHECK(refused({"--window=x"}).place == "--window x");
}

TEST_CASE("options that contradict each other are refused") {
  CHECK(refused({"--flame", "a.dat", "b.dat"}).place == "--flame");
  CHECK(refused({"--stack", "--", "a.dat", "b.dat"}).place == "--stack");
  CHECK(refused({"--panels", "--limit=1GiB"}).place == "--panels");
  CHECK(refused({"--panels", "--slope"}).place == "--panels");
  CHECK(refused({"--stack=anon,file", "--slope"}).place == "--slope");
  CHECK(refused({"--flame", "--no-function-ts"}).place == "--flame");
  CHECK(refused({"--color=growth"}).hint == "add --flame");
  CHECK(refused({"--label=a", "--label=b", "x.dat"}).place == "--label");
}

TEST_CASE("a size sets the width and the height in pixels and nothing else") {
  PictureLook look;
  look.dpi = 192;
  const auto sized = with_size(look, "1600x900").value();
  CHECK(sized.width == 1600);
  CHECK(sized.height == 900);
  CHECK(sized.dpi == 192);
}

TEST_CASE("a size that is not two numbers from 200 to 20000 is refused") {
  for (const char* text : {"", "x", "900", "900x", "x900", "1600x900x3", "199x900", "900x20001",
                           "-800x600", "nanx600", "800 x 600px"}) {
    CAPTURE(text);
    CHECK_FALSE(with_size({}, text).has_value());
  }
}

TEST_CASE("the number of pixels per inch is from 20 to 1200") {
  CHECK(with_dpi({}, "20").value().dpi == 20);
  CHECK(with_dpi({}, "1200").value().dpi == 1200);
  CHECK(with_dpi({}, "92.5").value().dpi == 92.5);
  for (const char* text : {"", "19", "1201", "-96", "nan", "inf", "96dpi"}) {
    CAPTURE(text);
    CHECK_FALSE(with_dpi({}, text).has_value());
  }
}
