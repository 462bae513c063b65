#include "mprofpp/render/layout.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "mprofpp/dat/lane.hpp"
#include "mprofpp/leak/leak_fold.hpp"
#include "mprofpp/render/detail/end_labels.hpp"
#include "support/contrast.hpp"
#include "support/figures.hpp"

using namespace mprofpp;
using namespace mprofpp::render;
using chart::Figure;
using chart::Theme;
using test::figure_of;

namespace {

const TableMeasure table;

void feed_calls_at_the_peak(model::Sink& sink) {
  const auto height = [](double seconds) { return 150 - 10 * std::abs(seconds - 5); };
  test::feed_samples(sink, 101, 0.1, [&](int i) { return height(i * 0.1); });
  const auto feed = [&](const std::string& name, double from, double to, int level) {
    auto made = test::call(name, from, to, level);
    made.mib_in = height(from);
    made.mib_out = height(to);
    sink.take(made);
  };
  feed("outer", 4.9, 6, 0);
  feed("middle", 4.95, 5.5, 1);
  feed("inner", 5, 5.1, 2);
}

/// Returns the figure of an hour with a sample each second, with its verdict.
Figure judged_figure_of(const std::function<double(double)>& mib) {
  const auto feed = [&](model::Sink& sink) {
    test::feed_samples(sink, 3601, 1, [&](int i) { return mib(i); });
  };
  leak::LeakFold fold;
  feed(fold);
  return chart::build({{test::history_of(feed), "label", fold.report()}}, {});
}

/// Returns the pictures that have to be readable at any size.
std::vector<std::pair<std::string, Figure>> gallery() {
  using chart::ChartOptions;
  const ChartOptions flame{.lanes = chart::Lanes::flame};
  const ChartOptions growth{.lanes = chart::Lanes::flame, .box_colour = chart::BoxColour::growth};
  const auto family = [](int n) { return [n](model::Sink& sink) { test::feed_family(sink, n); }; };
  const auto calls = [](int n, int f) {
    return [n, f](model::Sink& sink) { test::feed_calls(sink, n, f); };
  };
  return {{"growing", figure_of(test::feed_growing)},
          {"clock", figure_of(test::feed_growing,
                              {.time = chart::TimeAxis::Kind::clock, .clock_name = "+0530"})},
          {"slope", figure_of(test::feed_growing, {.slope = chart::Slope::line})},
          {"leak", judged_figure_of([](double t) { return 100 + t / 60 + std::fmod(t, 100); })},
          {"leak with a step",
           judged_figure_of([](double t) { return 100 + t / 60 + (t < 2000 ? 0 : 40); })},
          {"step", judged_figure_of([](double t) { return t < 2000 ? 100 : 20'000; })},
          {"slowing", judged_figure_of([](double t) { return 200 - 100 * std::exp(-t / 2000); })},
          {"3 children", figure_of(family(3))},
          {"60 children", figure_of(family(60))},
          {"1000 children", figure_of(family(1000))},
          {"60 panels", figure_of(family(60), {.view = chart::View::panels})},
          {"panels on a clock", figure_of(family(7), {.view = chart::View::panels,
                                                      .time = chart::TimeAxis::Kind::clock})},
          {"60 stacked", figure_of(family(60), {.view = chart::View::stack})},
          {"80 calls", figure_of(calls(80, 5))},
          {"100000 calls", figure_of(calls(100'000, 200), flame)},
          {"calls at the peak", figure_of(feed_calls_at_the_peak)},
          {"server", figure_of(test::feed_server)},
          {"server flame", figure_of(test::feed_server, flame)},
          {"server growth", figure_of(test::feed_server, growth)},
          {"nonsense", figure_of(test::feed_nonsense)},
          {"long names", figure_of(test::feed_long_names)},
          {"long names flame", figure_of(test::feed_long_names, flame)},
          {"no calls", figure_of(test::feed_growing, flame)},
          {"one sample", figure_of([](model::Sink& s) {
             s.take(model::Sample{5.5, test::after(0)});
           })},
          {"flat",
           figure_of([](model::Sink& s) { test::feed_samples(s, 9, 1, [](int) { return 64; }); })},
          {"zero",
           figure_of([](model::Sink& s) { test::feed_samples(s, 9, 1, [](int) { return 0; }); })},
          {"20 GiB", figure_of([](model::Sink& s) {
             test::feed_samples(s, 999, 173, [](int i) { return 20'000 + i * 0.3; });
           })}};
}

std::vector<Page> pages(const Figure& figure) {
  std::vector<Page> all;
  for (const auto theme : {Theme::light, Theme::dark}) {
    all.push_back({480, 270, theme});
    all.push_back({1600, 900, theme});
    all.push_back({700, 300, theme});
    all.push_back({320, 200, theme});
    all.push_back(natural_page(figure, theme));
  }
  return all;
}

struct PlacedText {
  std::string text;
  Rect place;
};

std::vector<PlacedText> texts_of(const Scene& scene) {
  std::vector<PlacedText> all;
  for (const auto& layer : scene.layers) {
    for (const auto& shape : layer.shapes) {
      const auto* label = std::get_if<Label>(&shape);
      if (label == nullptr) continue;
      const double width = table.width(label->text, label->size, label->weight);
      const double left = label->anchor == Anchor::left     ? label->at.x
                          : label->anchor == Anchor::middle ? label->at.x - width / 2
                                                            : label->at.x - width;
      // the height of letters with their descenders, not of the line
      all.push_back(
          {label->text, {left, label->at.y - label->size * 0.75, width, label->size * 0.95}});
    }
  }
  return all;
}

bool overlap(Rect a, Rect b) {
  return a.x < b.right() && b.x < a.right() && a.y < b.bottom() && b.y < a.bottom();
}

/// Returns the places of the two sides of each bracket.
std::vector<Rect> brackets_of(const Scene& scene) {
  std::vector<Rect> sides;
  for (const auto& layer : scene.layers) {
    for (const auto& shape : layer.shapes) {
      const auto* path = std::get_if<Path>(&shape);
      if (path == nullptr || !layer.clip || path->tooltip.empty()) continue;
      for (const auto& line : path->lines) {
        if (line.size() != 4 || line[1].x != line[2].x) continue;
        const double left = std::min(line[0].x, line[1].x);
        sides.push_back({left, line[0].y, std::abs(line[0].x - line[1].x), line[2].y - line[1].y});
      }
    }
  }
  return sides;
}

bool is_on(const Scene& scene, Rect place) {
  constexpr double rounding = 0.01;
  return place.x >= -rounding && place.y >= -rounding && place.right() <= scene.width + rounding &&
         place.bottom() <= scene.height + rounding;
}

bool has_text(const Scene& scene, const std::string& text) {
  const auto texts = texts_of(scene);
  return std::any_of(texts.begin(), texts.end(),
                     [&](const PlacedText& placed) { return placed.text == text; });
}

/// Runs `check` on every picture of the gallery at every size and theme.
template <class Check>
void for_each_picture(Check check) {
  for (const auto& [name, figure] : gallery()) {
    for (const auto& page : pages(figure)) {
      CAPTURE(name);
      CAPTURE(page.width);
      CAPTURE(page.height);
      check(figure, lay_out(figure, page, table));
    }
  }
}

}  // namespace

TEST_CASE("no text leaves the page") {
  for_each_picture([](const Figure&, const Scene& scene) {
    for (const auto& [text, place] : texts_of(scene)) {
      CAPTURE(text.substr(0, 100));
      CHECK(is_on(scene, place));
    }
  });
}

TEST_CASE("no two texts overlap") {
  for_each_picture([](const Figure&, const Scene& scene) {
    const auto texts = texts_of(scene);
    for (std::size_t i = 0; i < texts.size(); ++i) {
      for (std::size_t k = i + 1; k < texts.size(); ++k) {
        if (!overlap(texts[i].place, texts[k].place)) continue;
        FAIL_CHECK(texts[i].text.substr(0, 60), " overlaps ", texts[k].text.substr(0, 60));
      }
    }
  });
}

TEST_CASE("shapes without a clip are on the page, and so are the clips") {
  for_each_picture([](const Figure&, const Scene& scene) {
    for (const auto& layer : scene.layers) {
      if (layer.clip) {
        CHECK(is_on(scene, *layer.clip));
        continue;
      }
      for (const auto& shape : layer.shapes) {
        if (const auto* block = std::get_if<Block>(&shape)) CHECK(is_on(scene, block->place));
        const auto* path = std::get_if<Path>(&shape);
        if (path == nullptr) continue;
        for (const auto& line : path->lines) {
          for (const auto& dot : line) CHECK(is_on(scene, {dot.x, dot.y, 0, 0}));
        }
      }
    }
  });
}

TEST_CASE("every text stands out from the paper") {
  for_each_picture([](const Figure&, const Scene& scene) {
    for (const auto& layer : scene.layers) {
      for (const auto& shape : layer.shapes) {
        if (const auto* label = std::get_if<Label>(&shape)) {
          CHECK(test::contrast(label->paint.colour, scene.paper) >= 3);
        }
      }
    }
  });
}

TEST_CASE("a few curves are named at their ends, and no table repeats the names") {
  const auto figure = figure_of([](model::Sink& sink) { test::feed_family(sink, 3); });
  const auto scene = lay_out(figure, {1200, 540, Theme::light}, table);
  std::vector<std::string> names;
  for (const auto& layer : scene.layers) {
    for (const auto& shape : layer.shapes) {
      const auto* label = std::get_if<Label>(&shape);
      if (label != nullptr && label->text.find("cc1plus") == 0) names.push_back(label->text);
      if (label != nullptr) CHECK(label->text != "processes");
    }
  }
  CHECK(names == std::vector<std::string>{"cc1plus 103", "cc1plus 102", "cc1plus 101"});
}

TEST_CASE("names at the ends of curves move apart as little as possible") {
  CHECK(spread({10, 50, 90}, 10, 0, 100) == std::vector<double>{10, 50, 90});
  CHECK(spread({50, 50, 52}, 10, 0, 100) ==
        std::vector<double>{40 + 2.0 / 3, 50 + 2.0 / 3, 60 + 2.0 / 3});
  CHECK(spread({0, 0, 99, 99}, 10, 0, 100) == std::vector<double>{0, 10, 90, 100});
}

TEST_CASE("the label of the peak is in every picture, in full or short") {
  for_each_picture([](const Figure& figure, const Scene& scene) {
    if (!figure.panels.empty()) return;
    REQUIRE_FALSE(figure.peaks.empty());
    const auto& labels = figure.peaks[0].labels;
    CHECK(std::any_of(labels.begin(), labels.end(),
                      [&](auto& text) { return has_text(scene, text); }));
  });
}

TEST_CASE("no bracket runs through the label of the peak") {
  for_each_picture([](const Figure& figure, const Scene& scene) {
    if (!figure.panels.empty()) return;
    const auto brackets = brackets_of(scene);
    CHECK(brackets.empty() == figure.brackets.empty());
    for (const auto& [text, place] : texts_of(scene)) {
      const auto& labels = figure.peaks[0].labels;
      if (std::find(labels.begin(), labels.end(), text) == labels.end()) continue;
      for (const auto& bracket : brackets) CHECK_FALSE(overlap(place, bracket));
    }
  });
}

namespace {

/// Returns true if a line runs through a place.
bool crosses(const std::vector<Dot>& line, Rect place) {
  for (std::size_t i = 1; i < line.size(); ++i) {
    for (double share = 0; share <= 1; share += 0.002) {
      const double x = std::lerp(line[i - 1].x, line[i].x, share);
      const double y = std::lerp(line[i - 1].y, line[i].y, share);
      if (overlap({x, y, 0.1, 0.1}, place)) return true;
    }
  }
  return false;
}

/// Returns the places of the texts that have a halo, because they are among the curves, without that of the
/// first peak, which has a label whatever it hides.
std::vector<PlacedText> texts_among_curves(const Figure& figure, const Scene& scene) {
  auto texts = texts_of(Scene{.layers = {scene.layers.back()}});
  const auto& labels = figure.peaks[0].labels;
  std::erase_if(texts, [&](const PlacedText& placed) {
    return std::find(labels.begin(), labels.end(), placed.text) != labels.end();
  });
  return texts;
}

}  // namespace

TEST_CASE("no curve and no slope runs through the label of a peak or of a mark") {
  // one process is steady, another one goes up and down around it
  const auto feed = [](model::Sink& sink) {
    test::feed_header(sink, model::Children::summed_and_apart);
    for (int i = 0; i < 100; ++i) {
      const double wave = i / 5 % 2 == 0 ? 20 : 80;
      test::feed_tick(sink, i, 60, {{101, i == 70 ? 52 : 50}, {102, wave}, {103, 12}});
    }
    for (int i = 0; i < 8; ++i) sink.take(model::PointMark{test::after(12 * i), 0, "reload"});
  };
  const auto figure = figure_of(feed, {.slope = chart::Slope::line});
  for (const auto& page : pages(figure)) {
    const auto scene = lay_out(figure, page, table);
    const auto texts = texts_among_curves(figure, scene);
    CHECK_FALSE(texts.empty());
    for (const auto& layer : scene.layers) {
      for (const auto& shape : layer.shapes) {
        const auto* path = std::get_if<Path>(&shape);
        if (path == nullptr || !layer.clip) continue;
        for (const auto& [text, place] : texts) {
          CAPTURE(text);
          for (const auto& line : path->lines) CHECK_FALSE(crosses(line, place));
        }
      }
    }
  }
}

TEST_CASE("the label of a mark ends before the line of the next") {
  const auto figure = figure_of([](model::Sink& sink) {
    test::feed_growing(sink);
    sink.take(model::PointMark{test::after(4), 0, "the first of two"});
    sink.take(model::PointMark{test::after(4.1), 0, "the second"});
  });
  const auto scene = lay_out(figure, {1200, 540, Theme::light}, table);
  double second = 0;
  for (const auto& layer : scene.layers) {
    for (const auto& shape : layer.shapes) {
      const auto* path = std::get_if<Path>(&shape);
      if (path != nullptr && path->tooltip == "the second") second = path->lines[0][0].x;
    }
  }
  REQUIRE(second > 0);
  for (const auto& [text, place] : texts_of(scene)) {
    if (text == "the first of two") CHECK(place.right() < second);
  }
}

TEST_CASE("some of hundreds of marks have a line and a label, the others a notch at the axis") {
  const auto figure = figure_of([](model::Sink& sink) {
    test::feed_growing(sink);
    for (int i = 0; i < 300; ++i) {
      sink.take(model::PointMark{test::after(i * 0.03), 0, "step " + std::to_string(i)});
    }
  });
  const auto scene = lay_out(figure, {1200, 540, Theme::light}, table);
  int lines = 0;
  int notches = 0;
  for (const auto& layer : scene.layers) {
    for (const auto& shape : layer.shapes) {
      const auto* path = std::get_if<Path>(&shape);
      if (path == nullptr || !path->tooltip.starts_with("step ")) continue;
      const auto& line = path->lines[0];
      ++(line[1].y - line[0].y > 100 ? lines : notches);
    }
  }
  const auto texts = texts_of(scene);
  const auto is_mark = [](const PlacedText& placed) { return placed.text.starts_with("step "); };
  CHECK(lines + notches == 300);
  CHECK(lines > 5);
  CHECK(std::count_if(texts.begin(), texts.end(), is_mark) >= lines - 1);
}

TEST_CASE("there are ticks on both axes, unless there is only one sample") {
  for_each_picture([](const Figure& figure, const Scene& scene) {
    if (figure.time.length() == 0) return;
    CHECK(has_text(scene, figure.time_name));
    const auto texts = texts_of(scene);
    CHECK(std::count_if(texts.begin(), texts.end(), [](const PlacedText& placed) {
            return placed.text.ends_with("iB") && placed.place.x < 100;
          }) >= 1);
  });
}

TEST_CASE("a single sample is a point with its value and its time, without axes") {
  const auto figure = figure_of([](model::Sink& sink) {
    sink.take(model::Sample{12.5, test::after(0)});
  });
  const auto scene = lay_out(figure, natural_page(figure, Theme::light), table);
  CHECK(has_text(scene, "12.5 MiB"));
  CHECK(has_text(scene, "at 11:25:15"));
  for (const auto& [text, place] : texts_of(scene)) {
    CAPTURE(text);
    const bool is_heading = place.y < 100;
    CHECK((is_heading || text == "12.5 MiB" || text == "at 11:25:15"));
  }
}

TEST_CASE("the label of the kernel's peak is next to its line") {
  const auto figure = figure_of([](model::Sink& sink) {
    sink.take(model::Settings{.roots = {9}});
    sink.take(model::Process{{9, 1}, 1, test::after(0), "grow", "grow"});
    test::feed_growing(sink);
    sink.take(model::KernelPeak{9, 300, model::KernelPeak::Source::hwm});
  });
  for (const auto& page : pages(figure)) {
    const auto texts = texts_of(lay_out(figure, page, table));
    CHECK(std::any_of(texts.begin(), texts.end(), [&](const PlacedText& placed) {
      const auto& labels = figure.levels[0].labels;
      return std::find(labels.begin(), labels.end(), placed.text) != labels.end();
    }));
  }
}

TEST_CASE("a clock axis has its date") {
  const auto figure =
      figure_of(test::feed_growing, {.time = chart::TimeAxis::Kind::clock, .clock_name = "UTC"});
  for (const auto& page : pages(figure)) {
    CHECK(has_text(lay_out(figure, page, table), "20 Nov 2025, UTC"));
  }
}

TEST_CASE("a single curve needs no legend: its axis names it") {
  const auto figure = figure_of(test::feed_growing);
  const auto scene = lay_out(figure, natural_page(figure, Theme::light), table);
  CHECK(has_text(scene, "memory of grow"));
  CHECK_FALSE(has_text(scene, "processes"));
}

TEST_CASE("names are in boxes wide enough for them, and nowhere else") {
  const auto figure = figure_of(
      [](model::Sink& sink) {
        test::feed_growing(sink);
        sink.take(test::call("wide", 1, 6, 0));
        sink.take(test::call("narrow_function", 6, 6.1, 0));
      },
      {.lanes = chart::Lanes::flame});
  const auto scene = lay_out(figure, natural_page(figure, Theme::light), table);
  const auto texts = texts_of(scene);
  const auto count = [&](const std::string& text) {
    return std::count_if(texts.begin(), texts.end(),
                         [&](auto& placed) { return placed.text == text; });
  };
  CHECK(count("wide") == 2);             // in the box and in the table
  CHECK(count("narrow_function") == 1);  // in the table: the key
}

TEST_CASE("a box too narrow for a whole name shows the last part of it") {
  const auto figure = figure_of(
      [](model::Sink& sink) {
        test::feed_growing(sink);
        sink.take(test::call("application.models.query", 1, 1.6, 0));
        sink.take(test::call("application.views.query", 2, 3, 0));
        sink.take(test::call("std::sort(a.b)", 4, 4.8, 0));
      },
      {.lanes = chart::Lanes::flame});
  const auto scene = lay_out(figure, natural_page(figure, Theme::light), table);
  CHECK(has_text(scene, "query"));
  CHECK(has_text(scene, "views.query"));
  CHECK(has_text(scene, "sort(a.b)"));
}

/// Returns the picture of `count` threads that have calls on `levels` levels.
Scene threads(int count, int levels, Page page) {
  const auto figure = figure_of(
      [=](model::Sink& sink) {
        test::feed_growing(sink);
        for (int i = 0; i < count * levels; ++i) {
          auto made = test::call("f" + std::to_string(i % levels), 1, 9, i % levels);
          made.lane = dat::to_lane("t" + std::to_string(i / levels + 10));
          sink.take(made);
        }
      },
      {.lanes = chart::Lanes::flame});
  return lay_out(figure, page, table);
}

TEST_CASE("if there is no room for all lanes, some are readable and the others are counted") {
  const auto scene = threads(40, 10, {1200, 2400, Theme::light});
  CHECK(has_text(scene, "f9"));
  const auto texts = texts_of(scene);
  const auto is_count = [](const PlacedText& placed) {
    return placed.text.ends_with(" more lanes");
  };
  CHECK(std::any_of(texts.begin(), texts.end(), is_count));
}

TEST_CASE("if there is no room for all levels, the title says how many are shown") {
  const auto texts = texts_of(threads(1, 90, {400, 300, Theme::light}));
  const auto is_count = [](const PlacedText& placed) {
    return placed.text.ends_with(" of 90 levels");
  };
  CHECK(std::any_of(texts.begin(), texts.end(), is_count));
}

TEST_CASE("a few lanes are all shown, in a small picture too") {
  const auto scene = threads(3, 2, {400, 300, Theme::light});
  for (const auto* name : {"thread 10", "thread 11", "thread 12"}) CHECK(has_text(scene, name));
}

namespace {

/// Returns the figure of `count` workers with requests, eight of which run at once.
Figure workers(int count, int levels) {
  return figure_of(
      [=](model::Sink& sink) {
        test::feed_growing(sink);
        for (int i = 0; i < count * 16 * levels; ++i) {
          const int request = i / levels % 16;
          const double begin = request / 8 * 5;
          const int level = i % levels;
          auto made = test::call("f" + std::to_string(level), begin + 0.1 * level,
                                 begin + 4 - 0.1 * level, level);
          made.pid = 100 + i / levels / 16;
          made.lane = dat::to_lane("t1.k" + std::to_string(request));
          sink.take(made);
        }
      },
      {.lanes = chart::Lanes::flame, .max_tracks = 1000});
}

std::size_t processes_in(const Scene& scene) {
  const auto texts = texts_of(scene);
  return static_cast<std::size_t>(std::count_if(texts.begin(), texts.end(), [](auto& placed) {
    return placed.text.starts_with("process ");
  }));
}

}  // namespace

TEST_CASE("every worker is in the picture before any worker's second row") {
  CHECK(processes_in(lay_out(workers(20, 3), {1400, 900, Theme::light}, table)) == 20);
  CHECK(processes_in(lay_out(workers(8, 12), {1400, 900, Theme::light}, table)) == 8);
  CHECK(processes_in(lay_out(workers(4, 3), {640, 400, Theme::light}, table)) == 4);
}

TEST_CASE("if there is no room for all rows and levels, the title says how many are shown") {
  const auto title = [](const Figure& figure, Page page, const std::string& process) {
    for (const auto& placed : texts_of(lay_out(figure, page, table))) {
      if (placed.text.starts_with(process)) return placed.text;
    }
    return std::string();
  };
  const auto few = title(workers(1, 3), {1200, 380, Theme::light}, "process 100");
  CHECK(few.starts_with("process 100 · tasks · "));
  CHECK(few.ends_with(" of 8 rows"));
  const auto deep = title(workers(8, 12), {1400, 900, Theme::light}, "process 107");
  CHECK(deep.find(" of 8 rows · ") != std::string::npos);
  CHECK(deep.ends_with(" of 12 levels"));
}

TEST_CASE("a group of calls has its name although short calls without names lie on it") {
  const auto figure = figure_of(
      [](model::Sink& sink) {
        test::feed_growing(sink);
        sink.take(model::CallGroup{"search", 1, dat::to_lane("t1"), 0, test::after(0),
                                   test::after(10), 11770, 5, 1, 2, 0});
        for (int i = 0; i < 40; ++i) {
          auto alone = test::call("user", i * 0.25, i * 0.25 + 0.05, 0);
          alone.pid = 1;
          alone.lane = dat::to_lane("t1");
          sink.take(alone);
        }
      },
      {.lanes = chart::Lanes::flame});
  CHECK(has_text(lay_out(figure, natural_page(figure, Theme::light), table), "search ×11,770"));
}

TEST_CASE("a number of calls is left out if it has no room, never cut") {
  const auto figure = figure_of(
      [](model::Sink& sink) {
        test::feed_growing(sink);
        sink.take(model::CallGroup{"search", 1, dat::to_lane("t1"), 0, test::after(0),
                                   test::after(0.6), 1'234'567, 0.5, 1, 2, 0});
      },
      {.lanes = chart::Lanes::flame});
  const auto scene = lay_out(figure, natural_page(figure, Theme::light), table);
  CHECK(has_text(scene, "search"));
  for (const auto& [text, place] : texts_of(scene)) CHECK_FALSE(text.starts_with("search ×"));
}

TEST_CASE("a low picture shows the first strips, a high one all") {
  const auto figure = figure_of([](model::Sink& sink) { test::feed_calls(sink, 500, 5); });
  REQUIRE(figure.strips.size() == 5);
  const auto shown = [&](Page page) {
    const auto scene = lay_out(figure, page, table);
    return std::count_if(figure.strips.begin(), figure.strips.end(),
                         [&](const auto& strip) { return has_text(scene, strip.detail); });
  };
  const auto texts = texts_of(lay_out(figure, {600, 300, Theme::light}, table));
  const auto details = std::count_if(texts.begin(), texts.end(), [&](const PlacedText& placed) {
    return placed.text == figure.strips[0].detail;
  });
  CHECK(details >= 1);
  CHECK(details < 5);
  CHECK(shown({1200, 540, Theme::light}) == 5);
  CHECK(shown({200, 200, Theme::light}) == 0);
}

TEST_CASE("lanes make the picture higher, up to a limit") {
  const auto page_of = [](int lanes) {
    const auto figure = figure_of(
        [lanes](model::Sink& sink) {
          test::feed_growing(sink);
          for (int lane = 0; lane < lanes; ++lane) {
            auto made = test::call("f", 1, 2, 0);
            made.lane = dat::to_lane("t" + std::to_string(lane + 10));
            sink.take(made);
          }
        },
        {.lanes = chart::Lanes::flame, .max_tracks = 1000});
    return natural_page(figure, Theme::light).height;
  };
  CHECK(page_of(1) == 540);
  CHECK(page_of(20) > 900);
  CHECK(page_of(1000) == 2400);
}

TEST_CASE("the memory axis starts at zero unless all curves are far from it") {
  // the samples are from `base` to `base` + 9 MiB; the lowest tick shows where the axis starts
  const auto lowest_tick = [](double base) {
    const auto figure = figure_of([=](model::Sink& sink) {
      test::feed_samples(sink, 10, 1, [=](int i) { return base + i; });
    });
    std::string lowest;
    for (const auto& placed : texts_of(lay_out(figure, {1200, 540, Theme::light}, table))) {
      if (placed.text.ends_with(" MiB") && placed.place.right() < 90 && lowest.empty())
        lowest = placed.text;
    }
    return lowest;
  };
  CHECK(lowest_tick(2) == "2 MiB");  // the first tick after 0, which has no unit
  CHECK(lowest_tick(500) == "500 MiB");
}

TEST_CASE("an axis that does not start at zero has a mark at its foot and a note above it") {
  const auto marks = [](double base) {
    const auto figure = figure_of([=](model::Sink& sink) {
      test::feed_samples(sink, 10, 1, [=](int i) { return base + i; });
    });
    const auto scene = lay_out(figure, {1200, 540, Theme::light}, table);
    int count = 0;
    for (const auto& layer : scene.layers) {
      for (const auto& shape : layer.shapes) {
        const auto* path = std::get_if<Path>(&shape);
        if (path != nullptr && path->tooltip == "The axis does not start at zero.") ++count;
      }
    }
    CHECK(has_text(scene, "memory of MEM, not from zero") == (count == 1));
    return count;
  };
  CHECK(marks(2) == 0);
  CHECK(marks(500) == 1);
}

TEST_CASE("a low picture has the summary, but not the line below it") {
  const auto figure = figure_of(test::feed_growing);
  const auto lines = [&](double height) {
    const auto scene = lay_out(figure, {700, height, Theme::light}, table);
    return std::pair{has_text(scene, "peak 100.0 MiB · mean 50.0 MiB"),
                     has_text(scene, figure.subtitle)};
  };
  CHECK(lines(400) == std::pair{true, true});
  CHECK(lines(300) == std::pair{true, false});
}

TEST_CASE("if there is no room for the whole summary, its last parts become dots") {
  auto figure = figure_of(test::feed_growing);
  figure.summary.push_back(std::string(100, 'x'));
  CHECK(has_text(lay_out(figure, {400, 400, Theme::light}, table),
                 "peak 100.0 MiB · mean 50.0 MiB · …"));
}

TEST_CASE("a picture of a thousand children is laid out in no time") {
  const auto figure = figure_of([](model::Sink& sink) { test::feed_family(sink, 1000); });
  const auto scene = lay_out(figure, natural_page(figure, Theme::light), table);
  std::size_t shapes = 0;
  for (const auto& layer : scene.layers) shapes += layer.shapes.size();
  CHECK(shapes < 300);
}

TEST_CASE("a call and the first call in it are both visible if they start together") {
  const auto figure = figure_of([](model::Sink& sink) {
    test::feed_growing(sink);
    sink.take(test::call("outer", 2, 9, 0));
    sink.take(test::call("inner", 2, 5, 1));
  });
  REQUIRE(figure.brackets.size() == 2);
  const auto scene = lay_out(figure, {1200, 540, Theme::light}, table);
  std::vector<double> heights;
  for (const auto& layer : scene.layers) {
    for (const auto& shape : layer.shapes) {
      const auto* path = std::get_if<Path>(&shape);
      if (path == nullptr || path->lines.size() != 2 || path->lines[0].size() != 4) continue;
      if (path->tooltip.empty()) continue;
      heights.push_back(path->lines[0][3].y - path->lines[0][0].y);
    }
  }
  REQUIRE(heights.size() == 2);
  CHECK(heights[0] >= heights[1] + 4);
}
