#include "mprofpp/render/layout.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "support/figures.hpp"

using namespace mprofpp;
using namespace mprofpp::render;
using chart::Figure;
using chart::Theme;
using test::figure_of;

namespace {

const TableMeasure table;

void tell_calls_at_the_peak(model::Sink& sink) {
  const auto height = [](double seconds) { return 150 - 10 * std::abs(seconds - 5); };
  test::tell_samples(sink, 101, 0.1, [&](int i) { return height(i * 0.1); });
  const auto tell = [&](const std::string& name, double from, double to, int level) {
    auto made = test::call(name, from, to, level);
    made.mib_in = height(from);
    made.mib_out = height(to);
    sink.take(made);
  };
  tell("outer", 4.9, 6, 0);
  tell("middle", 4.95, 5.5, 1);
  tell("inner", 5, 5.1, 2);
}

/// The pictures that have to be readable, whatever their size.
std::vector<std::pair<std::string, Figure>> gallery() {
  using chart::Wanted;
  const Wanted flame{.lanes = chart::Lanes::flame};
  const Wanted growth{.lanes = chart::Lanes::flame, .box_colour = chart::BoxColour::growth};
  const auto family = [](int n) { return [n](model::Sink& sink) { test::tell_family(sink, n); }; };
  const auto calls = [](int n, int f) {
    return [n, f](model::Sink& sink) { test::tell_calls(sink, n, f); };
  };
  return {{"growing", figure_of(test::tell_growing)},
          {"clock", figure_of(test::tell_growing,
                              {.time = chart::TimeAxis::Kind::clock, .clock_name = "+0530"})},
          {"slope", figure_of(test::tell_growing, {.slope = chart::Slope::line})},
          {"3 children", figure_of(family(3))},
          {"60 children", figure_of(family(60))},
          {"1000 children", figure_of(family(1000))},
          {"60 stacked", figure_of(family(60), {.view = chart::View::stack})},
          {"80 calls", figure_of(calls(80, 5))},
          {"100000 calls", figure_of(calls(100'000, 200), flame)},
          {"calls at the peak", figure_of(tell_calls_at_the_peak)},
          {"server", figure_of(test::tell_server)},
          {"server flame", figure_of(test::tell_server, flame)},
          {"server growth", figure_of(test::tell_server, growth)},
          {"nonsense", figure_of(test::tell_nonsense)},
          {"long names", figure_of(test::tell_long_names)},
          {"long names flame", figure_of(test::tell_long_names, flame)},
          {"no calls", figure_of(test::tell_growing, flame)},
          {"one sample", figure_of([](model::Sink& s) {
             s.take(model::Sample{5.5, test::after(0)});
           })},
          {"flat",
           figure_of([](model::Sink& s) { test::tell_samples(s, 9, 1, [](int) { return 64; }); })},
          {"zero",
           figure_of([](model::Sink& s) { test::tell_samples(s, 9, 1, [](int) { return 0; }); })},
          {"20 GiB", figure_of([](model::Sink& s) {
             test::tell_samples(s, 999, 173, [](int i) { return 20'000 + i * 0.3; });
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

struct Words {
  std::string text;
  Rect place;
};

std::vector<Words> words_of(const Scene& scene) {
  std::vector<Words> all;
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

/// The two sides of the brackets, as the places they take.
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
  const auto words = words_of(scene);
  return std::any_of(words.begin(), words.end(), [&](const Words& w) { return w.text == text; });
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
    for (const auto& [text, place] : words_of(scene)) {
      CAPTURE(text.substr(0, 100));
      CHECK(is_on(scene, place));
    }
  });
}

TEST_CASE("no two texts lie over one another") {
  for_each_picture([](const Figure&, const Scene& scene) {
    const auto words = words_of(scene);
    for (std::size_t i = 0; i < words.size(); ++i) {
      for (std::size_t k = i + 1; k < words.size(); ++k) {
        if (!overlap(words[i].place, words[k].place)) continue;
        FAIL_CHECK(words[i].text.substr(0, 60), " lies over ", words[k].text.substr(0, 60));
      }
    }
  });
}

TEST_CASE("what is not clipped is on the page, and so are the clips") {
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
          CHECK(chart::contrast(label->paint.colour, scene.paper) >= 3);
        }
      }
    }
  });
}

TEST_CASE("the peak's words are in every picture, in full or short") {
  for_each_picture([](const Figure& figure, const Scene& scene) {
    REQUIRE_FALSE(figure.peaks.empty());
    const auto& texts = figure.peaks[0].texts;
    CHECK(
        std::any_of(texts.begin(), texts.end(), [&](auto& text) { return has_text(scene, text); }));
  });
}

TEST_CASE("no bracket runs through the words of the peak") {
  for_each_picture([](const Figure& figure, const Scene& scene) {
    const auto brackets = brackets_of(scene);
    CHECK(brackets.empty() == figure.brackets.empty());
    for (const auto& [text, place] : words_of(scene)) {
      const auto& texts = figure.peaks[0].texts;
      if (std::find(texts.begin(), texts.end(), text) == texts.end()) continue;
      for (const auto& bracket : brackets) CHECK_FALSE(overlap(place, bracket));
    }
  });
}

TEST_CASE("the words of a mark stand beside the line of the next") {
  const auto figure = figure_of([](model::Sink& sink) {
    test::tell_growing(sink);
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
  for (const auto& [text, place] : words_of(scene)) {
    if (text == "the first of two") CHECK(place.right() < second);
  }
}

TEST_CASE("of hundreds of marks some have a line and words, the others a notch at the axis") {
  const auto figure = figure_of([](model::Sink& sink) {
    test::tell_growing(sink);
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
  const auto words = words_of(scene);
  const auto is_mark = [](const Words& w) { return w.text.starts_with("step "); };
  CHECK(lines + notches == 300);
  CHECK(lines > 5);
  CHECK(std::count_if(words.begin(), words.end(), is_mark) >= lines - 1);
}

TEST_CASE("there are ticks on both axes") {
  for_each_picture([](const Figure& figure, const Scene& scene) {
    CHECK(has_text(scene, figure.time_name));
    const auto words = words_of(scene);
    CHECK(std::count_if(words.begin(), words.end(), [](const Words& w) {
            return w.text.ends_with("iB") && w.place.x < 100;
          }) >= 1);
  });
}

TEST_CASE("a single curve needs no legend: its axis names it") {
  const auto figure = figure_of(test::tell_growing);
  const auto scene = lay_out(figure, natural_page(figure, Theme::light), table);
  CHECK(has_text(scene, "memory of grow"));
  CHECK_FALSE(has_text(scene, "processes"));
}

TEST_CASE("names stand in boxes wide enough for them, and nowhere else") {
  const auto figure = figure_of(
      [](model::Sink& sink) {
        test::tell_growing(sink);
        sink.take(test::call("wide", 1, 6, 0));
        sink.take(test::call("narrow_function", 6, 6.1, 0));
      },
      {.lanes = chart::Lanes::flame});
  const auto scene = lay_out(figure, natural_page(figure, Theme::light), table);
  const auto words = words_of(scene);
  const auto count = [&](const std::string& text) {
    return std::count_if(words.begin(), words.end(), [&](auto& w) { return w.text == text; });
  };
  CHECK(count("wide") == 2);             // in the box and in the table
  CHECK(count("narrow_function") == 1);  // in the table: the key
}

TEST_CASE("a box too narrow for a whole name has the last part of it") {
  const auto figure = figure_of(
      [](model::Sink& sink) {
        test::tell_growing(sink);
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

/// The picture of so many threads that have calls on so many levels.
Scene threads(int count, int levels, Page page) {
  const auto figure = figure_of(
      [=](model::Sink& sink) {
        test::tell_growing(sink);
        for (int i = 0; i < count * levels; ++i) {
          auto made = test::call("f" + std::to_string(i % levels), 1, 9, i % levels);
          made.lane = "t" + std::to_string(i / levels + 10);
          sink.take(made);
        }
      },
      {.lanes = chart::Lanes::flame});
  return lay_out(figure, page, table);
}

TEST_CASE("of more lanes than have room some can be read, and the others are counted") {
  const auto scene = threads(40, 10, {1200, 2400, Theme::light});
  CHECK(has_text(scene, "f9"));
  const auto words = words_of(scene);
  const auto is_count = [](const Words& w) { return w.text.ends_with(" more lanes"); };
  CHECK(std::any_of(words.begin(), words.end(), is_count));
}

TEST_CASE("of more levels than have room the first are shown, and it is told how many") {
  const auto words = words_of(threads(1, 90, {400, 300, Theme::light}));
  const auto is_told = [](const Words& w) { return w.text.ends_with(" of 90 levels"); };
  CHECK(std::any_of(words.begin(), words.end(), is_told));
}

TEST_CASE("of few lanes all are shown, in a small picture too") {
  const auto scene = threads(3, 2, {400, 300, Theme::light});
  for (const auto* name : {"thread 10", "thread 11", "thread 12"}) CHECK(has_text(scene, name));
}

TEST_CASE("lanes make the picture higher, up to a limit") {
  const auto page_of = [](int lanes) {
    const auto figure = figure_of(
        [lanes](model::Sink& sink) {
          test::tell_growing(sink);
          for (int lane = 0; lane < lanes; ++lane) {
            auto made = test::call("f", 1, 2, 0);
            made.lane = "t" + std::to_string(lane + 10);
            sink.take(made);
          }
        },
        {.lanes = chart::Lanes::flame, .max_lanes = 1000});
    return natural_page(figure, Theme::light).height;
  };
  CHECK(page_of(1) == 540);
  CHECK(page_of(20) > 900);
  CHECK(page_of(1000) == 2400);
}

TEST_CASE("the memory axis begins at zero unless all curves are far from it") {
  // between nine MiB more than `base` and zero there are ticks, or there are none below `base`
  const auto lowest_tick = [](double base) {
    const auto figure = figure_of([=](model::Sink& sink) {
      test::tell_samples(sink, 10, 1, [=](int i) { return base + i; });
    });
    std::string lowest;
    for (const auto& words : words_of(lay_out(figure, {1200, 540, Theme::light}, table))) {
      if (words.text.ends_with(" MiB") && words.place.right() < 90 && lowest.empty())
        lowest = words.text;
    }
    return lowest;
  };
  CHECK(lowest_tick(2) == "2 MiB");  // behind the bare 0
  CHECK(lowest_tick(500) == "500 MiB");
}

TEST_CASE("a picture of a thousand children is laid out in no time") {
  const auto figure = figure_of([](model::Sink& sink) { test::tell_family(sink, 1000); });
  const auto scene = lay_out(figure, natural_page(figure, Theme::light), table);
  std::size_t shapes = 0;
  for (const auto& layer : scene.layers) shapes += layer.shapes.size();
  CHECK(shapes < 300);
}

TEST_CASE("a call and the first call in it are both seen where they begin together") {
  const auto figure = figure_of([](model::Sink& sink) {
    test::tell_growing(sink);
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
