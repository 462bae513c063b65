#include "mprofpp/render/terminal/terminal.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <regex>
#include <string>
#include <vector>

#include "mprofpp/base/text.hpp"
#include "mprofpp/base/text_width.hpp"
#include "mprofpp/render/terminal/dots.hpp"
#include "mprofpp/render/terminal/ink.hpp"
#include "support/contrast.hpp"
#include "support/figures.hpp"

using namespace mprofpp;
using namespace mprofpp::render;

namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::size_t begin = 0;
  for (auto end = text.find('\n'); end != std::string::npos; end = text.find('\n', begin)) {
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  CHECK(begin == text.size());  // each line has an end
  return lines;
}

std::string without_colours(const std::string& text) {
  return std::regex_replace(text, std::regex("\033\\[[0-9;]*m"), "");
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

chart::Figure family(int children, const chart::ChartOptions& options = {}) {
  return test::figure_of([=](model::Sink& sink) { test::feed_family(sink, children); }, options);
}

/// A server whose calls have ugly names.
void feed_ugly(model::Sink& sink) {
  sink.take(model::CommandLine{"./サーバー \033[31mred\a " + std::string(10'000, 'x')});
  test::feed_samples(sink, 100, 0.1, [](int i) { return i == 70 ? 900.0 : 100.0 + i; });
  sink.take(test::call("模块.计算", 1, 4, 0));
  sink.take(test::call("app.\033]0;title\a", 2, 3, 1));
  sink.take(test::call(std::string(10'000, 'n'), 5, 6, 0));
  std::string marks = "app.e";
  for (int i = 0; i < 5000; ++i) marks += "\u0301";
  sink.take(test::call(marks, 7, 8, 0));
  sink.take(test::call("app.🎉🎉", 8.5, 9, 0));
}

std::vector<chart::Figure> figures() {
  using chart::ChartOptions;
  return {family(0),
          family(3),
          family(60),
          family(5, {.view = chart::View::stack}),
          family(9, {.view = chart::View::panels}),
          family(3, {.limit_mib = 400.0, .slope = chart::Slope::line}),
          test::figure_of(test::feed_growing),
          test::figure_of(feed_ugly, {.calls = chart::Calls::strips}),
          test::figure_of(feed_ugly, {.lanes = chart::Lanes::flame}),
          test::figure_of(
              [](model::Sink& sink) { test::feed_samples(sink, 1, 1, [](int) { return 7; }); }),
          test::figure_of(
              [](model::Sink& sink) { test::feed_samples(sink, 9, 1, [](int) { return 0; }); }),
          test::figure_of(
              [](model::Sink& sink) { test::feed_samples(sink, 9, 1, [](int) { return 5; }); })};
}

/// Returns a figure of these calls as boxes.
chart::Figure calls_of(const std::vector<model::Call>& calls) {
  return test::figure_of(
      [&](model::Sink& sink) {
        test::feed_samples(sink, 101, 0.1, [](int) { return 100.0; });
        for (const auto& call : calls) sink.take(call);
      },
      {.lanes = chart::Lanes::flame, .box_colour = chart::BoxColour::function});
}

/// Returns the part of the lines that is right of the memory axis and above the time axis.
std::string plot_of(const std::vector<std::string>& lines) {
  std::string plot;
  for (const auto& line : lines) {
    for (const std::string axis : {"│", "┤", "|", " +"}) {
      const auto place = line.find(axis);
      if (place == std::string::npos) continue;
      plot += line.substr(place + axis.size()) + "\n";
      break;
    }
    if (has(line, "└") || has(line, "++-")) break;
  }
  return plot;
}

}  // namespace

TEST_CASE("at any size, each line fits and there are not more rows than the terminal has") {
  for (const auto& figure : figures()) {
    for (const int columns : {20, 21, 37, 60, 80, 99, 100, 139, 140, 200, 500}) {
      for (const int rows : {1, 2, 3, 4, 5, 6, 8, 11, 23, 60}) {
        for (const auto letters : {Letters::unicode, Letters::ascii}) {
          const auto text =
              draw_terminal(figure, {.columns = columns, .rows = rows, .letters = letters});
          const auto lines = lines_of(text);
          CAPTURE(columns);
          CAPTURE(rows);
          REQUIRE(static_cast<int>(lines.size()) <= rows);
          for (const auto& line : lines) {
            REQUIRE(text_width(line) <= static_cast<std::size_t>(columns));
            REQUIRE_FALSE(line.ends_with(' '));
          }
        }
      }
    }
  }
}

TEST_CASE("no control character of a name is in the text, and without colours none at all") {
  for (const auto& figure : figures()) {
    for (const auto colours :
         {TerminalColours::none, TerminalColours::sixteen, TerminalColours::many}) {
      const auto text = draw_terminal(figure, {.columns = 120, .colours = colours});
      const auto plain = colours == TerminalColours::none ? text : without_colours(text);
      CHECK(to_valid_utf8(plain) == plain);
      std::string_view rest = plain;
      while (!rest.empty()) {
        const auto code = first_code(rest);
        REQUIRE((code == U'\n' || !is_control(code)));
        rest.remove_prefix(utf8_length(rest));
      }
    }
  }
}

TEST_CASE("with ASCII letters each byte is ASCII") {
  for (const auto& figure : figures()) {
    const auto text = draw_terminal(figure, {.columns = 90, .letters = Letters::ascii});
    CHECK(std::all_of(text.begin(), text.end(),
                      [](char c) { return c == '\n' || (c >= ' ' && c <= '~'); }));
  }
}

TEST_CASE("colours are those of the terminal, and each line ends without them") {
  const auto figure = family(3);
  const auto coloured = draw_terminal(figure, {.columns = 90, .colours = TerminalColours::many});
  CHECK(has(coloured, "\033[38;5;"));
  const auto sixteen = draw_terminal(figure, {.columns = 90, .colours = TerminalColours::sixteen});
  CHECK(std::regex_search(sixteen, std::regex("\033\\[(3|9)[0-7]m")));
  CHECK_FALSE(has(sixteen, "38;5;"));
  for (const auto& line : lines_of(coloured)) {
    CHECK((!has(line, "\033[") || line.rfind("\033[0m") == line.rfind("\033[")));
  }
}

TEST_CASE("the title, the summary, the peak and the axes are in the text") {
  const auto text = draw_terminal(test::figure_of(test::feed_growing), {.columns = 80});
  CHECK(text.starts_with("./grow --fast"));
  CHECK(has(text, "peak 100.0 MiB"));
  CHECK(has(text, "100.0 MiB at 10.0 s"));
  CHECK(has(text, "50 MiB ┤"));
  CHECK(has(text, "4s"));
}

TEST_CASE("a spike of one sample is drawn, however narrow the terminal is") {
  const auto figure = test::figure_of([](model::Sink& sink) {
    test::feed_samples(sink, 5000, 0.01, [](int i) { return i == 3210 ? 500.0 : 10.0; });
  });
  for (const int columns : {20, 80, 200}) {
    const auto lines = lines_of(draw_terminal(figure, {.columns = columns, .rows = 24}));
    const auto rows_with_dots = std::count_if(lines.begin(), lines.end(), [](const auto& line) {
      return has(line, "⡇") || has(line, "⢸") || has(line, "●");
    });
    CAPTURE(columns);
    CHECK(rows_with_dots > 8);
  }
}

TEST_CASE("calls that touch each other are separate boxes, with and without colours") {
  const auto figure = calls_of({test::call("app.load", 1, 4, 0), test::call("app.load", 4, 7, 0)});
  CHECK(has(draw_terminal(figure, {.columns = 60}), "][load"));
  CHECK(has(draw_terminal(figure, {.columns = 60, .letters = Letters::ascii}), "][load"));
  const auto coloured = draw_terminal(figure, {.columns = 60, .colours = TerminalColours::many});
  CHECK(has(without_colours(coloured), "▌ load"));
}

TEST_CASE("without colours, the letters of the legend are the narrow calls") {
  std::vector<model::Call> calls = {test::call("app.load", 1, 4, 0)};
  for (const double t : {5.0, 6.0, 7.0}) calls.push_back(test::call("app.tiny", t, t + 0.05, 0));
  const auto lines = lines_of(draw_terminal(calls_of(calls), {.columns = 60}));
  const auto lane =
      std::find_if(lines.begin(), lines.end(), [](const auto& line) { return has(line, "[load"); });
  REQUIRE(lane != lines.end());
  const bool is_a = has(*lane, "A");
  CHECK(std::count(lane->begin(), lane->end(), is_a ? 'A' : 'B') == 3);
  CHECK(std::any_of(lines.begin(), lines.end(),
                    [&](const auto& line) { return has(line, is_a ? "A  tiny" : "B  tiny"); }));
}

TEST_CASE("a narrow call never hides a part of a wide one") {
  auto merged = test::call("app.many", 1, 9, 0);
  const auto figure = [&] {
    auto made = calls_of({merged, test::call("app.one", 9.5, 9.52, 0)});
    auto& boxes = made.flame->panels[0].tracks[0].boxes;
    boxes[0].is_merged = true;
    boxes[1].begin = 4;
    boxes[1].end = 4.01;
    return made;
  }();
  const auto text = draw_terminal(figure, {.columns = 60});
  CHECK(has(text, "[many──────"));
  CHECK_FALSE(has(text, "─B─"));
  CHECK_FALSE(has(text, "─A─"));
}

TEST_CASE("without colours, each area of a stack has the letter of its row in the legend") {
  const auto figure = family(8, {.view = chart::View::stack});
  for (const auto letters : {Letters::unicode, Letters::ascii}) {
    const auto lines = lines_of(draw_terminal(figure, {.columns = 80, .letters = letters}));
    const auto plot = plot_of(lines);
    const auto& rows = figure.legend.front().rows;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (rows[i].symbol != chart::Symbol::area) continue;
      CAPTURE(rows[i].name);
      CHECK(has(plot, std::string(1, static_cast<char>('a' + i))));
    }
  }
}

TEST_CASE("each curve has its letter at least once, however narrow the plot is") {
  for (const int columns : {24, 40, 80}) {
    CAPTURE(columns);
    auto figure = family(2);
    figure.peaks.clear();  // labels may cover letters
    const auto lines = lines_of(draw_terminal(figure, {.columns = columns}));
    const auto plot = plot_of(lines);
    for (const char* letter : {"a", "b"}) CHECK(has(plot, letter));
  }
}

TEST_CASE("the figures of a function are written at 80 columns, also over a strip without gaps") {
  const auto figure = test::figure_of(
      [](model::Sink& sink) {
        test::feed_samples(sink, 101, 0.1, [](int i) { return 100.0 + i; });
        sink.take(test::call("app.whole", 0, 10, 0));
        sink.take(test::call("app.load", 1, 2, 1));
      },
      {.calls = chart::Calls::strips});
  REQUIRE(figure.strips.size() == 2);
  const auto text = draw_terminal(figure, {.columns = 80});
  for (const auto& strip : figure.strips) CHECK(has(text, strip.detail));
  CHECK(has(text, "▇ " + figure.strips[0].detail + " ▇"));
}

TEST_CASE("types of objects that grow have a row of their levels") {
  const auto figure = test::figure_of([](model::Sink& sink) {
    test::feed_samples(sink, 101, 0.1, [](int i) { return 100.0 + i; });
    for (int i = 0; i < 10; ++i) {
      const auto count = static_cast<std::uint64_t>(100 + 100 * i);
      sink.take(model::ObjectCount{test::after(i), 7, "", count, 64 * count});
      sink.take(model::ObjectCount{test::after(i), 7, "app.User", count, 64 * count});
    }
  });
  const auto text = draw_terminal(figure, {.columns = 80});
  CHECK(has(text, "app.User"));
  CHECK(has(text, "▁"));
  CHECK(has(text, "▇"));
}

TEST_CASE("without colours, letters name the curves") {
  const auto text = draw_terminal(family(2), {.columns = 80});
  CHECK(has(text, "\na  total"));
  CHECK(has(text, "b  cc1plus"));
  const auto coloured =
      without_colours(draw_terminal(family(2), {.columns = 80, .colours = TerminalColours::many}));
  CHECK(has(coloured, "\n━━ total"));
}

TEST_CASE("what has no room in the legend is counted") {
  const auto figure = test::figure_of([](model::Sink& sink) {
    test::feed_header(sink, model::Children::summed_and_apart);
    std::vector<std::pair<pid_t, double>> children;
    int i = 0;
    for (const std::string name : {"ant", "bee", "cat", "dog", "elk", "fox", "gnu", "hen"}) {
      ++i;
      sink.take(model::Process{{100 + i, 2}, 100, test::after(0), name, name});
      children.emplace_back(100 + i, 10.0 * i);
    }
    for (int tick = 0; tick < 9; ++tick) test::feed_tick(sink, tick, 5, children);
  });
  CHECK(has(draw_terminal(figure, {.columns = 40, .rows = 14}), "more\n"));
  CHECK_FALSE(has(draw_terminal(figure, {.columns = 40}), "more\n"));
}

TEST_CASE("calls are lanes below the plot, with the names of their functions") {
  const auto figure = test::figure_of(feed_ugly, {.calls = chart::Calls::strips});
  REQUIRE_FALSE(figure.strips.empty());
  const auto lines = lines_of(draw_terminal(figure, {.columns = 80}));
  const auto lane = std::find_if(lines.begin(), lines.end(),
                                 [](const auto& line) { return has(line, "计算 │"); });
  REQUIRE(lane != lines.end());
  CHECK(has(*lane, "▇▇▇▇"));
  CHECK(has(*lane, "1 call"));
}

TEST_CASE("a flame has a box for each call, and edges show it where there are no colours") {
  const auto figure = test::figure_of(feed_ugly, {.lanes = chart::Lanes::flame});
  const auto plain = draw_terminal(figure, {.columns = 100});
  CHECK(has(plain, "[计算"));
  const auto coloured = draw_terminal(figure, {.columns = 100, .colours = TerminalColours::many});
  CHECK(has(coloured, "\033[38;5;"));
  CHECK(has(coloured, ";48;5;"));
}

TEST_CASE("the floors of a leak, the line through them and its rate are drawn over the curve") {
  auto figure = test::figure_of(test::feed_growing);
  figure.leaks.push_back({.hue = {chart::Hue::Role::leak},
                          .floors = {{2, 4, 10}, {4, 6, 10}},
                          .line = {{2, 10}, {10, 10}},
                          .labels = {"+3.5 MiB/h"},
                          .steps = {{5, 0, 40, "+40 MiB"}}});
  const auto text = draw_terminal(figure, {.columns = 80, .rows = 20});
  CHECK(has(text, "+3.5 MiB/h"));
  CHECK(has(text, "+40 MiB"));
  CHECK(has(text, "▲"));
  const auto coloured =
      draw_terminal(figure, {.columns = 80, .rows = 20, .colours = TerminalColours::many});
  CHECK(has(coloured, "\033[38;5;160m"));
}

TEST_CASE("a limit has a line and its size, and one above the chart only its size") {
  const auto near = draw_terminal(test::figure_of(test::feed_growing, {.limit_mib = 110.0}), {});
  CHECK(has(near, "limit 110.0 MiB"));
  CHECK(has(near, "╌╌╌╌"));
  const auto far = draw_terminal(test::figure_of(test::feed_growing, {.limit_mib = 9000.0}), {});
  CHECK(has(far, "↑ limit 8.79 GiB"));
  CHECK_FALSE(has(far, "╌╌╌╌"));
}

TEST_CASE("each colour of the 256 is visible on a black and on a white terminal") {
  const Ink ink(TerminalColours::many);
  std::vector<int> colours = {ink.muted().foreground, ink.of({chart::Hue::Role::leak}).foreground,
                              ink.of({chart::Hue::Role::rest}).foreground};
  for (std::size_t i = 0; i < chart::distinct_colours; ++i) {
    colours.push_back(ink.of(chart::numbered(i)).foreground);
  }
  for (const int colour : colours) {
    CAPTURE(colour);
    CHECK(test::contrast(terminal_colour(colour), {0, 0, 0}) >= 3);
    CHECK(test::contrast(terminal_colour(colour), {255, 255, 255}) >= 3);
  }
}

TEST_CASE("letters in boxes are readable") {
  const Ink ink(TerminalColours::many);
  std::vector<Style> styles;
  for (std::size_t i = 0; i < chart::distinct_colours; ++i) {
    styles.push_back(ink.on(chart::numbered(i)));
  }
  for (double share = -1; share <= 1; share += 0.25) styles.push_back(ink.on_growth(share));
  for (const auto& style : styles) {
    CAPTURE(style.background);
    CHECK(test::contrast(terminal_colour(style.foreground), terminal_colour(style.background)) >=
          4.5);
  }
}

TEST_CASE("a canvas never shows half of a wide character") {
  Canvas canvas(6, 1, Letters::unicode);
  canvas.put({0, 0}, "日本語", {});
  canvas.put({0, 1}, "x", {});
  CHECK(canvas.text() == " x本語\n");
  Canvas edge(3, 1, Letters::unicode);
  edge.put({0, 0}, "日本", {});
  CHECK(edge.text() == "日\n");
}

TEST_CASE("lines of dots are braille, and similar characters in ASCII") {
  Canvas canvas(4, 1, Letters::unicode);
  Dots dots(4, 1, Letters::unicode);
  DotPen pen;
  dots.add_line({0, 0}, {7, 0}, pen);
  dots.draw(canvas, {});
  CHECK(canvas.text() == "⠉⠉⠉⠉\n");
  Canvas plain(3, 1, Letters::ascii);
  Dots ascii(3, 1, Letters::ascii);
  ascii.add({0, 0}, {});
  ascii.add({1, 1}, {});
  ascii.add({2, 2}, {});
  ascii.add({9, 9}, {});
  ascii.draw(plain, {});
  CHECK(plain.text() == "'-.\n");
}

TEST_CASE("dashes are as long on a steep line as on a flat one, and go on from piece to piece") {
  const auto count = [](DotPlace to, int pieces) {
    Canvas canvas(12, 6, Letters::unicode);
    Dots dots(12, 6, Letters::unicode);
    DotPen pen{.dash = chart::Dash::dashed};
    for (int i = 0; i < pieces; ++i) {
      dots.add_line({to.x * i / pieces, to.y * i / pieces},
                    {to.x * (i + 1) / pieces, to.y * (i + 1) / pieces}, pen);
    }
    dots.draw(canvas, {});
    const auto text = canvas.text();
    std::size_t set = 0;
    for (std::size_t i = 0; i + 2 < text.size(); ++i) {
      if (text[i] != '\xe2') continue;
      const unsigned mask = (static_cast<unsigned>(text[i + 1]) & 3U) << 6U |
                            (static_cast<unsigned>(text[i + 2]) & 0x3FU);
      set += static_cast<std::size_t>(__builtin_popcount(mask));
    }
    return set;
  };
  const auto flat = count({23, 0}, 1);
  CHECK(flat == 16);  // 24 dots, of which a third are gaps
  CHECK(count({0, 23}, 1) == flat);
  CHECK(count({23, 23}, 1) == flat);
  CHECK(count({0, 23}, 23) == flat);
}

TEST_CASE("dots leave the colour of an area behind them") {
  Canvas canvas(3, 1, Letters::unicode);
  canvas.put({0, 0}, "▆", {.foreground = 33});
  canvas.put({0, 1}, "▂", {.foreground = 33, .background = 202});
  canvas.put({0, 2}, "▂", {.foreground = 33});
  Dots dots(3, 1, Letters::unicode);
  DotPen pen;
  dots.add_line({0, 0}, {5, 0}, pen);
  dots.draw(canvas, {});
  CHECK(canvas.text() == "\033[38;5;16;48;5;33m⠉\033[0m\033[38;5;16;48;5;202m⠉\033[0m⠉\n");
}

TEST_CASE("with sixteen colours, a grey area has the colour that the legend shows") {
  const Ink ink(TerminalColours::sixteen);
  for (const auto role : {chart::Hue::Role::muted, chart::Hue::Role::rest}) {
    CHECK(ink.block({role}).foreground >= 0);
    CHECK(ink.block({role}).emphasis == Emphasis::normal);
  }
  const auto figure = family(12, {.view = chart::View::stack, .max_series = 3});
  const auto text = draw_terminal(figure, {.columns = 100, .colours = TerminalColours::sixteen});
  CHECK(has(text, "\033[90m█"));
}
